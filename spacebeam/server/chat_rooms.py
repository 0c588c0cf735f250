"""Chat rooms with names: who is there, who came and went, who said what.

Any WebSocket client may come: its plain text is said under its name. help/topics/chat.md has the
messages.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from spacebeam.net.connection import Connection
from spacebeam.protocol.close import CloseCode
from spacebeam.server.inbox import Inbox
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
    Waiting,
    Welcome,
    clean_name,
    encode,
    free_name,
    name_key,
    request_of,
)
from spacebeam.server.services import MAX_ROOM_NAME, BadRequestError, Member, Service

Ask = Callable[[], Awaitable[bool]]  # whether a newcomer may join


class ChatRooms:
    """Serves `/chat/NAME`: rooms whose members have names."""

    def __init__(self) -> None:
        self._rooms: defaultdict[str, _Room] = defaultdict(_Room)

    def service(self, name: str, wanted: str = "", ask: Ask | None = None) -> Service:
        """Return the service of one room, for a member that wants to be called `wanted`.

        With `ask`, the member hears and says nothing before the answer is True. Raise
        BadRequestError for an invalid name of a room.
        """
        if not 0 < len(name) <= MAX_ROOM_NAME:
            raise BadRequestError(f"A room's name has 1 to {MAX_ROOM_NAME} characters.")

        async def chat(connection: Connection) -> None:
            inbox = Inbox(connection)
            if ask is None or await _is_let_in(connection, ask):
                await self._chat(name, connection, inbox, wanted)

        return chat

    async def _chat(self, name: str, connection: Connection, inbox: Inbox, wanted: str) -> None:
        room = self._rooms[name]
        if room.is_full:
            await connection.close(CloseCode.TRY_AGAIN_LATER, "the room is full")
            return
        member = room.add(connection, wanted)
        try:
            async for message in inbox:
                room.receive(member, message)
                await asyncio.sleep(0)  # lets the other members read during a burst
        finally:
            room.remove(member)
            if room.is_empty:
                self._rooms.pop(name, None)


async def _is_let_in(connection: Connection, ask: Ask) -> bool:
    """Ask for permission; return False if it is refused or the client leaves before."""
    await connection.send(encode(Waiting()))
    asking = asyncio.ensure_future(ask())
    try:
        await asyncio.wait({asking, connection.ended}, return_when=asyncio.FIRST_COMPLETED)
        if connection.ended.done():
            return False
        if asking.result():
            return True
        await connection.close(CloseCode.POLICY_VIOLATION, "not allowed to join")
        return False
    finally:
        asking.cancel()


class _Room:
    """The members of one room with their names."""

    def __init__(self) -> None:
        self._names: dict[Member, str] = {}

    @property
    def is_full(self) -> bool:
        return len(self._names) >= MAX_MEMBERS

    @property
    def is_empty(self) -> bool:
        return not self._names

    def add(self, connection: Connection, wanted: str) -> Member:
        """Let a member in: greet it, and tell the others."""
        member = Member(connection)
        name = self._names[member] = self._free_name(wanted)
        member.queue(encode(Welcome(name, tuple(self._names.values()))))
        self._tell_others(member, Joined(name))
        return member

    def remove(self, member: Member) -> None:
        """Remove a member, and tell the others."""
        member.stop()
        self._tell_others(member, Left(self._names[member]))
        del self._names[member]

    def receive(self, member: Member, message: str | bytes) -> None:
        """Do what a member's message asks for, or tell the member why not."""
        name = self._names[member]
        if isinstance(message, bytes):
            self._tell_others(member, Attached(name, len(message)), message)
            return
        request = request_of(message)
        if isinstance(request, TakeName):
            self._rename(member, request.name)
        elif len(request.text) > MAX_TEXT:
            member.queue(encode(Refused(f"A text has {MAX_TEXT:,} characters at most.")))
        else:
            self._tell_others(member, Said(name, request.text))

    def _rename(self, member: Member, wanted: str) -> None:
        before = self._names[member]
        if not clean_name(wanted):
            member.queue(encode(Refused("A name has at least one visible character.")))
            return
        name = self._free_name(wanted, besides=before)
        if name == before:
            return
        self._names[member] = name
        renamed = Renamed(before, name)
        member.queue(encode(renamed))
        self._tell_others(member, renamed)

    def _free_name(self, wanted: str, besides: str = "") -> str:
        return free_name(wanted, {name_key(one) for one in self._names.values() if one != besides})

    def _tell_others(self, member: Member, event: RoomEvent, message: bytes | None = None) -> None:
        text = encode(event)
        for other in self._names:
            if other is not member:
                other.queue(text)
                if message is not None:
                    other.queue(message)
