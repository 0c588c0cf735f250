"""Peers that break the protocol, disconnect or do not answer, and the close reason of each."""

from __future__ import annotations

import socket
import struct

import pytest

from spacebeam.net.connection import Connection, ConnectionLimits, ConnectionState
from spacebeam.protocol.batch import Batch, Direction, Kind, split_close
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode, encode_header
from spacebeam.wording.closing import close_words
from tests.support.clients import QUICK, connected
from tests.support.entries import MASK, Sink, received
from tests.support.processes import LOOPBACK
from tests.support.raw_server import RawServer, raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually

CLOSE_1000 = b"\x88\x02\x03\xe8"
CLOSED_1000 = "Closed by the server (1000, normal closure)."


def url(server: RawServer) -> str:
    return f"ws://{LOOPBACK}:{server.port}/"


class SendingScript:
    """A script that sends `then` after the handshake and stores what the client sends."""

    def __init__(self, then: bytes = b"") -> None:
        self.ended = False
        self.data = b""
        self._then = then

    def __call__(self, peer: socket.socket) -> None:
        upgrade(peer, then=self._then)
        self.data = wait_for_end(peer)
        self.ended = True

    @property
    def close(self) -> tuple[int, str]:
        """The code and reason of the close frame that the client sent."""
        (kind, payload) = received(FrameDecoder(Role.SERVER), self.data)[-1]
        assert kind is Kind.CLOSE
        return split_close(payload)


async def test_frames_in_the_handshake_s_packet_are_read() -> None:
    first = b"".join(encode(Opcode.TEXT, b"%d" % number) for number in range(10))
    sink = Sink()
    with raw_server(SendingScript(first + CLOSE_1000)) as server:
        async with connected(url(server), sink) as connection:
            ending = await connection.ended
    assert close_words(ending) == CLOSED_1000
    assert sink.received() == [
        *((Kind.TEXT, b"%d" % number) for number in range(10)),
        (Kind.CLOSE, b"\x03\xe8"),
    ]


async def test_pings_are_answered_in_order() -> None:
    script = SendingScript(b"\x81\x01a\x89\x01b\x81\x01c\x89\x01d" + CLOSE_1000)
    sink = Sink()
    with raw_server(script) as server:
        async with connected(url(server), sink) as connection:
            await connection.ended
        await eventually(lambda: script.ended)
    assert received(FrameDecoder(Role.SERVER), script.data) == [
        (Kind.PONG, b"b"),
        (Kind.PONG, b"d"),
        (Kind.CLOSE, b"\x03\xe8"),
    ]
    assert [payload for _kind, payload in sink.received()] == [b"a", b"b", b"c", b"d", b"\x03\xe8"]


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"\x81\x05hello", ""),
        (b"\x81\x05he", " in the middle of a message"),
        (b"\x81", " in the middle of a message"),
        (b"\x01\x05hello", " in the middle of a message"),
    ],
)
async def test_a_lost_connection_says_whether_a_message_was_incomplete(
    data: bytes, where: str
) -> None:
    with raw_server(lambda peer: upgrade(peer, then=data)) as server:
        async with connected(url(server)) as connection:
            ending = await connection.ended
    assert ending.code is CloseCode.ABNORMAL
    assert ending.closed_by is Direction.NONE
    assert close_words(ending) == (
        f"Connection lost{where}: the server closed it without a close frame."
    )
    assert connection.state is ConnectionState.CLOSED


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"\x81\x05hello", ""),
        (b"\x01\x05hello\x80\x00", ""),
        (b"\x01\x05hello", " in the middle of a message"),
        (b"\x01\x00\x89\x00", " in the middle of a message"),
    ],
)
async def test_a_close_frame_within_a_message_is_told(data: bytes, where: str) -> None:
    after = b"\x81\x05he"  # means nothing
    with raw_server(lambda peer: upgrade(peer, then=data + CLOSE_1000 + after)) as server:
        async with connected(url(server)) as connection:
            ending = await connection.ended
    assert close_words(ending) == f"Closed by the server{where} (1000, normal closure)."


async def test_a_reset_connection_is_reported() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer, then=b"\x81\x05he")
        peer.recv(1)
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()

    with raw_server(script) as server:
        async with connected(url(server)) as connection:
            await connection.send("go on")
            ending = await connection.ended
    assert ending.code is CloseCode.ABNORMAL
    assert close_words(ending).startswith("Connection lost")
    assert close_words(ending).endswith("Connection reset by peer.")


