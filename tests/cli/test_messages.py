"""Messages of commands on standard output and standard error."""

from __future__ import annotations

import subprocess
import sys

import pytest

from spacebeam.cli.messages import print_error, print_line, print_note, print_terminal_note
from tests.cli.program import PATIENCE, command


def test_an_error_names_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    print_error("It is gone.")
    assert capsys.readouterr() == ("", "spacebeam: It is gone.\n")


def test_results_are_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    print_line("Here\x07.")
    assert capsys.readouterr() == ("Here␇.\n", "")


def test_control_characters_are_visible(capsys: pytest.CaptureFixture[str]) -> None:
    print_note("a\x1b[31m\nb\u202e")
    assert capsys.readouterr().err == "a␛[31m\nb⟨202E⟩\n"


def test_notices_are_not_printed_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    print_terminal_note("Connected")
    assert capsys.readouterr().err == ""


def test_notices_are_printed_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    print_terminal_note("Connected")
    assert capsys.readouterr().err == "Connected\n"


def test_a_standard_error_that_cannot_be_written_is_no_error() -> None:
    with open("/dev/full", "wb") as full:
        finished = subprocess.run(command("info", "missing.beam"), stderr=full, timeout=PATIENCE)
    assert finished.returncode == 4


def test_without_standard_error_nothing_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    print_error("lost")
    print_terminal_note("lost")
