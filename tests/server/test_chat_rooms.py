"""Chat rooms with names: who is there, who came and went, who said what."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest

from spacebeam.net.connection import Connection
from spacebeam.protocol.batch import Kind
from spacebeam.server.room_protocol import (
    MAX_MEMBERS,
    MAX_TEXT,
    Attached,
    Joined,
    Left,
    Refused,
    Renamed,
    RoomEvent,
    Said,
    TakeName,
    Welcome,
    encode,
    room_event,
)
from tests.support.clients import connected
from tests.support.entries import Sink
from tests.support.serving import serving
from tests.support.waiting import eventually


class Member:
    """A client in a room, with the events that it received."""

    def __init__(self, connection: Connection, sink: Sink) -> None:
        self._connection = connection
        self._sink = sink

    @property
    def heard(self) -> list[RoomEvent | bytes]:
        found = (
            payload if kind is Kind.BINARY else room_event(payload)
            for kind, payload in self._sink.received()
            if kind in (Kind.TEXT, Kind.BINARY)
        )
        return [one for one in found if one is not None]

    async def hears(self, *events: RoomEvent | bytes) -> None:
        """Wait until these are the newest events."""
        await eventually(lambda: self.heard[-len(events) :] == list(events))

    async def say(self, message: str | bytes) -> None:
        await self._connection.send(message)


@contextlib.asynccontextmanager
async def member(url: str, name: str = "") -> AsyncIterator[Member]:
    sink = Sink()
    address = f"{url}?name={name}" if name else url
    async with connected(address, sink) as client:
        one = Member(client, sink)
        await eventually(lambda: one.heard)
        yield one


@contextlib.asynccontextmanager
async def room() -> AsyncIterator[str]:
    async with serving() as server:
        yield f"{server.url}/chat/lobby"


async def test_a_newcomer_hears_who_is_there_and_the_others_hear_who_came() -> None:
    async with room() as url, member(url, "Ada") as ada:
        assert ada.heard == [Welcome("Ada", ("Ada",))]
        async with member(url, "Ben") as ben:
            assert ben.heard == [Welcome("Ben", ("Ada", "Ben"))]
            await ada.hears(Joined("Ben"))
        await ada.hears(Left("Ben"))


async def test_what_a_member_says_is_heard_by_the_others_under_its_name() -> None:
    async with room() as url, member(url, "Ada") as ada, member(url, "Ben") as ben:
        await ada.say("hello")
        await ben.hears(Said("Ada", "hello"))
        await ben.say('{"type":"message","text":"hi"}')
        await ada.hears(Said("Ben", "hi"))
        assert Said("Ada", "hello") not in ada.heard


async def test_a_client_that_knows_nothing_of_names_is_a_guest() -> None:
    async with room() as url, member(url) as one, member(url) as other:
        assert other.heard == [Welcome("Guest 2", ("Guest 1", "Guest 2"))]
        await other.say('{"any": "JSON"}')
        await one.hears(Said("Guest 2", '{"any": "JSON"}'))


async def test_a_binary_message_comes_right_after_its_sender_s_name() -> None:
    async with room() as url, member(url, "Ada") as ada, member(url, "Ben") as ben:
        await ada.say(b"\x89PNG")
        await ben.hears(Attached("Ada", 4), b"\x89PNG")


async def test_a_member_can_take_another_name() -> None:
    async with room() as url, member(url, "Ada") as ada, member(url, "Ben") as ben:
        await ben.say(encode(TakeName(" ada\u202e ")))
        await ada.hears(Renamed("Ben", "ada 2"))
        await ben.hears(Renamed("Ben", "ada 2"))
        await ben.say(encode(TakeName("ADA 2")))  # its own name, but for the case
        await ben.hears(Renamed("ada 2", "ADA 2"))
        await ben.say(encode(TakeName("\u200b")))
        await eventually(lambda: isinstance(ben.heard[-1], Refused))
        assert ada.heard[-1] == Renamed("ada 2", "ADA 2")


async def test_a_text_that_is_too_long_is_refused_and_nobody_else_hears_of_it() -> None:
    async with room() as url, member(url, "Ada") as ada, member(url, "Ben") as ben:
        await ada.say("x" * (MAX_TEXT + 1))
        await eventually(lambda: isinstance(ada.heard[-1], Refused))
        await ada.say("x" * MAX_TEXT)
        await ben.hears(Said("Ada", "x" * MAX_TEXT))
        assert len(ben.heard) == 2


async def test_rooms_hear_nothing_of_each_other() -> None:
    async with serving() as server, contextlib.AsyncExitStack() as stack:
        one = await stack.enter_async_context(member(f"{server.url}/chat/one"))
        two = await stack.enter_async_context(member(f"{server.url}/chat/two"))
        await two.say("hello")
        await stack.enter_async_context(member(f"{server.url}/chat/one", "Ada"))
        await one.hears(Joined("Ada"))
    assert one.heard[1:2] == [Joined("Ada")]


@pytest.mark.timeout(60)
async def test_a_full_room_refuses_more_members() -> None:
    async with room() as url, contextlib.AsyncExitStack() as stack:
        for _ in range(MAX_MEMBERS):
            await stack.enter_async_context(connected(url, Sink()))
        last = await stack.enter_async_context(connected(url))
        ending = await asyncio.wait_for(last.ended, 10)
        assert (ending.code, ending.reason) == (1013, "the room is full")
