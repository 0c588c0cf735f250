"""Standard output of `spacebeam connect`: a slow reader, none, or a terminal."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import threading

import pytest

from tests.cli.program import (
    DISCONNECTED,
    PATIENCE,
    close_frame,
    command,
    flood,
    open_stream,
    peer,
    read_frame,
    read_to_end,
    read_until,
    sending,
    spacebeam,
    started,
    text_frame,
)


def test_the_time_limit_ends_a_program_whose_output_is_not_read(served: str) -> None:
    with started(
        "connect", f"{served}/flood?count=100000000", "--send", "x", "--timeout", "1.5",
        stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stderr is not None
        assert child.wait(PATIENCE) == 0
        assert child.stderr.read() == DISCONNECTED


def test_unread_output_is_waited_for_at_the_end() -> None:
    is_over = threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("x" * 100) * 2000)
        assert read_frame(connection)[0] == 8
        connection.sendall(close_frame(1000))
        read_to_end(connection)
        is_over.set()

    with (
        peer(script) as url,
        started("connect", url, "--expect", "5000", stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        begin = os.read(child.stdout.fileno(), 10)
        child.send_signal(signal.SIGINT)
        assert is_over.wait(PATIENCE)
        assert (begin + child.stdout.read()).count(b"\n") == 2000
        assert child.wait(PATIENCE) == 3


def test_a_closed_pipe_ends_the_program_without_an_error(served: str) -> None:
    with started(
        "connect", f"{served}/flood?count=100000000", "--expect", "100000000", "--json",
        stdout=subprocess.PIPE,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        assert child.stderr is not None
        assert os.read(child.stdout.fileno(), 10)
        child.stdout.close()
        assert child.stderr.read() == DISCONNECTED
        assert child.wait(PATIENCE) == 0
        child.stdout = None


def test_a_full_disk_is_reported(served: str) -> None:
    with open("/dev/full", "wb") as full:
        finished = spacebeam(
            "connect", f"{served}/echo", "--send", "hi", "--expect", "1", stdout=full
        )
    assert finished.returncode == 5
    assert b"Could not write to standard output: No space left on device." in finished.stderr


def test_a_slow_reader_makes_the_server_wait_and_loses_nothing() -> None:
    block = text_frame("x" * 100) * 1000
    blocks = 1000
    has_to_wait = threading.Event()
    taken: list[int] = []

    def script(connection: socket.socket) -> None:
        taken.append(flood(connection, block * blocks, has_to_wait))

    with (
        peer(script) as url,
        started("connect", url, "--send", "x", stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        assert has_to_wait.wait(PATIENCE)
        assert sum(1 for _line in child.stdout) == 1000 * blocks
        assert child.wait(PATIENCE) == 0
    assert taken[0] < 32 * 1024 * 1024


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_terminal_is_shown_events_with_control_characters_escaped(
    options: tuple[str, ...],
) -> None:
    screen, terminal = os.openpty()
    try:
        with peer(sending(text_frame("\x1b[31mred\x9b\u202e") + close_frame(1000))) as url:
            child = subprocess.Popen(
                command("connect", url, "--send", "x", *options),
                stdin=terminal,
                stdout=terminal,
                stderr=terminal,
                env=os.environ | {"TERM": "dumb"},
            )
            with child:
                shown = read_until(screen, b"normal closure).\r\n").decode()
                assert child.wait(PATIENCE) == 0
    finally:
        os.close(screen)
        os.close(terminal)
    assert f"Connected to {url}/" in shown
    assert ("\\u001b[31mred⟨009B⟩⟨202E⟩" if options else "␛[31mred⟨009B⟩⟨202E⟩") in shown
    assert "Closed by the server (1000, normal closure)." in shown
    assert "\x1b" not in shown


def test_the_program_runs_without_standard_streams(served: str) -> None:
    line = f'"$@" connect {served}/echo --send x --expect 1 <&- >&- 2>&-'
    finished = subprocess.run(
        ["sh", "-c", line, "sh", *command()], timeout=PATIENCE, stderr=subprocess.PIPE
    )
    assert (finished.returncode, finished.stderr) == (0, b"")
