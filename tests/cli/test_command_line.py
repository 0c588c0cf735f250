"""The command line: help and bad usage."""

from __future__ import annotations

import pytest

from spacebeam.cli.command_line import COMMANDS
from tests.cli.program import spacebeam


def test_the_help_names_every_command() -> None:
    finished = spacebeam("--help")
    assert finished.returncode == 0
    for name in COMMANDS:
        assert f"\n  {name}" in finished.stdout.decode()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_its_exit_codes(name: str) -> None:
    finished = spacebeam(name, "--help")
    assert finished.returncode == 0
    assert b"exit codes" in finished.stdout


def test_an_unknown_command_is_bad_usage() -> None:
    finished = spacebeam("conect")
    assert finished.returncode == 2
    assert finished.stderr.startswith(b"Usage: spacebeam")
    assert b"spacebeam: No such command 'conect'. Did you mean 'connect'?" in finished.stderr


def test_options_are_not_abbreviated() -> None:
    finished = spacebeam("serve", "--po", "0")
    assert finished.returncode == 2
    assert (
        b"No such option '--po'. (Did you mean one of: '--help', '--host', '--port'?)"
        in finished.stderr
    )
    assert finished.stderr.endswith("Try “spacebeam serve --help”.\n".encode())


def test_a_missing_address_is_bad_usage() -> None:
    finished = spacebeam("connect")
    assert finished.returncode == 2
    assert b"Missing argument 'URL'." in finished.stderr


def test_help_in_a_closed_pipe_ends_without_an_error() -> None:
    with open("/dev/full", "wb") as full:
        assert spacebeam("connect", "--help", stdout=full).stderr == b""
