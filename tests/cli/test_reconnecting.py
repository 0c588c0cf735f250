"""`spacebeam connect --reconnect` with servers that start late, disconnect and return."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from tests.cli.program import (
    PATIENCE,
    close_frame,
    interrupt,
    open_stream,
    peer,
    read_exactly,
    read_frame,
    read_request,
    read_until,
    sending,
    spacebeam,
    started,
    text_frame,
    wait_for_close,
)
from tests.support.processes import free_port


def die(connection: socket.socket) -> None:
    """Open a WebSocket and disconnect without a close frame."""
    open_stream(connection)


def test_without_reconnect_a_lost_connection_ends_the_program() -> None:
    with peer(die, sending(text_frame("never"))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"")
    assert b"Reconnecting" not in finished.stderr


def test_expected_messages_are_counted_over_all_connections() -> None:
    def one(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("one"))

    with peer(one, sending(text_frame("two") + text_frame("three"))) as url:
        finished = spacebeam("connect", url, "--expect", "2", "--reconnect")
    assert (finished.returncode, finished.stdout) == (0, b"one\ntwo\n")
    lost, waits, connected, *_more = finished.stderr.decode().splitlines()
    assert lost.startswith("spacebeam: Connection lost")
    assert waits == "Reconnecting in 1 s (attempt 1 of 10)"
    assert connected == f"Connected to {url}/ again."


def test_a_normal_close_is_reconnected() -> None:
    with peer(sending(close_frame(1001)), sending(text_frame("hi"))) as url:
        finished = spacebeam("connect", "--reconnect", url, "--expect", "1")
    assert (finished.returncode, finished.stdout) == (0, b"hi\n")


def test_a_server_that_starts_later_is_waited_for() -> None:
    port = free_port()
    with started(
        "connect", "--reconnect", f"ws://127.0.0.1:{port}", "--expect", "1", stdout=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        assert child.stdout is not None
        errors = read_until(child.stderr.fileno(), b"(attempt 1 of 10)\n")
        assert b"Connection refused" in errors
        with socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(PATIENCE)
            connection, _address = listener.accept()
            with connection:
                sending(text_frame("here"))(connection)
        assert child.wait(PATIENCE) == 0
        assert child.stdout.read() == b"here\n"


def test_json_has_the_attempts() -> None:
    with peer(die, sending(text_frame("two"))) as url:
        finished = spacebeam("connect", url, "--expect", "1", "--reconnect", "2", "--json")
    entries = [json.loads(line) for line in finished.stdout.splitlines()]
    types = [entry["event"]["type"] for entry in entries if entry["kind"] == "event"]
    assert "reconnecting" in types
    assert types.count("connected") == 2


def test_reconnecting_gives_up_after_its_attempts() -> None:
    with peer(die) as url:
        finished = spacebeam("connect", url, "--reconnect", "1", "--send", "x")
    assert finished.returncode == 3
    lost, waits, refused = finished.stderr.decode().splitlines()
    assert "Connection lost" in lost
    assert waits == "Reconnecting in 1 s (attempt 1 of 1)"
    assert "Connection refused" in refused
    assert refused.endswith("Gave up reconnecting after 1 attempt.")


def test_the_first_connection_gives_up_after_its_attempts() -> None:
    finished = spacebeam("connect", f"ws://127.0.0.1:{free_port()}", "--reconnect", "1")
    assert finished.returncode == 1
    assert finished.stderr.decode().endswith("Gave up reconnecting after 1 attempt.\n")


def test_refused_credentials_are_not_retried() -> None:
    def refuse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(
            b"HTTP/1.1 401 No\r\nContent-Length: 5\r\nConnection: close\r\n\r\nnever"
        )

    with peer(refuse) as url:
        finished = spacebeam("connect", url, "--reconnect", "--send", "x")
    assert finished.returncode == 1
    assert b"Reconnecting" not in finished.stderr
    assert b"The server's answer:\nnever" in finished.stderr


def test_a_protocol_error_is_not_reconnected() -> None:
    with peer(sending(b"\x83\x00")) as url:
        finished = spacebeam("connect", url, "--reconnect", "--send", "x")
    assert finished.returncode == 3
    assert b"reserved opcode 3" in finished.stderr
    assert b"Reconnecting" not in finished.stderr


def test_lines_without_a_connection_wait_for_the_next_one() -> None:
    received: list[bytes] = []
    dropped = threading.Event()

    def first(connection: socket.socket) -> None:
        open_stream(connection)
        received.append(read_frame(connection)[1])
        connection.close()
        dropped.set()

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        while (frame := read_frame(connection))[0] == 1:
            received.append(frame[1])
        connection.sendall(close_frame(1000))

    with (
        peer(first, second) as url,
        started("connect", url, "--reconnect", stdin=subprocess.PIPE) as child,
    ):
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(b"one\n")
        child.stdin.flush()
        assert dropped.wait(PATIENCE)
        read_until(child.stderr.fileno(), b"Reconnecting")
        child.stdin.write(b"two\nthree\n")
        child.stdin.close()
        child.stdin = None
        assert child.wait(PATIENCE) == 0
    assert received == [b"one", b"two", b"three"]


def test_a_message_that_was_sent_in_part_is_sent_again_completely() -> None:
    size = 32 * 1024 * 1024  # bytes; more than all buffers in between
    received: list[int] = []

    def first(connection: socket.socket) -> None:
        open_stream(connection)
        assert len(read_exactly(connection, 100_000)) == 100_000

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        received.extend(len(read_frame_of(connection, size)) for _ in range(2))
        assert read_frame(connection)[0] == 8
        connection.sendall(close_frame(1000))

    with peer(first, second) as url:
        finished = spacebeam(
            "connect", url, "--reconnect", "--no-compress", stdin=b"x" * size + b"\nlast"
        )
    assert finished.returncode == 0, finished.stderr
    assert received == [size, 4]


def read_frame_of(connection: socket.socket, size: int) -> bytes:
    """Read a frame's payload, still masked if it is long, as unmasking is slow."""
    head = read_exactly(connection, 2)
    if head[1] & 0x7F != 127:
        return read_exactly(connection, 4 + (head[1] & 0x7F))[4:]
    assert int.from_bytes(read_exactly(connection, 8), "big") == size
    return read_exactly(connection, 4 + size)[4:]


