"""The log: records retained and printed, without secrets."""

from __future__ import annotations

import logging
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from spacebeam import log
from tests.cli.program import PATIENCE, command, peer, sending, text_frame

_log = logging.getLogger("spacebeam.net.example")


@pytest.fixture
def history(monkeypatch: pytest.MonkeyPatch) -> Iterator[log.History]:
    """Return the history of a program that has just started."""
    program = logging.getLogger("spacebeam")
    before = (program.level, program.propagate, list(program.handlers))
    program.handlers.clear()
    monkeypatch.setattr(log, "history", log.History())
    yield log.history
    program.level, program.propagate, program.handlers[:] = before


def test_the_last_thousand_records_are_retained(history: log.History) -> None:
    log.start({})
    for number in range(log.HISTORY_LINES + 5):
        _log.debug("record %d", number)
    lines = history.text().splitlines()
    assert len(lines) == log.HISTORY_LINES
    assert lines[0].endswith(" DEBUG spacebeam.net.example: record 5")


def test_an_observer_receives_each_record(history: log.History) -> None:
    log.start({})
    lines: list[str] = []
    history.observers.append(lines.append)
    _log.info("opened")
    assert [line.partition(": ")[2] for line in lines] == ["opened"]


def test_nothing_is_printed_by_default(
    history: log.History, capsys: pytest.CaptureFixture[str]
) -> None:
    log.start({})
    _log.error("broken")
    assert capsys.readouterr().err == ""


def test_a_level_is_printed(history: log.History, capsys: pytest.CaptureFixture[str]) -> None:
    log.start({log.VARIABLE: "info"})
    log.start({log.VARIABLE: "info"})  # no line twice
    _log.debug("detail")
    _log.info("opened")
    assert capsys.readouterr().err.count("\n") == 1


def test_secrets_and_control_characters_are_removed_from_a_record(history: log.History) -> None:
    log.start({})
    _log.debug("open %s", "wss://ada:s3cret@h/feed?token=s3cret&a=1")
    _log.debug("server: %s", "\x1b[2Jhello")
    assert "s3cret" not in history.text()
    assert "wss://h/feed?token=•••&a=1" in history.text()
    assert "server: ␛[2Jhello" in history.text()


@pytest.mark.parametrize(
    ("option", "environment"), [("--debug", {}), ("--verbose", {log.VARIABLE: "debug"})]
)
def test_no_secret_and_no_payload_is_in_the_log_of_a_connection(
    option: str, environment: dict[str, str]
) -> None:
    secrets = {
        *("pass-word", "bear-er", "coo-kie", "key-value", "query-value", "proxy-pass"),
        *("sent-payload", "received-payload", "close-reason"),
    }
    with peer(sending(text_frame("received-payload"))) as url:
        arguments = [
            *("connect", f"{url}/?token=query-value", option),
            *("--user", "ada:pass-word", "--cookie", "a=coo-kie"),
            *("--api-key", "X-Key=key-value", "--header", "Authorization: Bearer bear-er"),
            *("--send", "sent-payload", "--expect", "1", "--close", "1000:close-reason"),
        ]
        finished = subprocess.run(
            command(*arguments),
            env=os.environ | environment,
            capture_output=True,
            timeout=PATIENCE,
        )
    assert finished.returncode == 0
    logged = [line for line in finished.stderr.decode().splitlines() if " spacebeam." in line]
    assert any("spacebeam connect starts" in line for line in logged)
    assert not [line for line in logged if any(secret in line for secret in secrets)]


def test_the_log_of_the_window_can_be_printed(tmp_path: Path) -> None:
    without_display = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "BROADWAY_DISPLAY")
    }
    finished = subprocess.run(
        command("--debug", str(tmp_path / "a.beam")),
        env=without_display | {"GDK_BACKEND": "x11"},
        capture_output=True,
        timeout=PATIENCE,
    )
    assert finished.returncode == 1
    assert b"There is no display" in finished.stderr