@pytest.mark.parametrize(
    ("data", "code", "fault"),
    [
        (b"HTTP/1.1 500 Oops\r\n\r\n", 1002, "a frame with reserved bits set"),
        (b"\x83\x00", 1002, "a frame with the reserved opcode 3"),
        (b"\x81\x82" + MASK + b"hi", 1002, "a masked frame"),
        (b"\x80\x00", 1002, "a continuation of no message"),
        (b"\x88\x01\x03", 1002, "a close frame with half a code"),
        (b"\x88\x02\x03\xed", 1002, "the illegal close code 1005"),
        (b"\x81\x02\xff\xff", 1007, "a text that is not UTF-8"),
        (b"\x81\x7e\x01\x00ok\xff", 1007, "a text that is not UTF-8"),
        (b"\x88\x03\x03\xe8\xff", 1007, "a close reason that is not UTF-8"),
        (encode_header(Opcode.BINARY, 70_000), 1009, "a message over the size limit"),
        (encode(Opcode.BINARY, bytes(1001)), 1009, "a message over the size limit"),
    ],
)
async def test_a_protocol_error_is_answered_with_its_code(
    data: bytes, code: int, fault: str
) -> None:
    script = SendingScript(b"\x81\x05hello" + data)
    sink = Sink()
    with raw_server(script) as server:
        limits = ConnectionLimits(max_message=1000, close_time=0.4, linger_time=0.05)
        async with connected(url(server), sink, limits=limits) as connection:
            ending = await connection.ended
        await eventually(lambda: script.ended)
    assert script.close == (code, fault)
    assert (ending.code, ending.reason, ending.closed_by) == (code, fault, Direction.SENT)
    assert f"({code})." in close_words(ending)
    assert sink.received() == [(Kind.TEXT, b"hello")]
    assert sink.events()[-1] == close_words(ending)


async def test_invalid_texts_are_received_where_they_are_not_checked() -> None:
    texts = (b"\xff\xff", b"ok\xff", b"\xed\xa0\x80")
    frames = b"".join(encode(Opcode.TEXT, text) for text in texts)
    sink = Sink()
    with raw_server(SendingScript(frames + b"\x88\x05\x03\xe8b\xffe")) as server:
        limits = ConnectionLimits(checks_text=False, close_time=0.4, linger_time=0.05)
        async with connected(url(server), sink, limits=limits) as connection:
            ending = await connection.ended
    assert (ending.code, ending.reason) == (1000, "b\ufffde")
    assert sink.received()[:3] == [(Kind.TEXT, text) for text in texts]


async def test_an_unanswered_close_frame_times_out() -> None:
    with raw_server(SendingScript()) as server:
        async with connected(url(server)) as connection:
            ending = await connection.close()
    assert (ending.code, ending.closed_by) == (1006, Direction.SENT)
    assert close_words(ending) == (
        "Disconnected; the server did not answer the close frame within 0.4 s."
    )
    assert not ending.is_clean


@pytest.mark.parametrize("then", [b"", b"\x81\x05cut"])
async def test_a_server_that_ends_the_stream_instead_of_answering_was_left_by_this_side(
    then: bytes,
) -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        peer.recv(64)
        peer.sendall(then)

    with raw_server(script) as server:
        async with connected(url(server)) as connection:
            ending = await connection.close()
    assert (ending.code, ending.closed_by, ending.seconds) == (1006, Direction.SENT, 0)
    assert close_words(ending) == "Disconnected; the server did not answer the close frame."
    assert not ending.is_clean


async def test_messages_that_cross_the_close_frame_are_still_received() -> None:
    def script(peer: socket.socket) -> None:
        upgrade(peer)
        peer.recv(1)
        peer.sendall(b"\x81\x04late" + CLOSE_1000)

    sink = Sink()
    with raw_server(script) as server:
        async with connected(url(server), sink) as connection:
            ending = await connection.close()
    assert sink.received()[0] == (Kind.TEXT, b"late")
    assert close_words(ending) == "Disconnected (1000, normal closure)."


async def test_a_stream_that_stays_open_after_the_close_is_closed() -> None:
    script = SendingScript(CLOSE_1000)
    with raw_server(script) as server:
        async with connected(url(server)) as connection:
            ending = await connection.ended
        await eventually(lambda: script.ended)
    assert close_words(ending) == CLOSED_1000


async def test_states_only_move_forward() -> None:
    class States(Sink):
        def __call__(self, batch: Batch) -> None:
            super().__call__(batch)
            states.append(connections[0].state if connections else ConnectionState.CONNECTING)

    states: list[ConnectionState] = []
    connections: list[Connection] = []
    with raw_server(SendingScript(b"\x81\x05hello")) as server:
        async with connected(url(server), States(), limits=QUICK) as connection:
            connections.append(connection)
            await eventually(lambda: len(states) > 1)
            await connection.close()
    assert states == sorted(states)
    assert states[-1] is ConnectionState.CLOSED
