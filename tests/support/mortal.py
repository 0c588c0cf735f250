"""A server that dies and comes back at the same port."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.support.processes import LOOPBACK, free_port


class Mortal:
    """Echoes; `heard` is what was said to it in all of its lives, `clients` who came."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"ws://{LOOPBACK}:{self.port}/"
        self.heard: list[str | bytes] = []
        self.clients: list[ServerConnection] = []
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def rise(self) -> None:
        """Listen, for the first time or again."""
        server = serve(
            self._talk, LOOPBACK, self.port, ping_interval=None, close_timeout=1, max_size=None
        )
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever)
        self._thread.start()

    def die(self) -> None:
        """Drop every client without a goodbye, and listen no more."""
        if self._server is None or self._thread is None:
            return
        with contextlib.suppress(OSError):
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self.drop()
        self._server.shutdown()
        self._thread.join()
        self._server = None

    def drop(self) -> None:
        """Drop every client without a goodbye, and go on listening."""
        for client in self.clients:
            with contextlib.suppress(OSError):
                client.socket.shutdown(socket.SHUT_RDWR)

    def _talk(self, client: ServerConnection) -> None:
        self.clients.append(client)
        with contextlib.suppress(ConnectionClosed):
            for message in client:
                self.heard.append(message)
                client.send(message)


@contextlib.contextmanager
def mortal() -> Iterator[Mortal]:
    """A server that is alive, and dead when the block ends."""
    server = Mortal()
    server.rise()
    try:
        yield server
    finally:
        server.die()
