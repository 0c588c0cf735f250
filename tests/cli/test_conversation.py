"""How conversations end: every reason to leave, its words and its exit code."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading

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
    read_to_end,
    read_until,
    saying,
    spacebeam,
    started,
    text_frame,
)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    finished = spacebeam("connect", f"ws://127.0.0.1:{port}")
    assert (finished.returncode, finished.stdout) == (1, b"")
    assert finished.stderr.decode() == (
        f"spacebeam: Connection refused: no server is listening at 127.0.0.1:{port}. "
        "Check that the server is running and that the port is right.\n"
    )


def test_a_refusal_is_shown_with_the_beginning_of_its_body_and_cannot_harm() -> None:
    body = b"\x1b[31mno entry\nfor you " + b"." * 5000

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(
            b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        read_to_end(connection)

    with peer(talk) as url:
        finished = spacebeam("connect", url)
    assert finished.returncode == 1
    told = finished.stderr.decode()
    assert "refused with HTTP status 403 Forbidden" in told
    assert "check the sign-in" in told
    assert "␛[31mno entry\nfor you ..." in told
    assert "\x1b" not in told
    assert len(told) < 1500


def test_a_server_that_says_nothing_is_waited_for_as_long_as_the_timeout() -> None:
    with peer(read_to_end) as url:
        finished = spacebeam("connect", url, "--timeout", "0.3")
    assert finished.returncode == 1
    assert b"Timed out after 0.3 s" in finished.stderr


@pytest.mark.parametrize("code", [1000, 1001])
def test_a_server_that_closes_as_usual(code: int) -> None:
    with peer(saying(text_frame("hi") + close_frame(code))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"hi\n", b"")


def test_a_server_that_closes_without_a_code() -> None:
    with peer(saying(b"\x88\x00")) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stderr) == (0, b"")


def test_a_server_that_closes_with_an_error() -> None:
    with peer(saying(text_frame("hi") + close_frame(1011, "\x1bout of beans"))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert finished.stderr.decode() == (
        "spacebeam: Closed by the server (1011, internal error: “␛out of beans”).\n"
    )


def test_a_server_that_dies() -> None:
    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("hi") + b"\x81\x05he")

    with peer(talk) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"in the middle of a message" in finished.stderr


def test_a_server_that_breaks_the_protocol() -> None:
    with peer(saying(text_frame("hi") + b"\x83\x00")) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"reserved opcode 3" in finished.stderr


def test_fewer_messages_than_expected() -> None:
    with peer(saying(text_frame("hi") + close_frame(1000))) as url:
        finished = spacebeam("connect", url, "--expect", "2")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert finished.stderr == b"spacebeam: Received 1 of 2 expected messages.\n"


def test_fewer_messages_than_expected_in_time() -> None:
    with peer(saying(text_frame("hi"))) as url:
        finished = spacebeam("connect", url, "--expect", "2", "--timeout", "0.3")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"Received 1 of 2 expected messages." in finished.stderr


def test_expected_messages_that_come_with_the_close() -> None:
    with peer(saying(text_frame("a") * 3 + close_frame(1011))) as url:
        finished = spacebeam("connect", url, "--expect", "2")
    assert (finished.returncode, finished.stdout) == (0, b"a\na\n")


def test_when_the_time_is_up_it_says_goodbye() -> None:
    heard: list[tuple[int, bytes]] = []

    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        heard.extend((read_frame(connection), read_frame(connection)))
        connection.sendall(close_frame(1000))

    with peer(talk) as url:
        finished = spacebeam("connect", url, "--send", "x", "--timeout", "0.3")
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert heard == [(1, b"x"), (8, (1000).to_bytes(2, "big"))]


def test_the_time_bounds_even_a_goodbye_that_is_not_answered() -> None:
    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        read_to_end(connection)

    with peer(talk) as url:
        finished = spacebeam("connect", url, "--send", "x", "--timeout", "0.3")
    assert finished.returncode == 0
    assert finished.stderr == b"spacebeam: The server did not answer the close frame in time.\n"


def test_a_server_that_does_not_read_gets_not_everything() -> None:
    left = threading.Event()

    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        left.wait(PATIENCE)

    with peer(talk) as url:
        lines = (b"x" * 1000 + b"\n") * 20_000
        finished = spacebeam("connect", url, "--timeout", "1", stdin=lines)
        left.set()
    assert finished.returncode == 3
    assert b"Timed out before everything was sent." in finished.stderr


def test_a_person_who_types_nothing_leaves_nothing_unsent(served: str) -> None:
    with started("connect", f"{served}/echo", "--timeout", "0.3", stdin=subprocess.PIPE) as child:
        assert child.stderr is not None
        assert child.wait(PATIENCE) == 0
        assert child.stderr.read() == b""


def test_a_message_that_has_begun_is_finished_before_the_close() -> None:
    size = 32 * 1024 * 1024  # more than waits in any buffer on the way
    is_leaving = threading.Event()
    heard: list[tuple[int, bytes]] = []

    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        head = read_exactly(connection, 14)
        assert int.from_bytes(head[2:10], "big") == size
        connection.sendall(text_frame("enough"))
        assert is_leaving.wait(PATIENCE)
        assert len(read_exactly(connection, size)) == size
        heard.append(read_frame(connection))
        connection.sendall(close_frame(1000))

    with (
        peer(talk) as url,
        started(
            "connect", url, "--expect", "1", stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(b"x" * size + b"\n")
        child.stdin.flush()
        read_until(child.stdout.fileno(), b"enough\n")
        is_leaving.set()
        assert child.wait(PATIENCE) == 0
    assert heard == [(8, (1000).to_bytes(2, "big"))]


def test_ctrl_c_closes_with_1000() -> None:
    heard: list[tuple[int, bytes]] = []

    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("ready"))
        heard.append(read_frame(connection))
        connection.sendall(text_frame("bye") + close_frame(1000))

    with (
        peer(talk) as url,
        started("connect", url, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"ready\n")
        assert interrupt(child) == 0
        assert child.stdout.read() == b"bye\n"
    assert heard == [(8, (1000).to_bytes(2, "big"))]


def test_a_second_ctrl_c_does_not_wait_for_the_server() -> None:
    closing = threading.Event()

    def talk(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("ready"))
        read_frame(connection)
        closing.set()
        read_to_end(connection)

    with (
        peer(talk) as url,
        started("connect", url, "--expect", "5", stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"ready\n")
        child.send_signal(signal.SIGINT)
        assert closing.wait(PATIENCE)
        assert interrupt(child) == -signal.SIGINT


def test_ctrl_c_while_connecting() -> None:
    asked = threading.Event()

    def talk(connection: socket.socket) -> None:
        read_request(connection)
        asked.set()
        read_to_end(connection)

    with peer(talk) as url, started("connect", url) as child:
        assert asked.wait(PATIENCE)
        assert interrupt(child) == 1


def test_sigterm_is_a_goodbye_too(served: str) -> None:
    with started(
        "connect", f"{served}/ticker?interval=20", "--send", "x", stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"\n")
        child.terminate()
        assert child.wait(PATIENCE) == 0


def test_a_line_that_is_not_utf8_is_not_sent_but_those_before_are(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--json", stdin=b"ok\n\xff\nnever\n")
    assert finished.returncode == 2
    assert b"Line 2 of standard input is not UTF-8; --binary sends bytes." in finished.stderr
    assert b'"sent", "kind": "text", "text": "ok"' in finished.stdout
    assert b"never" not in finished.stdout


def test_a_line_that_is_not_in_its_form_is_named(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--binary", "hex", stdin=b"00\n0g\n")
    assert finished.returncode == 2
    assert "Line 2 of standard input: “0g” is not hexadecimal." in finished.stderr.decode()


def test_a_long_message_is_sent_whole_although_standard_input_ends(served: str) -> None:
    line = b"x" * 3_000_000
    finished = spacebeam("connect", f"{served}/echo", "--expect", "1", stdin=line)
    assert (finished.returncode, finished.stdout) == (0, line + b"\n")
