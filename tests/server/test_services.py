"""The server's services: echo, rooms, ticker and flood, and slow clients."""

from __future__ import annotations

import asyncio
import contextlib
import json
from functools import partial

import pytest

from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.batch import Kind, split_close
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode
from tests.support.clients import connected
from tests.support.entries import MASK, Sink, received
from tests.support.raw_server import wait_for_end
from tests.support.serving import dial, read_head, request, serving
from tests.support.waiting import eventually, settled

PLAIN = HandshakeOptions(compression=False)


async def test_echo_sends_messages_back() -> None:
    sink = Sink()
    messages: list[str | bytes] = ["text", b"\x00\xff", "", "x" * 300_000, "after"]
    async with serving() as server, connected(f"{server.url}/echo", sink) as client:
        for message in messages:
            await client.send(message)
        await eventually(lambda: len(sink.received()) == len(messages))
    echoed = [
        payload.decode() if kind is Kind.TEXT else payload
        for kind, payload in sink.received()[: len(messages)]
    ]
    assert echoed == messages


async def test_echo_preserves_the_order_of_a_flood() -> None:
    sink = Sink()
    count = 20_000
    async with serving() as server, connected(f"{server.url}/echo", sink) as client:
        for number in range(count):
            await client.send(f"{number}")
        await eventually(lambda: sum(map(len, sink)) == 2 * count + 1)
        assert [payload for _kind, payload in sink.received()] == [
            b"%d" % number for number in range(count)
        ]


async def test_a_message_goes_to_all_other_members_of_a_room() -> None:
    sinks = [Sink() for _ in range(4)]
    async with serving() as server, contextlib.AsyncExitStack() as stack:
        rooms = ("one", "one", "one", "two")
        clients = [
            await stack.enter_async_context(connected(f"{server.url}/room/{room}", sink))
            for room, sink in zip(rooms, sinks, strict=True)
        ]
        await clients[0].send("hello")
        await clients[0].send(b"\x00")
        await eventually(lambda: len(sinks[1].received()) == len(sinks[2].received()) == 2)
        await clients[1].send("hello yourself")
        await eventually(sinks[0].received)
        await eventually(lambda: len(sinks[2].received()) == 3)
        assert sinks[0].received() == [(Kind.TEXT, b"hello yourself")]
        assert sinks[1].received() == [(Kind.TEXT, b"hello"), (Kind.BINARY, b"\x00")]
        assert sinks[2].received() == [*sinks[1].received(), *sinks[0].received()]
        assert sinks[3].received() == []


async def test_any_text_is_a_room_name() -> None:
    sink = Sink()
    async with serving() as server:
        first = connected(f"{server.url}/room/caf%C3%A9%2Fbar", sink)
        second = connected(f"{server.url}/room/café%2Fbar")
        async with first, second as client:
            await client.send("bonjour")
            await eventually(sink.received)
    assert sink.received()[0] == (Kind.TEXT, b"bonjour")


async def test_a_disconnected_member_gets_no_message() -> None:
    sink, former = Sink(), Sink()
    async with serving() as server:
        url = f"{server.url}/room/r"
        async with connected(url) as sender, connected(url, sink):
            async with connected(url, former):
                await sender.send("one")
                await eventually(former.received)
            await sender.send("two")
            await eventually(lambda: len(sink.received()) == 2)
    assert [payload for kind, payload in former.received() if kind is Kind.TEXT] == [b"one"]


async def test_members_that_read_keep_up_with_a_burst() -> None:
    sink = Sink()
    count = 2000
    async with serving() as server:
        url = f"{server.url}/room/r"
        async with connected(url, sink) as other, connected(url) as sender:
            for number in range(count):
                await sender.send(f"{number}")
            await eventually(lambda: sum(map(len, sink)) > count or other.ended.done())
    assert sink.received()[:count] == [(Kind.TEXT, b"%d" % number) for number in range(count)]


