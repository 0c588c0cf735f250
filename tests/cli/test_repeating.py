"""`spacebeam connect --repeat-every` sends the same again and again, and counts it."""

from __future__ import annotations

import socket

import pytest

from tests.cli.program import (
    DISCONNECTED,
    interrupt,
    open_stream,
    peer,
    read_frame,
    read_until,
    spacebeam,
    started,
    text_frame,
    wait_for_close,
)
from tests.support.listener import listener
from tests.support.restartable_server import restartable_server

EVERY = ("--repeat-every", "0.005")


def test_messages_are_sent_in_a_row_with_a_running_number() -> None:
    with restartable_server() as server:
        arguments = ("--send", "a {{$seq}}", "--send", "b", *EVERY, "--repeat-times", "3")
        finished = spacebeam("connect", server.url, *arguments, "--expect", "6")
    assert finished.stdout == b"a 1\nb\na 2\nb\na 3\nb\n"
    assert finished.returncode == 0
    assert (
        finished.stderr.endswith(b"3 of 3 sent.\n" + DISCONNECTED) or b"skipped" in finished.stderr
    )


def test_bytes_are_repeated_too() -> None:
    with listener() as server:
        arguments = ("--send", "00 ff", "--binary", "hex", *EVERY, "--repeat-times", "2")
        finished = spacebeam("connect", server.url, *arguments, "--timeout", "1")
        assert server.messages == [b"\x00\xff"] * 2
    assert finished.returncode == 0


def test_without_a_number_it_goes_on_until_it_is_interrupted() -> None:
    with listener() as server, started("connect", server.url, "--send", "beat", *EVERY) as child:
        assert child.stderr is not None
        while len(server.messages) < 3:
            assert child.poll() is None
        interrupt(child)
        words = read_until(child.stderr.fileno(), DISCONNECTED)
        assert child.wait(20) == 0
        assert b" sent" in words
        assert b" of " not in words


def test_fewer_times_than_wanted_are_no_success() -> None:
    with listener() as server:
        arguments = ("--send", "x", "--repeat-every", "60", "--repeat-times", "2")
        finished = spacebeam("connect", server.url, *arguments, "--timeout", "0.5")
    assert finished.returncode == 3
    assert b"1 of 2 sent.\n" in finished.stderr
    assert b"Timed out before everything was sent." in finished.stderr


def test_an_endless_repetition_may_be_ended_by_time() -> None:
    with listener() as server:
        finished = spacebeam("connect", server.url, "--send", "x", *EVERY, "--timeout", "0.5")
    assert finished.returncode == 0


def test_a_server_that_closes_too_early_cuts_it_short() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_frame(connection)
        connection.sendall(text_frame("bye") + b"\x88\x02\x03\xe8")
        wait_for_close(connection)

    with peer(script) as url:
        arguments = ("--send", "x", "--repeat-every", "60", "--repeat-times", "2")
        finished = spacebeam("connect", url, *arguments)
    assert (finished.returncode, finished.stdout) == (3, b"bye\n")
    assert b"Not everything was sent." in finished.stderr


def test_it_goes_on_after_reconnecting() -> None:
    with restartable_server() as server:
        arguments = ("--reconnect", "--send", "{{$seq}}", *EVERY)
        with started("connect", server.url, *arguments) as child:
            while not server.messages:
                assert child.poll() is None
            server.disconnect_clients()
            while len(server.clients) < 2 or server.messages[-1] == "1":
                assert child.poll() is None
            before = len(server.messages)
            while len(server.messages) < before + 3:
                assert child.poll() is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (EVERY, "--repeat-every needs something to send, as --send."),
        (("--send", "x", "--repeat-times", "3"), "--repeat-times needs --repeat-every."),
        (("--send", "x", "--repeat-every", "0"), "is not a number of seconds above 0"),
        (("--send", "x", "--repeat-every", "1e-9"), "is not between 0.001 s and 86,400 s"),
    ],
)
def test_what_cannot_be_repeated_is_bad_usage(arguments: tuple[str, ...], words: str) -> None:
    finished = spacebeam("connect", "ws://127.0.0.1:9", *arguments)
    assert finished.returncode == 2
    assert words in finished.stderr.decode()
