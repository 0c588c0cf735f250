"""`spacebeam self-test`: a line for each check, and the exit code."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

import pytest

from spacebeam.cli import command_line
from spacebeam.cli.window import SkippedError, WindowProbe
from tests.cli.program import PATIENCE, command


def _versions() -> Mapping[str, str]:
    return {"GTK": "4.8.3", "libadwaita": "1.2.2"}


def _no_display() -> str:
    raise SkippedError("no display")


def _broken() -> str:
    raise RuntimeError("it stays\x1b black")


def _without_a_word() -> str:
    raise AssertionError


def _run(capsys: pytest.CaptureFixture[str], window: WindowProbe) -> tuple[int, list[str]]:
    code = command_line.run(["self-test"], window)
    return code, capsys.readouterr().out.splitlines()


def test_every_check_passes(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = _run(capsys, WindowProbe(_versions, lambda: "opened and closed"))
    assert code == 0
    assert [line.split(":")[0] for line in lines] == [
        "ok Spacebeam",
        "ok GLib",
        "ok libsoup",
        "ok TLS",
        "ok window libraries",
        "ok window",
        "ok conversation",
    ]
    assert "ok window libraries: GTK 4.8.3, libadwaita 1.2.2" in lines
    assert "ok window: opened and closed" in lines
    assert lines[-1] == "ok conversation: text and binary echoed, closed with 1000"


def test_a_missing_display_is_not_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = _run(capsys, WindowProbe(_versions, _no_display))
    assert code == 0
    assert "skipped window: no display" in lines


def test_a_display_that_cannot_be_opened_is_not_a_failure(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, lines = _run(capsys, WindowProbe(_versions, lambda: "skipped: no display"))
    assert code == 0
    assert "skipped window: no display" in lines


def test_a_broken_window_is_a_failure_and_other_checks_run(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, lines = _run(capsys, WindowProbe(_versions, _broken))
    assert code == 1
    assert "FAILED window: it stays␛ black" in lines
    assert lines[-1].startswith("ok conversation")


def test_an_error_without_a_message_is_named_by_its_type(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _code, lines = _run(capsys, WindowProbe(_versions, _without_a_word))
    assert "FAILED window: AssertionError" in lines


def test_self_test_passes_without_a_display() -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "BROADWAY_DISPLAY")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment["GDK_BACKEND"] = "x11"
    finished = subprocess.run(
        command("self-test"), env=environment, capture_output=True, timeout=PATIENCE
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert b"skipped window: no display\n" in finished.stdout
