"""A server made of Python's `websockets`, on threads of its own.

Its paths are those of peer.js, so that a test can ask either.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol

from tests.support.processes import LOOPBACK


def _talk(peer: ServerConnection) -> None:
    assert peer.request is not None
    target = urlsplit(peer.request.path)
    query = {name: values[0] for name, values in parse_qs(target.query).items()}
    with contextlib.suppress(ConnectionClosed):
        if target.path == "/echo":
            for message in peer:
                peer.send(message)
        elif target.path == "/close":
            peer.close(int(query["code"]), query.get("reason", ""))
        elif target.path == "/ping":
            peer.ping(query["payload"]).wait()
            peer.send("the pong came")
            peer.recv()
        elif target.path == "/fragments":
            peer.send(["one ", "two ", "three"])
            peer.recv()
        elif target.path == "/size":
            for message in peer:
                peer.send(str(len(message)))


@contextlib.contextmanager
def websockets_peer(
    *, compression: bool = True, context: ssl.SSLContext | None = None, **options: Any
) -> Iterator[int]:
    """Serve until the block ends; gives the port."""
    server = serve(
        _talk,
        LOOPBACK,
        0,
        ssl=context,
        compression="deflate" if compression else None,
        subprotocols=[Subprotocol("chat.v2"), Subprotocol("chat.v1")],
        max_size=None,
        ping_interval=None,
        select_subprotocol=_select,
        **options,
    )
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.socket.getsockname()[1]
    finally:
        server.shutdown()
        thread.join()


def _select(_peer: ServerConnection, offered: Any) -> Subprotocol | None:
    return Subprotocol("chat.v1") if "chat.v1" in offered else None
