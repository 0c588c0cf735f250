"""A server with a protocol in JSON, made of Python's `websockets`, and files that talk to it."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

from tests.support.processes import LOOPBACK


def _answer(peer: ServerConnection, asked: dict[str, Any]) -> None:
    operation, number = asked.get("op"), asked.get("id")
    if operation == "sub":
        for count in range(asked.get("ticks", 0)):
            peer.send(json.dumps({"type": "tick", "count": count}))
        peer.send(json.dumps({"type": "subscribed", "id": number, "token": f"t-{number}"}))
    elif operation == "who":
        peer.send(json.dumps({"type": "you", "token": asked.get("token"), "id": number}))
    elif operation == "bytes":
        peer.send(b"\x00\x01\x02")
    elif operation == "ping":
        peer.ping("beat")
    elif operation == "close":
        peer.close(asked["code"], asked.get("reason", ""))


def _talk(peer: ServerConnection) -> None:
    with contextlib.suppress(ConnectionClosed):
        peer.send(json.dumps({"type": "welcome", "path": peer.request and peer.request.path}))
        for message in peer:
            if isinstance(message, bytes):
                peer.send(json.dumps({"type": "size", "size": len(message)}))
            elif message.startswith("{"):
                _answer(peer, json.loads(message))
            else:
                peer.send(message)


@contextlib.contextmanager
def feed() -> Iterator[str]:
    """Serve until the block ends; gives the address without its scheme."""
    server = serve(_talk, LOOPBACK, 0, ping_interval=None)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"{LOOPBACK}:{server.socket.getsockname()[1]}"
    finally:
        server.shutdown()
        thread.join()
