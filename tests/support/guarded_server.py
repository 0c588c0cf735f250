"""A server that requires authentication and sends secrets of its own."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from tests.support.processes import LOOPBACK
from tests.support.raw_server import header, raw_server, read_request, switching, wait_for_end

COOKIE = "c00kie-of-the-server"
LINK_TOKEN = "t0ken'of;the-redirect"
_MESSAGE_AND_CLOSE = b"\x81\x02hi\x88\x02\x03\xe8"


class GuardedServer:
    """Redirects from /start to a WebSocket; with `asks`, it requires Digest."""

    def __init__(self, *, asks: bool) -> None:
        self.url = ""
        self.received = b""
        self._asks = asks

    def talk(self, peer: socket.socket) -> None:
        request = read_request(peer)
        self.received += request
        signed_in = (header(request, "Authorization") or "").startswith("Digest ")
        if self._asks and not signed_in:
            challenge = 'WWW-Authenticate: Digest realm="all", nonce="n"'
            _answer(peer, "401 Unauthorized", challenge)
        elif request.startswith(b"GET /start"):
            there = f"/talk?access_token={LINK_TOKEN}"
            headers = (f"Location: {there}", f"Set-Cookie: id={COOKIE}; Path=/")
            _answer(peer, "302 Found", *headers, body=f'<a href="{there}&amp;x=1">there</a>')
        else:
            peer.sendall(switching(request, f"Set-Cookie: other={COOKIE}") + _MESSAGE_AND_CLOSE)
            wait_for_end(peer)


def _answer(peer: socket.socket, status: str, *headers: str, body: str = "") -> None:
    head = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close")
    peer.sendall("\r\n".join((*head, "", body)).encode())


@contextlib.contextmanager
def guarded_server(*, asks: bool = False) -> Iterator[GuardedServer]:
    """Run such a server until the block ends."""
    server = GuardedServer(asks=asks)
    with raw_server(server.talk) as raw:
        server.url = f"ws://{LOOPBACK}:{raw.port}/start"
        yield server
