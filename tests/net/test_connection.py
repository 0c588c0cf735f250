"""A connection with real servers: messages, pings, fragments, closing."""

from __future__ import annotations

import asyncio

import pytest

from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.options import HandshakeOptions, TlsOptions
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.wording.closing import close_words
from tests.net.conftest import Peer
from tests.support.certificates import Authority
from tests.support.clients import connected
from tests.support.entries import Sink, origins
from tests.support.processes import LOOPBACK
from tests.support.waiting import eventually

MIB = 1024 * 1024


async def test_an_echo_server_returns_text_and_binary(peer: Peer) -> None:
    sink = Sink()
    messages: list[str | bytes] = ["hello", "", "grüße 🚀", b"", b"\x00\xff", "x" * 70_000]
    async with connected(f"{peer.url}/echo", sink) as connection:
        for message in messages:
            await connection.send(message)
        await eventually(lambda: len(sink.received()) == len(messages))
    expected = [
        (Kind.TEXT, message.encode()) if isinstance(message, str) else (Kind.BINARY, message)
        for message in messages
    ]
    assert sink.received()[: len(expected)] == expected
    assert sink.sent()[: len(expected)] == expected


async def test_compression_is_negotiated_if_both_sides_offer_it(peer: Peer) -> None:
    sink = Sink()
    text = "over and over " * 1000
    async with connected(f"{peer.url}/echo", sink) as connection:
        assert connection.report is not None
        assert ("permessage-deflate" in connection.report.extensions) is peer.compresses
        for _ in range(3):
            await connection.send(text)
        await eventually(lambda: len(sink.received()) == 3)
    assert sink.received()[:3] == [(Kind.TEXT, text.encode())] * 3
    for origin in origins(received_batches(sink))[:3]:
        if peer.compresses:
            assert origin is not None
            assert origin.compressed
            assert origin.wire_size < len(text) / 10
        else:
            assert origin is None


