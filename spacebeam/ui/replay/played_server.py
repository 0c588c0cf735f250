"""The server that plays a recording: who is connected, and what fitted no message."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from spacebeam.net.connection import Connection
from spacebeam.net.message_writer import NotOpenError
from spacebeam.scenario.replay.script import Turn
from spacebeam.scenario.replay.server_part import ServerPart, ServerSettings
from spacebeam.server.inbox import Inbox
from spacebeam.server.services import Query, Service
from spacebeam.ui.handlers import weakly


@dataclass(frozen=True, slots=True)
class PlayedClient:
    """A client that is connected."""

    number: int  # counts from 1
    remote: str  # its IP address
    path: str


class PlayedPaths:
    """Plays to whoever connects, at any path. The functions are called on the loop, bound weakly.

    New settings hold for clients that connect later.
    """

    help = "This server plays a recording at any path.\n"

    def __init__(
        self,
        script: Sequence[Turn],
        on_connected: Callable[[PlayedClient], None],
        on_left: Callable[[PlayedClient], None],
        on_unknown: Callable[[PlayedClient, str | bytes], None],
    ) -> None:
        self.settings = ServerSettings()
        self._script = script
        self._connected = weakly(on_connected)
        self._left = weakly(on_left)
        self._unknown = weakly(on_unknown)
        self._numbers = itertools.count(1)

    def find(self, path: str, _query: Query, remote: str) -> Service | None:
        """Return the recording's service for a client."""

        async def serve(connection: Connection) -> None:
            await self._serve(connection, PlayedClient(next(self._numbers), remote, path))

        return serve

    async def _serve(self, connection: Connection, client: PlayedClient) -> None:
        async def send(message: str | bytes) -> None:
            with suppress(NotOpenError):
                await connection.send(message)

        def tell_unknown(message: str | bytes) -> None:
            self._unknown(client, message)

        self._connected(client)
        try:
            part = ServerPart(self._script, self.settings, tell_unknown)
            await part.play(Inbox(connection), send)
        finally:
            self._left(client)
