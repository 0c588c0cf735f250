"""`spacebeam connect --reconnect` with servers that are late, die, and come back."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading
import time

from tests.cli.program import (
    PATIENCE,
    close_frame,
    hang_up,
    interrupt,
    open_stream,
    peer,
    read_exactly,
    read_frame,
    read_request,
    read_until,
    saying,
    spacebeam,
    started,
    text_frame,
)
from tests.support.processes import free_port


def die(connection: socket.socket) -> None:
    """A peer that opens and drops the connection."""
    open_stream(connection)


def test_without_it_a_lost_connection_stays_lost() -> None:
    with peer(die, saying(text_frame("never"))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"")
    assert b"Reconnecting" not in finished.stderr


def test_what_is_expected_is_counted_over_all_connections() -> None:
    def one(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("one"))

    with peer(one, saying(text_frame("two") + text_frame("three"))) as url:
        finished = spacebeam("connect", url, "--expect", "2", "--reconnect")
    assert (finished.returncode, finished.stdout) == (0, b"one\ntwo\n")
    lost, waits, connected, *_more = finished.stderr.decode().splitlines()
    assert lost.startswith("spacebeam: Connection lost")
    assert waits == "Reconnecting in 1 s (attempt 1 of 10)"
    assert connected == f"Connected to {url}/ again."


def test_a_server_that_closes_as_usual_is_come_back_to() -> None:
    with peer(saying(close_frame(1001)), saying(text_frame("hi"))) as url:
        finished = spacebeam("connect", "--reconnect", url, "--expect", "1")
    assert (finished.returncode, finished.stdout) == (0, b"hi\n")


def test_a_server_that_comes_later_is_waited_for() -> None:
    port = free_port()
    with started(
        "connect", "--reconnect", f"ws://127.0.0.1:{port}", "--expect", "1", stdout=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        assert child.stdout is not None
        told = read_until(child.stderr.fileno(), b"(attempt 1 of 10)\n")
        assert b"Connection refused" in told
        with socket.create_server(("127.0.0.1", port)) as listener:
            listener.settimeout(PATIENCE)
            connection, _address = listener.accept()
            with connection:
                saying(text_frame("here"))(connection)
        assert child.wait(PATIENCE) == 0
        assert child.stdout.read() == b"here\n"


def test_json_tells_the_attempts() -> None:
    with peer(die, saying(text_frame("two"))) as url:
        finished = spacebeam("connect", url, "--expect", "1", "--reconnect", "2", "--json")
    entries = [json.loads(line) for line in finished.stdout.splitlines()]
    types = [entry["event"]["type"] for entry in entries if entry["kind"] == "event"]
    assert "reconnecting" in types
    assert types.count("connected") == 2


def test_after_its_attempts_it_gives_up() -> None:
    with peer(die) as url:
        finished = spacebeam("connect", url, "--reconnect", "1", "--send", "x")
    assert finished.returncode == 3
    lost, waits, refused = finished.stderr.decode().splitlines()
    assert "Connection lost" in lost
    assert waits == "Reconnecting in 1 s (attempt 1 of 1)"
    assert "Connection refused" in refused
    assert refused.endswith("Gave up reconnecting after 1 attempt.")


def test_at_the_start_it_gives_up_too() -> None:
    finished = spacebeam("connect", f"ws://127.0.0.1:{free_port()}", "--reconnect", "1")
    assert finished.returncode == 1
    assert finished.stderr.decode().endswith("Gave up reconnecting after 1 attempt.\n")


def test_who_is_not_let_in_does_not_ask_again() -> None:
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


def test_a_server_that_breaks_the_protocol_is_not_come_back_to() -> None:
    with peer(saying(b"\x83\x00")) as url:
        finished = spacebeam("connect", url, "--reconnect", "--send", "x")
    assert finished.returncode == 3
    assert b"reserved opcode 3" in finished.stderr
    assert b"Reconnecting" not in finished.stderr


def test_lines_that_come_meanwhile_wait_for_the_next_connection() -> None:
    heard: list[bytes] = []
    dropped = threading.Event()

    def first(connection: socket.socket) -> None:
        open_stream(connection)
        heard.append(read_frame(connection)[1])
        connection.close()
        dropped.set()

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        while (frame := read_frame(connection))[0] == 1:
            heard.append(frame[1])
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
    assert heard == [b"one", b"two", b"three"]


def test_a_message_that_was_cut_short_is_sent_again_whole() -> None:
    size = 32 * 1024 * 1024  # more than waits in any buffer on the way
    heard: list[int] = []

    def first(connection: socket.socket) -> None:
        open_stream(connection)
        assert len(read_exactly(connection, 100_000)) == 100_000

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        heard.extend(len(read_frame_of(connection, size)) for _ in range(2))
        assert read_frame(connection)[0] == 8
        connection.sendall(close_frame(1000))

    with peer(first, second) as url:
        finished = spacebeam(
            "connect", url, "--reconnect", "--no-compress", stdin=b"x" * size + b"\nlast"
        )
    assert finished.returncode == 0, finished.stderr
    assert heard == [size, 4]


def read_frame_of(connection: socket.socket, size: int) -> bytes:
    """A long frame's payload, still masked, or a short one's; unmasking here is slow."""
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
        assert interrupt(child) == 1


def test_what_could_not_be_sent_is_told() -> None:
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
        told = child.stderr.read()
        assert child.wait(PATIENCE) == 3
    assert b"Not everything was sent." in told


def test_the_time_is_for_everything() -> None:
    began = time.monotonic()
    finished = spacebeam(
        "connect", f"ws://127.0.0.1:{free_port()}", "--reconnect", "0", "--timeout", "1.5"
    )
    assert finished.returncode == 1
    assert b"Timed out before the connection was open." in finished.stderr
    assert 1.5 <= time.monotonic() - began < 10


def test_pings_go_on_after_a_new_connection() -> None:
    heard: list[int] = []

    def second(connection: socket.socket) -> None:
        open_stream(connection)
        heard.append(read_frame(connection)[0])
        connection.sendall(text_frame("pinged"))
        hang_up(connection)

    with peer(die, second) as url:
        finished = spacebeam("connect", url, "--reconnect", "--ping", "0.1", "--expect", "1")
    assert (finished.returncode, heard) == (0, [9])
