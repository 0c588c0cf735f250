"""A chat room that all windows on this computer share.

The first process serves it on a fixed port; all windows of all processes connect to it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from spacebeam.server.server import Server, ServerError

PORT = 22326  # unassigned by IANA, and below the range of ephemeral ports
_ROOM = "/room/lobby"


def chosen_port(environment: Mapping[str, str] = os.environ) -> int:
    """Return the port: SPACEBEAM_CHAT_PORT, which tests set, if it is valid, else PORT."""
    text = environment.get("SPACEBEAM_CHAT_PORT", "")
    is_port = text.isascii() and text.isdigit() and len(text) <= 5 and 1 <= int(text) <= 65535
    return int(text) if is_port else PORT


class LocalChat:
    """The shared room, served by this process unless another process serves it."""

    def __init__(self, port: int = PORT) -> None:
        self._port = port
        self._server: Server | None = None

    @property
    def url(self) -> str:
        """The room's address."""
        return f"ws://127.0.0.1:{self._port}{_ROOM}"

    def address(self) -> str:
        """Serve the room if no other process does; return its address."""
        if self._server is None:
            server = Server(port=self._port)
            try:
                server.start()
                self._server = server
            except ServerError:
                pass  # the port is in use: another process serves the room
        return self.url

    async def stop(self) -> None:
        """Stop serving the room."""
        if self._server is not None:
            await self._server.stop()
            self._server = None