def test_ctrl_c_ends_the_wait() -> None:
    with peer(die) as url, started("connect", url, "--reconnect", "--expect", "1") as child:
        assert child.stderr is not None
        read_until(child.stderr.fileno(), b"Reconnecting")
        assert interrupt(child) == 3


def test_ctrl_c_ends_the_wait_for_a_first_connection() -> None:
    with started("connect", f"ws://127.0.0.1:{free_port()}", "--reconnect", "0") as child:
        assert child.stderr is not None
        read_until(child.stderr.fileno(), b"Reconnecting")
        assert interrupt(child) == 130


def test_unsent_messages_are_reported() -> None:
    with (
        peer(die) as url,
        started("connect", url, "--reconnect", "0", stdin=subprocess.PIPE) as child,
    ):
        assert child.stdin is not None
        assert child.stderr is not None
        read_until(child.stderr.fileno(), b"Reconnecting")
        child.stdin.write(b"precious\n")
        child.stdin.flush()
        read_until(child.stderr.fileno(), b"(attempt 2)")
        child.send_signal(signal.SIGINT)
        errors = child.stderr.read()
        assert child.wait(PATIENCE) == 3
    assert b"Not everything was sent." in errors


def test_the_time_limit_includes_reconnecting() -> None:
    finished = spacebeam(
        "connect", f"ws://127.0.0.1:{free_port()}", "--reconnect", "0", "--timeout", "1.5"
    )
    assert finished.returncode == 1
    assert b"Timed out before the connection was open." in finished.stderr


def test_pings_continue_after_reconnecting() -> None:
    received: list[int] = []

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        received.append(read_frame(connection)[0])
        connection.sendall(text_frame("pinged"))
        wait_for_close(connection)

    with peer(die, second) as url:
        finished = spacebeam("connect", url, "--reconnect", "--ping", "0.1", "--expect", "1")
    assert (finished.returncode, received) == (0, [9])


@pytest.mark.parametrize("command", ["connect", "record"])
def test_reconnecting_gives_up_when_its_last_connection_is_closed_at_once(
    command: str, tmp_path: Path
) -> None:
    close = sending(close_frame(4401, "no token"))
    file = [str(tmp_path / "r.beam")] if command == "record" else ["--listen"]
    with peer(close, close) as url:
        finished = spacebeam(command, url, *file, "--reconnect", "1")
    assert finished.returncode == 3
    lines = finished.stderr.decode().splitlines()
    assert "4401" in lines[0]
    assert lines[1] == "Reconnecting in 1 s (attempt 1 of 1)"
    assert lines[2].startswith("Connected to ")
    assert "no token" in lines[3]
    assert lines[3].endswith("Gave up reconnecting after 1 attempt.")
