"""A server that writes down what clients send, and sends it back."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol


@dataclass
class Heard:
    """What a client sent in one connection."""

    path: str
    headers: dict[str, str]  # by their names in lower case
    messages: list[str | bytes] = field(default_factory=list)


class HearingServer:
    """What has been heard, in the order of the connections."""

    def __init__(self) -> None:
        self.url = ""
        self.heard: list[Heard] = []
        self._changed = threading.Condition()

    def wait_for_messages(self, count: int, timeout: float = 60) -> list[str | bytes]:
        """Return the first messages of all connections, once there are so many."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._messages()) >= count, timeout), (
                self.heard
            )
            return self._messages()[:count]

    def _messages(self) -> list[str | bytes]:
        return [message for one in self.heard for message in one.messages]

    def talk(self, connection: ServerConnection) -> None:
        """Hear one client to its end."""
        assert connection.request is not None
        headers = {name.lower(): value for name, value in connection.request.headers.raw_items()}
        one = Heard(connection.request.path, headers)
        with self._changed:
            self.heard.append(one)
        with contextlib.suppress(ConnectionClosed):
            for message in connection:
                with self._changed:
                    one.messages.append(message)
                    self._changed.notify_all()
                connection.send(message)


@contextlib.contextmanager
def hearing_server() -> Iterator[HearingServer]:
    """Serve until the block ends."""
    heard = HearingServer()

    def chosen(_server: ServerConnection, offered: object) -> Subprotocol | None:
        return next(iter(offered), None) if isinstance(offered, list | tuple) else None

    with serve(heard.talk, "127.0.0.1", 0, select_subprotocol=chosen) as server:
        heard.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield heard
        finally:
            server.shutdown()
            thread.join()
