"""`-u USER` asks for the password on a real terminal."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cli.program import PATIENCE, command, read_until
from tests.support.raw_server import header, raw_server
from tests.support.sign_in_servers import refusing


@contextmanager
def on_terminal(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """Run `spacebeam` with a terminal and with a pipe as its standard input."""
    keyboard, terminal = os.openpty()
    child = subprocess.Popen(
        command(*arguments),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(terminal, termios.TIOCSCTTY, 0),
    )
    try:
        yield child, keyboard
    finally:
        child.kill()
        child.communicate(timeout=PATIENCE)
        os.close(keyboard)
        os.close(terminal)


def test_a_missing_password_is_typed_without_echo() -> None:
    requests: list[bytes] = []
    with raw_server(refusing(requests)) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        with on_terminal("probe", address, "-u", "üser") as (child, keyboard):
            assert read_until(keyboard, b": ").decode() == "Password of “üser”: "
            os.write(keyboard, "pä:ss\n".encode())
            output, errors = child.communicate(timeout=PATIENCE)
            assert read_until(keyboard, b"\n") == b"\r\n"
    assert child.returncode == 1
    assert header(requests[0], "Authorization") == "Basic w7xzZXI6cMOkOnNz"
    assert "pä:ss".encode() not in output + errors


def test_nothing_is_sent_when_no_password_is_typed() -> None:
    requests: list[bytes] = []
    with raw_server(refusing(requests)) as server:
        address = f"ws://127.0.0.1:{server.port}/"
        with on_terminal("probe", address, "-u", "ada") as (child, keyboard):
            read_until(keyboard, b": ")
            os.write(keyboard, b"\x04")  # Ctrl+D
            assert child.wait(PATIENCE) == 2
    assert requests == []


def test_without_a_terminal_a_missing_password_is_bad_usage() -> None:
    finished = subprocess.run(
        [sys.executable, "-m", "spacebeam", "probe", "ws://127.0.0.1:9/", "-u", "ada"],
        input=b"secret\n",
        capture_output=True,
        timeout=PATIENCE,
        start_new_session=True,
    )
    assert finished.returncode == 2
    assert "there is no terminal to ask for the password on" in finished.stderr.decode()


_OAUTH = ("--oauth2-token-url", "http://127.0.0.1:9/", "--oauth2-client-id", "desk")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (("--aws-sigv4", "aws:amz:x:y", "-u", "AKIDEXAMPLE"), "Secret access key of “AKIDEXAMPLE”"),
        ((*_OAUTH, "--oauth2-grant", "client"), "Client secret of “desk”"),
        (
            (*_OAUTH, "--oauth2-client-secret", "s", "--oauth2-query", "t", "-u", "ada"),
            "Password of “ada”",
        ),
    ],
)
def test_each_sign_in_asks_for_its_own_secret(words: tuple[str, ...], asked: str) -> None:
    with on_terminal("probe", "ws://127.0.0.1:9/", *words) as (child, keyboard):
        assert read_until(keyboard, b": ").decode() == f"{asked}: "
        os.write(keyboard, b"secret\n")
        assert child.wait(PATIENCE) == 1


def test_without_a_terminal_a_missing_client_secret_names_its_option() -> None:
    finished = subprocess.run(
        command("probe", "ws://127.0.0.1:9/", *_OAUTH, "--oauth2-grant", "client"),
        capture_output=True,
        timeout=PATIENCE,
        start_new_session=True,
    )
    assert finished.returncode == 2
    assert "'--oauth2-client-secret': there is no terminal to ask for the client secret on" in (
        finished.stderr.decode()
    )


def test_an_empty_password_is_not_asked_for() -> None:
    requests: list[bytes] = []
    with raw_server(refusing(requests)) as server:
        finished = subprocess.run(
            command("probe", f"ws://127.0.0.1:{server.port}/", "-u", "ada:"),
            capture_output=True,
            timeout=PATIENCE,
            start_new_session=True,
        )
    assert finished.returncode == 1
    assert header(requests[0], "Authorization") == "Basic YWRhOg=="
