"""`--verbose`: the handshake and every frame."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import threading
from array import array

import pytest

from spacebeam.cli.verbose import frames, handshake
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, event_batch, single
from tests.cli.program import (
    PATIENCE,
    close_frame,
    command,
    flood,
    open_stream,
    peer,
    read_frame,
    read_request,
    sending,
    spacebeam,
    started,
    text_frame,
    wait_for_close,
)
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server

_CLOCK = re.compile(r"\d\d:\d\d:\d\d\.\d\d\d ")


def printed(
    direction: Direction,
    kind: Kind,
    payload: bytes,
    origin: Origin | None = None,
) -> str:
    [line] = frames(single(1.5, direction, kind, payload, origin))
    assert _CLOCK.match(line)
    return _CLOCK.sub("", line, count=1)


@pytest.mark.parametrize(
    ("size", "received", "sent"),
    [(5, 7, 11), (125, 127, 131), (126, 130, 134), (65_536, 65_546, 65_550)],
)
def test_a_plain_message_has_its_size_and_its_size_on_the_wire(
    size: int, received: int, sent: int
) -> None:
    payload = b"x" * size
    assert printed(Direction.RECEIVED, Kind.TEXT, payload) == (
        f"< text {size:,} B ({received:,} B on the wire)"
    )
    assert printed(Direction.SENT, Kind.BINARY, payload) == (
        f"> binary {size:,} B ({sent:,} B on the wire)"
    )


def test_compression_and_fragments_are_printed() -> None:
    origin = Origin(1_024, (500, 516), compressed=True)
    assert printed(Direction.RECEIVED, Kind.TEXT, b"x" * 9_000, origin) == (
        "< text 9,000 B (1,024 B on the wire, compressed, 2 fragments: 500, 516)"
    )
    many = Origin(20, (1,) * 10, compressed=False)
    assert printed(Direction.RECEIVED, Kind.TEXT, b"x" * 10, many).endswith(
        "(20 B on the wire, 10 fragments: 1, 1, 1, 1, 1, 1, 1, 1, …)"
    )
    assert printed(Direction.SENT, Kind.TEXT, b"x", Origin(9, (3,), True)) == (
        "> text 1 B (9 B on the wire, compressed)"
    )


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        (Kind.PING, b"keepalive 1", "ping 11 B (13 B on the wire): “keepalive 1”"),
        (Kind.PONG, b"", "pong 0 B (2 B on the wire)"),
        (Kind.PING, b"\x1b[2J", "ping 4 B (6 B on the wire): 1b 5b 32 4a"),
        (Kind.CLOSE, b"\x03\xe8", "close 2 B (4 B on the wire): 1000 normal closure"),
        (Kind.CLOSE, b"", "close 0 B (2 B on the wire): no status code"),
        (
            Kind.CLOSE,
            b"\x0f\xa0\x1b[31m\xe2\x80\xae",
            "close 10 B (12 B on the wire): 4000 a code of the application: ␛[31m⟨202E⟩",
        ),
    ],
)
def test_control_frames_are_printed_with_their_content(
    kind: Kind, payload: bytes, words: str
) -> None:
    assert printed(Direction.RECEIVED, kind, payload) == f"< {words}"


def test_each_entry_of_a_batch_is_a_line() -> None:
    batch = Batch(
        1.5,
        Direction.RECEIVED,
        b"onetwo",
        bytes((Kind.TEXT, Kind.PING)),
        array("I", (0, 3)),
        array("I", (3, 6)),
    )
    assert [_CLOCK.sub("", line) for line in frames(batch)] == [
        "< text 3 B (5 B on the wire)",
        "< ping 3 B (5 B on the wire): “two”",
    ]


def test_events_are_printed_with_control_characters_escaped() -> None:
    [line] = frames(event_batch(1.5, "Closed: “\x1b]0;x\x07”\nfake".encode()))
    assert line.endswith(" * Closed: “␛]0;x␇”␊fake")


def test_a_handshake_is_printed_like_curl_does() -> None:
    report = HandshakeReport(
        "ws://h/",
        (
            HttpExchange(
                "ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 101 Yes\nX: \x1b[2J\x85", 101
            ),
        ),
        (StageSpan(HandshakeStage.TCP, 0, 1.25),),
        remote_address="127.0.0.1:80",
    )
    assert list(handshake(report)) == [
        "> GET / HTTP/1.1",
        "> Host: h",
        ">",
        "< HTTP/1.1 101 Yes",
        "< X: ␛[2J⟨0085⟩",
        "<",
        "* Address: ws://h/",
        "* Remote address: 127.0.0.1:80",
        "* Subprotocol: none",
        "* Extensions: none",
        "* TCP: 1.2 ms",
    ]


def test_every_frame_is_printed_on_standard_error_in_order() -> None:
    def script(connection: socket.socket) -> None:
        open_stream(connection, "X-Own: \x9b1m\r\n")
        assert read_frame(connection) == (1, b"hello")
        opcode, payload = read_frame(connection)
        assert opcode == 9
        connection.sendall(bytes((0x8A, len(payload))) + payload + text_frame("answer"))
        wait_for_close(connection)
        connection.sendall(close_frame(1000, "\x1bbye"))

    with peer(script) as url:
        finished = spacebeam(
            "connect", url, "-v", "--send", "hello", "--ping", "0.1", "--expect", "1",
            "--no-compress",
        )  # fmt: skip
    assert (finished.returncode, finished.stdout) == (0, b"answer\n")
    lines = [_CLOCK.sub("", line) for line in finished.stderr.decode().splitlines()]
    assert lines[0] == "> GET / HTTP/1.1"
    assert "< HTTP/1.1 101 Switching Protocols" in lines
    assert lines.index(">") < lines.index("<") < lines.index(f"* Connected to {url}/")
    told_frames = lines[lines.index(f"* Connected to {url}/") :]
    marks = [" ".join(line.split()[:2]) for line in told_frames]
    assert marks == [
        "* Connected", "> text", "> ping", "< pong", "* Round", "< text",
        "> close", "< close", "* Disconnected",
    ]  # fmt: skip
    assert "\x1b" not in finished.stderr.decode()
    assert "\x9b" not in finished.stderr.decode()
    assert "> text 5 B (11 B on the wire)" in lines
    assert "< close 6 B (8 B on the wire): 1000 normal closure: ␛bye" in lines


def test_a_failed_handshake_is_printed() -> None:
    def refuse(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 403 No\r\nX-Why: \x1b\r\nContent-Length: 0\r\n\r\n")

    with peer(refuse) as url:
        finished = spacebeam("connect", url, "-v")
    lines = finished.stderr.decode().splitlines()
    assert finished.returncode == 1
    assert "> GET / HTTP/1.1" in lines
    assert "< HTTP/1.1 403 No" in lines
    assert "\x1b" not in finished.stderr.decode()
    assert lines[-1].startswith("spacebeam: ")


def test_the_handshake_of_every_connection_is_printed() -> None:
    with peer(open_stream, sending(text_frame("x"))) as url:  # type: ignore[arg-type]
        finished = spacebeam("connect", url, "-v", "--reconnect", "--expect", "1")
    assert finished.returncode == 0
    assert finished.stderr.count(b"> GET / HTTP/1.1") == 2


def test_a_flood_waits_for_the_reader_of_standard_error() -> None:
    block = text_frame("x" * 10) * 1000
    blocks = 1000
    has_to_wait = threading.Event()
    taken: list[int] = []

    def script(connection: socket.socket) -> None:
        taken.append(flood(connection, block * blocks, has_to_wait))

    with (
        peer(script) as url,
        started("connect", url, "-v", "--send", "x", stdout=subprocess.DEVNULL) as child,
    ):
        assert child.stderr is not None
        assert has_to_wait.wait(PATIENCE)
        assert sum(b" < text" in line for line in child.stderr) == 1000 * blocks
        assert child.wait(PATIENCE) == 0
    assert taken[0] < len(block) * blocks


def test_a_closed_standard_error_is_ignored(served: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = ("connect", f"{served}/echo", "-v", "--send", "hi", "--expect", "1")
    try:
        finished = subprocess.run(
            command(*words), stdout=subprocess.PIPE, stderr=writing, timeout=PATIENCE, check=False
        )
    finally:
        os.close(writing)
    assert (finished.returncode, finished.stdout) == (0, b"hi\n")


def test_after_a_redirect_the_address_that_was_connected_to_is_named(served: str) -> None:
    there = f"{served}/echo"
    answer = f"HTTP/1.1 302 Found\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"

    def script(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(answer.encode())

    with raw_server(script) as server:
        url = f"ws://{LOOPBACK}:{server.port}/"
        finished = spacebeam("connect", url, "-v", "--send", "hello", "--expect", "1")
    lines = [_CLOCK.sub("", line) for line in finished.stderr.decode().splitlines()]
    assert f"* Connected to {there}" in lines
    assert f"* Address: {there}" in lines
    assert not any(line.startswith("* ") and url in line for line in lines)
