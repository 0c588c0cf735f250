"""A server that can be stopped and started again at the same port."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from tests.support.processes import LOOPBACK, free_port


class RestartableServer:
    """An echo server; `messages` and `clients` are those of all its runs."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"ws://{LOOPBACK}:{self.port}/"
        self.messages: list[str | bytes] = []
        self.clients: list[ServerConnection] = []
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen, for the first time or again."""
        server = serve(
            self._talk, LOOPBACK, self.port, ping_interval=None, close_timeout=1, max_size=None
        )
        self._server = server
        self._thread = threading.Thread(target=server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        """Disconnect every client without a close frame and stop listening."""
        if self._server is None or self._thread is None:
            return
        with contextlib.suppress(OSError):
            self._server.socket.shutdown(socket.SHUT_RDWR)
        self.disconnect_clients()
        self._server.shutdown()
        self._thread.join()
        self._server = None

    def disconnect_clients(self) -> None:
        """Disconnect every client without a close frame and continue listening."""
        for client in self.clients:
            with contextlib.suppress(OSError):
                client.socket.shutdown(socket.SHUT_RDWR)

    def _talk(self, client: ServerConnection) -> None:
        self.clients.append(client)
        with contextlib.suppress(ConnectionClosed):
            for message in client:
                self.messages.append(message)
                client.send(message)


@contextlib.contextmanager
def restartable_server() -> Iterator[RestartableServer]:
    """Run the server until the block ends."""
    server = RestartableServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()
