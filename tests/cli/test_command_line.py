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


_URL = "ws://example.org"


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["conect"], "No such command 'conect'. (Did you mean one of: 'connect',"),
        (["lits"], "No such command 'lits'. Did you mean 'list'?"),
        (["wss://me:secret@example.org"], "Before an address write a command: 'spacebeam connect"),
        (["--wat"], "No such option '--wat'."),
        (["connect"], "Missing argument 'URL|NAME'."),
        (["connect", _URL, "--jsom"], "No such option '--jsom'. (Did you mean one of: '--json',"),
        (["connect", _URL, "--expect"], "Option '--expect' requires an argument."),
        (["connect", _URL, "--expect", "few"], "Invalid value for '--expect': “few” is not a"),
        (["connect", _URL, "other"], "Got unexpected extra argument (other)"),
        (["connect", _URL, "--json", "--decode", "hex"], "--json and --decode cannot be used"),
        (["connect", _URL, "-H", "a"], "A header is written “Name: value”."),
        (["connect", _URL, "--expect", "a\nb\x1b"], "“a␊b␛” is not a number of messages above 0."),
        (["connect", _URL, "--close", "1006"], "RFC 6455 forbids 1006 in a close frame;"),
        (["record", _URL], "Missing argument 'FILE'."),
        (["record", _URL, "-"], "A recording needs a file."),
        (["probe", "ftp://example.org"], "Invalid value for 'URL|NAME': “ftp” is not a scheme"),
        (["list", "a.beam", "--from", "1", "--last", "2"], "--from and --last cannot be used"),
        (["search", "a.beam"], "Missing argument 'FILTER'."),
        (["search", "a.beam", "b", "--count", "--json"], "cannot be used together."),
        (["info"], "Missing argument 'FILE'."),
        (["serve", "--po", "0"], "No such option '--po'. (Did you mean one of: "),
        (["self-test", "all"], "Got unexpected extra argument (all)"),
    ],
)
def test_bad_usage_is_one_line_and_where_help_is(arguments: list[str], error: str) -> None:
    finished = spacebeam(*arguments)
    assert (finished.returncode, finished.stdout) == (2, b"")
    printed, hint = finished.stderr.decode().splitlines()
    assert printed.startswith("spacebeam: ")
    assert error in printed
    assert "secret" not in printed
    command = f" {arguments[0]}" if arguments[0] in COMMANDS else ""
    assert hint == f"Try 'spacebeam{command} --help'."


@pytest.mark.parametrize("arguments", [("connect", "--help"), ("--version",), ("serve",)])
def test_text_that_could_not_be_printed_is_an_error(arguments: tuple[str, ...]) -> None:
    with open("/dev/full", "wb") as full:
        finished = spacebeam(*arguments, stdout=full)
    assert finished.returncode == 5
    assert finished.stderr.startswith(
        b"spacebeam: Could not write to standard output: No space left on device.\n"
    )
