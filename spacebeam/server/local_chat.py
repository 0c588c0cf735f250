"""A chat room that all windows on this computer share.

The first process serves it on a fixed port; all windows of all processes connect to it.
The server is imported when the room is first served: most processes never serve it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacebeam.server.chat_rooms import ChatRooms
    from spacebeam.server.server import Server
    from spacebeam.server.shared_room import AskPerson, SharedRoom

PORT = 22326  # unassigned by IANA, and below the range of ephemeral ports
_ROOM = "lobby"


def chosen_port(environment: Mapping[str, str] = os.environ) -> int:
    """Return the port: SPACEBEAM_CHAT_PORT, which tests set, if it is valid, else PORT."""
    text = environment.get("SPACEBEAM_CHAT_PORT", "")
    is_port = text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535
    return int(text) if is_port else PORT


class LocalChat:
    """The shared room, served by this process unless another process serves it."""

    def __init__(self, port: int = PORT) -> None:
        self._port = port
        self._rooms: ChatRooms | None = None
        self._server: Server | None = None
        self._shared: SharedRoom | None = None

    @property
    def url(self) -> str:
        """The room's address."""
        return f"ws://127.0.0.1:{self._port}/chat/{_ROOM}"

    @property
    def is_served_here(self) -> bool:
        """Whether this process serves the room; only it can share it."""
        return self._server is not None

    @property
    def shared_urls(self) -> list[str]:
        """The room's addresses for other computers; none unless it is shared."""
        return [] if self._shared is None else self._shared.urls

    def address(self) -> str:
        """Serve the room if no other process does; return its address."""
        from spacebeam.server.paths import ServedPaths
        from spacebeam.server.server import Server, ServerError

        if self._server is None:
            server = Server(port=self._port, paths=ServedPaths(self._own_rooms()))
            try:
                server.start()
                self._server = server
            except ServerError:
                pass  # the port is in use: another process serves the room
        return self.url

    def share(self, ask: AskPerson, hosts: Sequence[str] | None = None) -> None:
        """Let other computers join, each after `ask` has said so. Raise ServerError.

        `hosts` are the addresses to listen on, by default this computer's in its networks.
        """
        from spacebeam.net.interfaces import network_addresses
        from spacebeam.server.shared_room import SharedRoom

        if self._shared is None:
            shared = SharedRoom(self._own_rooms(), _ROOM, ask)
            shared.start(network_addresses() if hosts is None else hosts, self._port)
            self._shared = shared

    def _own_rooms(self) -> ChatRooms:
        from spacebeam.server.chat_rooms import ChatRooms

        if self._rooms is None:
            self._rooms = ChatRooms()
        return self._rooms

    async def stop_sharing(self) -> None:
        """Let no other computer join, and disconnect those that have."""
        shared, self._shared = self._shared, None
        if shared is not None:
            await shared.stop()

    async def stop(self) -> None:
        """Stop serving the room."""
        await self.stop_sharing()
        if self._server is not None:
            await self._server.stop()
            self._server = None