async def test_a_ping_is_answered_with_its_payload(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/ping?payload=marco", sink):
        await eventually(lambda: (Kind.TEXT, b"the pong came") in sink.received())
    assert (Kind.PING, b"marco") in sink.received()
    assert (Kind.PONG, b"marco") in sink.sent()


async def test_a_ping_receives_its_pong(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        connection.ping(b"polo")
        connection.ping()
        await eventually(lambda: len(sink.received()) >= 2)
    assert sink.received()[:2] == [(Kind.PONG, b"polo"), (Kind.PONG, b"")]
    assert sink.sent()[:2] == [(Kind.PING, b"polo"), (Kind.PING, b"")]


async def test_fragments_are_one_message(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/fragments", sink):
        await eventually(sink.received)
    assert sink.received()[0] == (Kind.TEXT, b"one two three")
    origin = received_batches(sink)[0].origin(0)
    assert origin is not None
    assert len(origin.fragments) >= 3


@pytest.mark.parametrize("code", [1000, 1001, 1011, 3000, 4999])
async def test_a_close_by_the_peer_has_its_code_and_reason(peer: Peer, code: int) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/close?code={code}&reason=so+long", sink) as connection:
        ending = await connection.ended
    assert (ending.code, ending.reason, ending.closed_by) == (code, "so long", Direction.RECEIVED)
    assert close_words(ending).startswith(f"Closed by the server ({code}, ")
    assert close_words(ending).endswith(": “so long”).")
    assert ending.is_clean
    assert connection.state is ConnectionState.CLOSED
    closing = code.to_bytes(2, "big")
    assert sink.received() == [(Kind.CLOSE, closing + b"so long")]
    assert sink.sent() == [(Kind.CLOSE, closing)]
    assert sink.events()[-1] == close_words(ending)


async def test_a_close_by_this_side_is_answered(peer: Peer) -> None:
    sink = Sink()
    async with connected(f"{peer.url}/echo", sink) as connection:
        ending = await connection.close(4000, "done")
    assert (ending.code, ending.closed_by) == (4000, Direction.SENT)
    assert close_words(ending).startswith("Disconnected (4000, a code of the application")
    assert sink.sent() == [(Kind.CLOSE, b"\x0f\xa0done")]
    assert sink.received()[0][1][:2] == b"\x0f\xa0"


async def test_a_close_frame_without_a_code_ends_the_connection_cleanly(peer: Peer) -> None:
    async with connected(f"{peer.url}/echo") as connection:
        ending = await connection.close(1005)
    assert ending.is_clean
    assert ending.closed_by is Direction.SENT


async def test_a_large_message_is_sent_and_received_over_tls(
    tls_port: int, authority: Authority
) -> None:
    sink = Sink()
    pattern = bytes(range(256)) * (64 * MIB // 256)
    options = HandshakeOptions(tls=TlsOptions(ca_file=str(authority.file)))
    async with connected(f"wss://localhost:{tls_port}/echo", sink, options=options) as connection:
        await connection.send(pattern)
        await connection.send("and on")
        await eventually(lambda: len(received_batches(sink)) == 2, within=60)
        large, small = received_batches(sink)
    assert large.kinds == bytes((Kind.BINARY,))
    assert large.data == pattern
    assert small.payload(0) == b"and on"


def received_batches(sink: Sink) -> list[Batch]:
    return [batch for batch in sink if batch.direction is Direction.RECEIVED]


async def test_many_messages_arrive_complete_and_in_order(peer: Peer) -> None:
    sink = Sink()
    count = 3000
    async with connected(f"{peer.url}/echo", sink) as connection:
        for number in range(count):
            await connection.send(f"{number}")
        await eventually(lambda: sum(map(len, sink)) >= 2 * count + 1)
    expected = [(Kind.TEXT, b"%d" % number) for number in range(count)]
    assert sink.sent()[:count] == expected
    assert sink.received()[:count] == expected


async def test_messages_sent_concurrently_stay_whole(plain_port: int) -> None:
    sink = Sink()
    letters = [letter.encode() * MIB for letter in "abcd"]
    async with connected(f"ws://{LOOPBACK}:{plain_port}/echo", sink) as connection:
        await asyncio.gather(*(connection.send(payload) for payload in letters))
        await eventually(lambda: len(sink.received()) >= 4)
    assert sorted(payload for _kind, payload in sink.received()[:4]) == letters


async def test_a_subprotocol_is_negotiated(peer: Peer) -> None:
    options = HandshakeOptions(subprotocols=("chat.v3", "chat.v1"))
    async with connected(f"{peer.url}/echo", options=options) as connection:
        assert connection.report is not None
        assert connection.report.subprotocol == "chat.v1"


async def test_sending_is_possible_only_while_open(plain_port: int) -> None:
    sink = Sink()
    connection = Connection(sink)
    states = [connection.state]
    with pytest.raises(NotOpenError):
        connection.ping()
    with pytest.raises(NotOpenError):
        await connection.send("too early")
    with pytest.raises(NotOpenError):
        await connection.flush()
    async with connected(f"ws://{LOOPBACK}:{plain_port}/echo", sink) as connection:
        states.append(connection.state)
        ending = await connection.close()
        states.append(connection.state)
        for message in ("too late", b"too late"):
            with pytest.raises(NotOpenError):
                await connection.send(message)
        with pytest.raises(NotOpenError):
            connection.ping()
        with pytest.raises(NotOpenError):
            await connection.flush()
        with pytest.raises(NotOpenError):
            await connection.send_prepared(b"\x89\x00")
        assert await connection.close(4000) == ending
    assert states == [ConnectionState.CONNECTING, ConnectionState.OPEN, ConnectionState.CLOSED]
    assert sink.sent() == [(Kind.CLOSE, b"\x03\xe8")]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (0, ""),
        (999, ""),
        (1004, ""),
        (1005, "a reason"),
        (1006, ""),
        (1015, ""),
        (5000, ""),
        (1000, "x" * 124),
        (1000, "é" * 62),
    ],
)
async def test_a_close_reason_longer_than_a_frame_is_refused(
    plain_port: int, code: int, reason: str
) -> None:
    async with connected(f"ws://{LOOPBACK}:{plain_port}/echo") as connection:
        with pytest.raises(ValueError, match=r"close (code|reason)"):
            await connection.close(code, reason)
        assert connection.state is ConnectionState.OPEN


async def test_a_ping_payload_longer_than_a_frame_is_refused(plain_port: int) -> None:
    async with connected(f"ws://{LOOPBACK}:{plain_port}/echo") as connection:
        with pytest.raises(ValueError, match="125"):
            connection.ping(bytes(126))
        connection.ping(bytes(125))
        await connection.flush()
