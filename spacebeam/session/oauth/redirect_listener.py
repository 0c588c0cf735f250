"""Waits for the browser to come back from a sign-in: a page on this computer (RFC 8252, 7.3)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable
from urllib.parse import urlsplit

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.session.oauth.values import OAuthError

_DEFAULT = "http://127.0.0.1/callback"
_MAX_HEAD = 32 * 1024  # bytes
_HEAD_TIMEOUT_S = 10.0
_ANSWER_TIMEOUT_S = 1.0
_MAX_CONNECTIONS = 16


class RedirectListener:
    """Listens at `url`; the browser's first request for its path is the answer.

    `page` makes the page that the browser shows, of whether the sign-in has succeeded.
    """

    def __init__(self, url: str, page: Callable[[bool], str]) -> None:
        self.url = url
        self._path = urlsplit(url).path or "/"
        self._page = page
        self._connections = 0
        loop = asyncio.get_running_loop()
        self.has_succeeded = False
        self._query: asyncio.Future[str] = loop.create_future()
        self._is_over = asyncio.Event()
        self._answering: asyncio.Task[None] | None = None

    async def query(self) -> str:
        """Wait for the browser; return the query that it came back with."""
        return await self._query

    async def finish(self) -> None:
        """Let the browser show whether the sign-in has succeeded."""
        self._is_over.set()
        if self._answering is not None:
            await asyncio.wait({self._answering}, timeout=_ANSWER_TIMEOUT_S)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        self._connections += 1
        try:
            if self._connections <= _MAX_CONNECTIONS:
                async with asyncio.timeout(_HEAD_TIMEOUT_S):
                    head = await reader.readuntil(b"\r\n\r\n")
                writer.write(await self._answer(head))
                await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # not a browser
        finally:
            self._connections -= 1
            writer.close()

    async def _answer(self, head: bytes) -> bytes:
        method, _, rest = head.decode("latin-1").partition(" ")
        target = rest.partition(" ")[0]
        path, _, query = target.partition("?")
        if method != "GET" or path != self._path or self._query.done():
            return _response("404 Not Found", "")
        self._answering = asyncio.current_task()
        self._query.set_result(query)
        await self._is_over.wait()
        return _response("200 OK", self._page(self.has_succeeded))


def _response(status: str, page: str) -> bytes:
    body = page.encode()
    lines = (
        f"HTTP/1.1 {status}",
        "Content-Type: text/html; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Cache-Control: no-store",
        "Referrer-Policy: no-referrer",
        "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode() + body


@contextlib.asynccontextmanager
async def listening(typed: str, page: Callable[[bool], str]) -> AsyncIterator[RedirectListener]:
    """Listen at the typed address, or at a free port. Raise OAuthError if it is in use."""
    parts = urlsplit(typed.strip() or _DEFAULT)
    host = parts.hostname or "127.0.0.1"
    sockets = _bound(host, parts.port or 0)
    port = sockets[0].getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    listener = RedirectListener(f"http://{shown}:{port}{parts.path}", page)
    servers = []
    try:
        for one in sockets:
            server = await asyncio.start_server(listener.serve, sock=one, limit=_MAX_HEAD)
            servers.append(server)
        yield listener
    finally:
        await listener.finish()
        for server in servers:
            server.close()
        for one in sockets:
            one.close()


def _bound(host: str, port: int) -> list[socket.socket]:
    """Return sockets at a port of loopback; browsers may take IPv6 for `localhost`."""
    hosts = ("127.0.0.1", "::1") if host == "localhost" else (host,)
    bound: list[socket.socket] = []
    for one in hosts:
        family = socket.AF_INET6 if ":" in one else socket.AF_INET
        made = socket.socket(family)
        try:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((one, port))
            made.listen(_MAX_CONNECTIONS)
        except OSError:
            made.close()
            continue
        made.setblocking(False)
        port = port or made.getsockname()[1]
        bound.append(made)
    if not bound:
        raise OAuthError(Failure(FailureCause.OAUTH_PORT, detail=str(port)))
    return bound
