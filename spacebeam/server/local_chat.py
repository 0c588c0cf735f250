"""A chat on this computer: the one room that all windows of this computer share.

Whoever comes first serves it, at a fixed port; the others, in other processes too, find it there.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from spacebeam.server.server import Server, ServerError

PORT = 22326  # unassigned, and below the range from which systems take ports at random
_ROOM = "/room/lobby"


def chosen_port(environment: Mapping[str, str] = os.environ) -> int:
    """The room's port: SPACEBEAM_CHAT_PORT where that is a port, so that tests have a room of
    their own."""
    text = environment.get("SPACEBEAM_CHAT_PORT", "")
    is_port = text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535
    return int(text) if is_port else PORT


class LocalChat:
    """The shared room, served by this process where no other serves it already."""

    def __init__(self, port: int = PORT) -> None:
        self._port = port
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """The room's address."""
        return f"ws://127.0.0.1:{self._port}{_ROOM}"

    def address(self) -> str:
        """The room's address; it is served from now on, here or elsewhere."""
        if self._server is None:
            server = Server(port=self._port)
            try:
                server.start()
                self._server = server
            except ServerError:
                pass  # the port is taken: by the other window's server
        return self.url

    async def stop(self) -> None:
        """Serve the room no more."""
        if self._server is not None:
            await self._server.stop()
            self._server = None
