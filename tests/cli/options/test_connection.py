"""Options of pings, pongs and close frames."""

from __future__ import annotations

import socket
from typing import Any

import cloup
import pytest

from spacebeam.cli.options.connection import close_options, connection_options, with_attempts
from spacebeam.cli.options.output import output_options, trace
from spacebeam.cli.options.values import CloseOptions
from tests.cli.program import (
    close_frame,
    open_stream,
    peer,
    read_frame,
    read_to_end,
    spacebeam,
    text_frame,
    wait_for_close,
)

_NOWHERE = "ws://example.org"


@cloup.command()
@connection_options
@output_options(trace)
def _command(**_given: Any) -> None:
    """Define a command with the options of a connection."""


def closed(*words: str) -> CloseOptions:
    """Return the close frame of a command line."""
    with _command.make_context("x", with_attempts(list(words))) as context:
        return close_options(context.params)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), CloseOptions(1000)),
        (("--close", "4000:b:ye"), CloseOptions(4000, "b:ye")),
        (("--close", "1005"), CloseOptions(1005)),
        (("--close", "1006", "--expert"), CloseOptions(1006, even_illegal=True)),
        (("--expert",), CloseOptions(even_illegal=True)),
    ],
)
def test_the_close_frame_has_the_given_code(words: tuple[str, ...], expected: CloseOptions) -> None:
    assert closed(*words) == expected


@pytest.mark.parametrize(
    ("words", "spelled"),
    [
        (["--reconnect", "ws://h"], ["--reconnect=10", "ws://h"]),
        (["ws://h", "--reconnect"], ["ws://h", "--reconnect=10"]),
        (["--reconnect", "--json"], ["--reconnect=10", "--json"]),
        (["--reconnect", "3", "ws://h"], ["--reconnect", "3", "ws://h"]),
        (["--reconnect=0", "ws://h"], ["--reconnect=0", "ws://h"]),
        (["--", "--reconnect", "x"], ["--", "--reconnect", "x"]),
    ],
)
def test_an_address_after_reconnect_is_not_its_value(words: list[str], spelled: list[str]) -> None:
    assert with_attempts(words) == spelled


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--ping", "0"], "“0” is not a number of seconds above 0."),
        (["--ping-timeout", "3"], "it needs --ping."),
        (["--close", "bye"], "“bye” is not a close code from 0 to 65535."),
        (["--close", "65536"], "“65536” is not a close code"),
        (
            ["--close", "1006"],
            "RFC 6455 forbids 1006 in a close frame; add --expert to send it anyway.",
        ),
        (["--close", "2000:x"], "RFC 6455 forbids 2000 in a close frame"),
        (["--close", "1005:x"], "RFC 6455 forbids 1005 with a reason in a close frame"),
        (["--close", "1000:" + "ü" * 62], "A close reason has at most 123 bytes."),
        (["--expert", "--close", "1000:" + "x" * 124], "A close reason has at most 123 bytes."),
        (["--reconnect=x"], "“x” is not a number of attempts."),
    ],
)
def test_bad_usage_names_the_error(arguments: list[str], message: str) -> None:
    finished = spacebeam("connect", _NOWHERE, *arguments)
    assert finished.returncode == 2
    assert finished.stderr.endswith(b"Try 'spacebeam connect --help'.\n")
    assert message in finished.stderr.decode()


def test_pings_are_sent_at_their_interval() -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        for _ in range(3):
            opcode, payload = read_frame(connection)
            received.append((opcode, payload))
            connection.sendall(bytes((0x8A, len(payload))) + payload)
        connection.sendall(text_frame("enough"))
        wait_for_close(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url, "--ping", "0.1", "--expect", "1")
    assert (finished.returncode, finished.stdout) == (0, b"enough\n")
    assert [opcode for opcode, _payload in received] == [9, 9, 9]
    assert len({payload for _opcode, payload in received}) == 3


def test_a_server_that_is_silent_after_a_ping_ends_the_connection() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_to_end(connection)

    with peer(script) as url:
        finished = spacebeam(
            "connect", url, "--ping", "0.1", "--ping-timeout", "0.2", "--send", "x"
        )
    assert finished.returncode == 3
    assert b"Timed out: the server did not answer a ping within 0.2 s (1006)." in finished.stderr


@pytest.mark.parametrize(("option", "answers"), [((), True), (("--no-pong",), False)])
def test_pings_are_answered_unless_no_pong_is_given(option: tuple[str, ...], answers: bool) -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(b"\x89\x02hi" + close_frame(1000))
        while not received or received[-1][0] != 8:
            received.append(read_frame(connection))

    with peer(script) as url:
        finished = spacebeam("connect", url, "--expect", "1", *option)
    assert finished.returncode == 3  # no expected message came
    assert ((10, b"hi") in received) is answers


@pytest.mark.parametrize(
    ("words", "payload", "answer", "code"),
    [
        ("4001:bye ü", (4001).to_bytes(2, "big") + "bye ü".encode(), close_frame(4001), 0),
        ("4001", (4001).to_bytes(2, "big"), close_frame(1000), 0),
        ("4001", (4001).to_bytes(2, "big"), close_frame(1011), 3),
        ("4001", (4001).to_bytes(2, "big"), b"", 3),
        ("1005", b"", b"\x88\x00", 0),
    ],
)
def test_the_sent_close_frame_has_the_given_code_and_reason(
    words: str, payload: bytes, answer: bytes, code: int
) -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        received.append(read_frame(connection))
        connection.sendall(answer)

    with peer(script) as url:
        finished = spacebeam("connect", url, "--close", words)
    assert received == [(8, payload)]
    assert finished.returncode == code, finished.stderr


def test_an_illegal_close_code_can_be_sent_and_its_answer_is_printed() -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        received.append(read_frame(connection))
        connection.sendall(close_frame(1002, "\x1bwhat?"))

    with peer(script) as url:
        finished = spacebeam("connect", url, "--close", "1006:x", "--expert")
    assert received == [(8, (1006).to_bytes(2, "big") + b"x")]
    assert finished.returncode == 3
    assert finished.stderr.decode() == (
        "spacebeam: Disconnected (1002, protocol error: “␛what?”).\n"
    )


def test_a_disconnect_after_a_close_with_1006_is_not_an_answer() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_frame(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url, "--close", "1006", "--expert")
    assert finished.returncode == 3
