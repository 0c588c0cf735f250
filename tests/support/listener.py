"""A server that stores its clients' messages and close codes."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.support.processes import LOOPBACK


class Listener:
    """Receives messages of its clients; answers the first one of each with `answer`, or none."""

    def __init__(self, answer: bytes | None = None) -> None:
        self.url = ""
        self._answer = answer
        self.messages: list[str | bytes] = []
        self.close_codes: list[int] = []  # the clients' close codes, 1006 where there was none
        self.clients: list[ServerConnection] = []

    def talk(self, client: ServerConnection) -> None:
        self.clients.append(client)
        with contextlib.suppress(ConnectionClosed):
            for count, message in enumerate(client):
                self.messages.append(message)
                if self._answer is not None and not count:
                    client.send(self._answer)
        self.close_codes.append(
            client.protocol.close_rcvd.code if client.protocol.close_rcvd else 1006
        )


@contextlib.contextmanager
def listener(answer: bytes | None = None) -> Iterator[Listener]:
    """Run a listener on its own thread until the block ends."""
    listening = Listener(answer)
    server = serve(listening.talk, LOOPBACK, 0, ping_interval=None)
    listening.url = f"ws://{LOOPBACK}:{server.socket.getsockname()[1]}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield listening
    finally:
        # A client on this thread's loop cannot answer any more, and the server would wait for it.
        for client in listening.clients:
            with contextlib.suppress(OSError):
                client.socket.shutdown(socket.SHUT_RDWR)
        server.shutdown()
        thread.join()
