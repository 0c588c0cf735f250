"""The built-in server for tests."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import AsyncIterator, Collection
from urllib.parse import urlsplit

from spacebeam.server.admission import AdmissionLimits
from spacebeam.server.server import Server


@contextlib.asynccontextmanager
async def serving(
    limits: AdmissionLimits | None = None,
    *,
    subprotocols: Collection[str] = (),
    origins: Collection[str] = (),
) -> AsyncIterator[Server]:
    """Run a server at a free port of loopback until the block ends."""
    server = Server(limits=limits, subprotocols=subprotocols, origins=origins)
    server.start()
    try:
        yield server
    finally:
        await server.stop()


def dial(server: Server, buffer: int | None = None) -> socket.socket:
    """Connect a plain socket to the server; `buffer` limits its unread bytes."""
    address = urlsplit(server.url)
    client = socket.socket()
    if buffer is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.settimeout(15)
    client.connect((address.hostname, address.port))
    return client


def request(path: str, *headers: str, host: str = "localhost") -> bytes:
    """Return the bytes of an opening handshake."""
    lines = (
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode()


def read_head(client: socket.socket) -> str:
    """Read a response's status line and headers."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = client.recv(1)
        if not byte:
            break
        head += byte
    return head.decode("latin-1")