async def test_a_slow_member_is_closed_and_does_not_slow_the_others() -> None:
    sink = Sink()
    message = b"m" * 60_000
    async with serving() as server:
        with contextlib.closing(dial(server, 16 * 1024)) as slow:
            slow.sendall(request("/room/r"))
            await asyncio.to_thread(read_head, slow)
            url = f"{server.url}/room/r"
            async with (
                connected(url, sink, options=PLAIN) as other,
                connected(url, options=PLAIN) as sender,
            ):
                for _ in range(500):
                    await sender.send(message)
                await eventually(lambda: sum(map(len, sink)) == 501)
                assert other.state is sender.state
                # Only now does the slow member read, and it answers the close frame.
                slow.sendall(encode(Opcode.CLOSE, b"\x03\xf0", MASK))
                data = await asyncio.to_thread(wait_for_end, slow)
    entries = received(FrameDecoder(Role.CLIENT), data)
    assert split_close(entries[-1][1]) == (1008, "it reads too slowly")
    assert 0 < len(entries) < 500


def has_received(sink: Sink, count: int) -> bool:
    return len(sink.received()) == count


async def test_a_slow_client_does_not_slow_the_others() -> None:
    sink = Sink()
    block = encode(Opcode.BINARY, bytes(60_000), MASK) * 20
    async with serving() as server:
        with contextlib.closing(dial(server, 16 * 1024)) as slow:
            slow.sendall(request("/echo"))
            await asyncio.to_thread(read_head, slow)
            slow.setblocking(False)
            written: list[int] = []

            def push() -> bool:
                with contextlib.suppress(BlockingIOError):
                    while True:
                        written.append(slow.send(block))
                return True

            # Sends without reading until the server stops reading.
            await settled(lambda: push() and sum(written))
            async with connected(f"{server.url}/echo", sink) as client:
                for number in range(10):
                    await client.send(f"{number}")
                    await eventually(partial(has_received, sink, number + 1))
            assert sum(written) < 64 * 1024 * 1024


async def test_the_ticker_sends_numbered_ticks_at_its_interval() -> None:
    sink = Sink()
    async with serving() as server, connected(f"{server.url}/ticker?interval=5", sink) as client:
        await client.send("messages of a client are ignored")
        await eventually(lambda: len(sink.received()) >= 5)
    ticks = [json.loads(payload) for kind, payload in sink.received() if kind is Kind.TEXT]
    assert [tick["tick"] for tick in ticks[:5]] == [0, 1, 2, 3, 4]
    times = [tick["time"] for tick in ticks]
    assert times == sorted(times)
    assert times[4] - times[0] > 0.015


@pytest.mark.parametrize(
    ("count", "size"), [(1, 0), (5, 10), (10_000, 128), (2_001, 127), (3, 300_000), (4096, 62)]
)
async def test_a_flood_has_the_requested_count_and_size(count: int, size: int) -> None:
    sink = Sink()
    path = f"/flood?count={count}&size={size}"
    async with serving() as server, connected(server.url + path, sink) as client:
        ending = await client.ended
    assert (ending.code, ending.reason) == (1000, f"{count} messages sent")
    *messages, _close = sink.received()
    assert len(messages) == count
    assert {(kind, len(payload)) for kind, payload in messages} == {(Kind.TEXT, size)}


async def test_a_flood_without_a_query_has_its_default_size() -> None:
    sink = Sink()
    async with serving() as server, connected(f"{server.url}/flood?count=10", sink) as client:
        await client.ended
    assert len(sink.received()[0][1]) == 128


async def test_echo_answers_a_ping_after_earlier_messages() -> None:
    messages = b"".join(
        encode(opcode, payload, MASK)
        for opcode, payload in (
            (Opcode.TEXT, b"one"),
            (Opcode.PING, b"two"),
            (Opcode.TEXT, b"three"),
            (Opcode.CLOSE, b"\x03\xe8"),
        )
    )
    async with serving() as server:
        with contextlib.closing(dial(server)) as client:
            client.sendall(request("/echo") + messages)
            await asyncio.to_thread(read_head, client)
            data = await asyncio.to_thread(wait_for_end, client)
    assert data == b"\x81\x03one\x8a\x03two\x81\x05three\x88\x02\x03\xe8"
