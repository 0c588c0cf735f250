"""A server that remembers how its clients left, and says what a test tells it to."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.support.processes import LOOPBACK


class Listener:
    """Listens to clients; `heard` and `goodbyes` are what they said."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[str | bytes] = []
        self.goodbyes: list[int] = []  # the clients' close codes, 1006 where there was none
        self.clients: list[ServerConnection] = []

    def talk(self, client: ServerConnection) -> None:
        self.clients.append(client)
        with contextlib.suppress(ConnectionClosed):
            for message in client:
                self.heard.append(message)
        self.goodbyes.append(
            client.protocol.close_rcvd.code if client.protocol.close_rcvd else 1006
        )


@contextlib.contextmanager
def listener() -> Iterator[Listener]:
    """A listener on a thread of its own, until the block ends."""
    listening = Listener()
    server = serve(listening.talk, LOOPBACK, 0, ping_interval=None)
    listening.url = f"ws://{LOOPBACK}:{server.socket.getsockname()[1]}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield listening
    finally:
        server.shutdown()
        thread.join()
