"""The ends of `spacebeam connect`: each reason, its sentence and its exit code."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import threading

import pytest

from tests.cli.program import (
    DISCONNECTED,
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
    sending,
    spacebeam,
    started,
    text_frame,
    wait_for_close,
)


def test_a_refused_connection_exits_with_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    finished = spacebeam("connect", f"ws://127.0.0.1:{port}")
    assert (finished.returncode, finished.stdout) == (1, b"")
    assert finished.stderr.decode() == (
        f"spacebeam: Connection refused: no server is listening at 127.0.0.1:{port}. "
        "Check that the server is running and that the port is right.\n"
    )


def test_a_refusal_is_printed_with_the_beginning_of_its_body_escaped() -> None:
    body = b"\x1b[31mno entry\nfor you " + b"." * 5000

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(
            b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        read_to_end(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url)
    assert finished.returncode == 1
    errors = finished.stderr.decode()
    assert "refused with HTTP status 403 Forbidden" in errors
    assert "check the sign-in" in errors
    assert "␛[31mno entry\nfor you ..." in errors
    assert "\x1b" not in errors
    assert len(errors) < 1500


def test_a_server_that_never_responds_times_out() -> None:
    with peer(read_to_end) as url:
        finished = spacebeam("connect", url, "--timeout", "0.3")
    assert finished.returncode == 1
    assert b"Timed out after 0.3 s" in finished.stderr


@pytest.mark.parametrize("options", [(), ("--json",)])
@pytest.mark.parametrize(
    ("close", "words", "event"),
    [
        (
            close_frame(1000, "bye"),
            "Closed by the server (1000, normal closure: “bye”).",
            {"cause": "close-frame", "code": 1000, "reason": "bye", "closed_by": "received"},
        ),
        (
            close_frame(1001, "idle timeout"),
            "Closed by the server (1001, going away: “idle timeout”).",
            {"cause": "close-frame", "code": 1001, "reason": "idle timeout"},
        ),
        (
            b"\x88\x00",
            "Closed by the server (no status code).",
            {"cause": "close-frame", "code": 1005},
        ),
    ],
)
def test_a_normal_close_by_the_server_is_told_and_exits_with_0(
    options: tuple[str, ...], close: bytes, words: str, event: dict[str, object]
) -> None:
    with peer(sending(text_frame("hi") + close)) as url:
        finished = spacebeam("connect", url, "--send", "x", *options)
    assert (finished.returncode, finished.stderr.decode()) == (0, f"{words}\n")
    if options:
        last = json.loads(finished.stdout.splitlines()[-1])
        assert (last["kind"], last["event"]["type"]) == ("event", "closed")
        assert last["event"].items() >= event.items()
    else:
        assert finished.stdout == b"hi\n"


def test_an_end_without_a_close_frame_is_told_as_1006_to_a_program() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url, "--send", "x", "--json")
    assert finished.returncode == 3
    assert finished.stderr.decode() == (
        "spacebeam: Connection lost: the server closed it without a close frame (1006).\n"
    )
    closed = json.loads(finished.stdout.splitlines()[-1])["event"]
    assert closed == {"type": "closed", "cause": "stream-closed", "code": 1006}


def test_a_failed_connection_is_told_to_a_program() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    finished = spacebeam("connect", f"ws://127.0.0.1:{port}", "--json")
    assert finished.returncode == 1
    entry = json.loads(finished.stdout)
    assert (entry["direction"], entry["kind"]) == ("none", "event")
    assert entry["event"]["type"] == "connect-failed"
    assert entry["event"]["failure"]["cause"] == "refused"


def test_a_close_with_an_error_code_exits_with_3() -> None:
    with peer(sending(text_frame("hi") + close_frame(1011, "\x1bout of beans"))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert finished.stderr.decode() == (
        "spacebeam: Closed by the server (1011, internal error: “␛out of beans”).\n"
    )


@pytest.mark.parametrize("code", [1000, 1011])
def test_a_close_reason_forges_no_line(code: int) -> None:
    with peer(sending(close_frame(code, "a”).\nspacebeam: b"))) as url:
        finished = spacebeam("connect", url, "--send", "x")
    (line,) = finished.stderr.decode().splitlines()
    assert line.endswith("“a”).␊spacebeam: b”).")


def test_a_lost_connection_exits_with_3() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("hi") + b"\x81\x05he")

    with peer(script) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"in the middle of a message" in finished.stderr


def test_a_protocol_error_exits_with_3() -> None:
    with peer(sending(text_frame("hi") + b"\x83\x00")) as url:
        finished = spacebeam("connect", url, "--send", "x")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"reserved opcode 3" in finished.stderr


def test_fewer_messages_than_expected() -> None:
    with peer(sending(text_frame("hi") + close_frame(1000))) as url:
        finished = spacebeam("connect", url, "--expect", "2")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert finished.stderr == (
        b"Closed by the server (1000, normal closure).\n"
        b"spacebeam: Received 1 of 2 expected messages.\n"
    )


def test_fewer_messages_than_expected_in_time() -> None:
    with peer(sending(text_frame("hi"))) as url:
        finished = spacebeam("connect", url, "--expect", "2", "--timeout", "1.5")
    assert (finished.returncode, finished.stdout) == (3, b"hi\n")
    assert b"Received 1 of 2 expected messages." in finished.stderr


def test_expected_messages_that_come_with_the_close() -> None:
    with peer(sending(text_frame("a") * 3 + close_frame(1011))) as url:
        finished = spacebeam("connect", url, "--expect", "2")
    assert (finished.returncode, finished.stdout) == (0, b"a\na\n")


def test_a_close_frame_is_sent_at_the_time_limit() -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        received.extend((read_frame(connection), read_frame(connection)))
        connection.sendall(close_frame(1000))

    with peer(script) as url:
        finished = spacebeam("connect", url, "--send", "x", "--timeout", "1.5")
    assert (finished.returncode, finished.stderr) == (0, DISCONNECTED)
    assert received == [(1, b"x"), (8, (1000).to_bytes(2, "big"))]


def test_the_time_limit_includes_an_unanswered_close() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_to_end(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url, "--send", "x", "--timeout", "1.5")
    assert finished.returncode == 0
    assert finished.stderr == b"spacebeam: The server did not answer the close frame in time.\n"


def test_unsent_messages_at_the_time_limit_are_reported() -> None:
    left = threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        left.wait(PATIENCE)

    with peer(script) as url:
        lines = (b"x" * 1000 + b"\n") * 20_000
        finished = spacebeam("connect", url, "--timeout", "1", stdin=lines)
        left.set()
    assert finished.returncode == 3
    assert b"Timed out before everything was sent." in finished.stderr


def test_standard_input_without_lines_leaves_nothing_unsent(served: str) -> None:
    with started("connect", f"{served}/echo", "--timeout", "1.5", stdin=subprocess.PIPE) as child:
        assert child.stderr is not None
        assert child.wait(PATIENCE) == 0
        assert child.stderr.read() == DISCONNECTED


def test_a_begun_message_is_sent_completely_before_the_close() -> None:
    size = 32 * 1024 * 1024  # bytes; more than all buffers in between
    is_leaving = threading.Event()
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        head = read_exactly(connection, 14)
        assert int.from_bytes(head[2:10], "big") == size
        connection.sendall(text_frame("enough"))
        assert is_leaving.wait(PATIENCE)
        assert len(read_exactly(connection, size)) == size
        received.append(read_frame(connection))
        connection.sendall(close_frame(1000))

    with (
        peer(script) as url,
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
    assert received == [(8, (1000).to_bytes(2, "big"))]


def test_ctrl_c_closes_with_1000() -> None:
    received: list[tuple[int, bytes]] = []

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("ready"))
        received.append(read_frame(connection))
        connection.sendall(text_frame("bye") + close_frame(1000))

    with (
        peer(script) as url,
        started("connect", url, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"ready\n")
        assert interrupt(child) == 0
        assert child.stdout.read() == b"bye\n"
    assert received == [(8, (1000).to_bytes(2, "big"))]


def test_a_second_ctrl_c_does_not_wait_for_the_server() -> None:
    closing = threading.Event()

    def script(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("ready"))
        read_frame(connection)
        closing.set()
        read_to_end(connection)

    with (
        peer(script) as url,
        started("connect", url, "--expect", "5", stdout=subprocess.PIPE) as child,
    ):
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"ready\n")
        child.send_signal(signal.SIGINT)
        assert closing.wait(PATIENCE)
        assert interrupt(child) == -signal.SIGINT


def test_ctrl_c_while_connecting_exits_with_130() -> None:
    asked = threading.Event()

    def script(connection: socket.socket) -> None:
        read_request(connection)
        asked.set()
        read_to_end(connection)

    with peer(script) as url, started("connect", url) as child:
        assert asked.wait(PATIENCE)
        assert interrupt(child) == 130


def test_sigterm_sends_a_close_frame(served: str) -> None:
    with started(
        "connect", f"{served}/ticker?interval=20", "--send", "x", stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        read_until(child.stdout.fileno(), b"\n")
        child.terminate()
        assert child.wait(PATIENCE) == 0


def test_a_line_that_is_not_utf8_ends_sending_after_the_earlier_lines(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--json", stdin=b"ok\n\xff\nnever\n")
    assert finished.returncode == 2
    assert b"Line 2 of standard input is not UTF-8; --binary sends bytes." in finished.stderr
    assert b'"sent", "kind": "text", "text": "ok"' in finished.stdout
    assert b"never" not in finished.stdout


def test_a_close_before_the_end_of_the_input_exits_with_3() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_frame(connection)
        connection.sendall(close_frame(1000, "enough"))
        read_to_end(connection)

    with peer(script) as url:
        finished = spacebeam("connect", url, stdin=b"line\n" * 50_000)
    assert finished.returncode == 3
    assert finished.stderr.decode() == (
        "Closed by the server (1000, normal closure: “enough”).\n"
        "spacebeam: Not everything was sent.\n"
    )


def test_a_close_after_the_last_line_exits_with_0() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection)
        read_frame(connection)
        connection.sendall(close_frame(1000))
        wait_for_close(connection)

    with peer(script) as url, started("connect", url, stdin=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(b"line\n")
        child.stdin.flush()  # and the input stays open
        assert child.wait(PATIENCE) == 0
        assert child.stderr.read() == b"Closed by the server (1000, normal closure).\n"


def test_an_invalid_line_is_named_by_its_number(served: str) -> None:
    finished = spacebeam("connect", f"{served}/echo", "--binary", "hex", stdin=b"00\n0g\n")
    assert finished.returncode == 2
    assert (
        "Line 2 of standard input: “0g” is not hexadecimal, at character 2."
        in finished.stderr.decode()
    )


def test_a_long_message_is_sent_completely_after_the_end_of_standard_input(served: str) -> None:
    line = b"x" * 3_000_000
    finished = spacebeam("connect", f"{served}/echo", "--expect", "1", stdin=line)
    assert (finished.returncode, finished.stdout) == (0, line + b"\n")
