"""The chat room that all windows of this computer share."""

from __future__ import annotations

import pytest

from spacebeam.net.options import HandshakeOptions
from spacebeam.protocol.batch import Kind
from spacebeam.server.local_chat import PORT, LocalChat, chosen_port
from tests.support.clients import connected
from tests.support.entries import Sink
from tests.support.processes import free_port
from tests.support.waiting import eventually


async def test_the_first_process_serves_the_room_and_others_find_it() -> None:
    port = free_port()
    first, second = LocalChat(port), LocalChat(port)
    sink = Sink()
    try:
        assert first.address() == second.address() == first.address()
        async with connected(first.url, sink), connected(second.url) as sender:
            await sender.send("hello")
            await eventually(lambda: len(sink.received()) == 3)
    finally:
        await second.stop()
        await first.stop()
    assert sink.received()[2] == (Kind.TEXT, b'{"type":"message","from":"Guest 2","text":"hello"}')


async def test_the_room_accepts_the_subprotocol_that_is_offered() -> None:
    chat = LocalChat(free_port())
    try:
        options = HandshakeOptions(subprotocols=("chat.v2", "chat.v1"))
        async with connected(chat.address(), options=options) as client:
            assert client.report is not None
            assert client.report.subprotocol == "chat.v2"
    finally:
        await chat.stop()


async def test_another_process_can_serve_the_room_after_the_first_stops() -> None:
    port = free_port()
    first, second = LocalChat(port), LocalChat(port)
    first.address()
    await first.stop()
    await first.stop()
    second.address()
    async with connected(second.url):
        pass
    await second.stop()


@pytest.mark.parametrize(
    ("text", "port"),
    [("", PORT), ("23456", 23456), ("0", PORT), ("65536", PORT), ("many", PORT), ("-1", PORT)],
)
def test_the_port_can_be_chosen(text: str, port: int) -> None:
    assert chosen_port({"SPACEBEAM_CHAT_PORT": text}) == port
    assert chosen_port({}) == PORT
