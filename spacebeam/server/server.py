"""The built-in server: Soup.Server does the handshake, then Connection has the server's role."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from gi.repository import Gio, GLib

from spacebeam import __version__
from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.net.handshake import OpenedStream
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.report import HandshakeReport
from spacebeam.net.request_rules import subprotocol_fault
from spacebeam.net.soup import Soup
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, accept
from spacebeam.protocol.endpoint import is_private, unescaped
from spacebeam.server.admission import Admission, AdmissionLimits, listening_socket
from spacebeam.server.paths import Paths, ServedPaths
from spacebeam.server.services import BadRequestError, Service

_log = logging.getLogger(__name__)

_VERSION = "13"  # of the protocol (RFC 6455, section 4.1)
_ANY_ORIGIN = "*"
_Inet = Gio.InetSocketAddress
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class ServerError(Exception):
    """The server cannot listen; the message has the reason."""


class Server:
    """Serves WebSockets on one address until it is stopped.

    Of the subprotocols that a client offers, the first is accepted, or the first in `subprotocols`
    if there are any. Web pages of `origins` may connect, beside those of `_is_near`; `*` is any.
    `paths` are those that are served, by default all of `ServedPaths`.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        limits: AdmissionLimits | None = None,
        *,
        subprotocols: Collection[str] = (),
        origins: Collection[str] = (),
        paths: Paths | None = None,
        connection_limits: ConnectionLimits | None = None,
    ) -> None:
        self._host = "127.0.0.1" if host == "localhost" else host
        self._port = port
        self._subprotocols = subprotocols
        self._origins = {_normalized(origin) for origin in origins}
        self._paths = paths or ServedPaths()
        self._connection_limits = connection_limits or ConnectionLimits()
        self._connections: dict[asyncio.Task[None], Connection] = {}
        self._soup = Soup.Server(server_header=f"Spacebeam/{__version__}", raw_paths=True)
        self._admission = Admission(self._soup, limits or AdmissionLimits())
        self._soup.connect("request-started", self._on_soup_request_started)

    def start(self) -> None:
        """Listen. Raise ServerError."""
        try:
            address = Gio.InetSocketAddress.new_from_string(self._host, self._port)
        except TypeError:  # PyGObject raises it if a constructor returns NULL
            raise ServerError(f"“{self._host}” is not an IP address to listen on.") from None
        try:
            self._soup.listen_socket(listening_socket(address), Soup.ServerListenOptions(0))
        except GLib.Error as error:
            reason = error.message.rpartition(": ")[2]  # GLib names the address first
            is_used = error.matches(Gio.io_error_quark(), Gio.IOErrorEnum.ADDRESS_IN_USE)
            hint = " Choose another port." if is_used else ""
            raise ServerError(
                f"Cannot listen on {self._host}, port {self._port}: {reason}.{hint}"
            ) from None
        _log.debug("listening on %s", self.url)

    @property
    def url(self) -> str:
        """The address to connect to, with the port in use, without a path."""
        uri = self._soup.get_uris()[0]
        host = uri.get_host() or self._host
        return f"ws://[{host}]:{uri.get_port()}" if ":" in host else f"ws://{host}:{uri.get_port()}"

    async def stop(self) -> None:
        """Stop listening and close every connection with 1001."""
        self._soup.disconnect()
        self._admission.disconnect_pending()
        connections = list(self._connections.values())
        await asyncio.gather(*(one.close(CloseCode.GOING_AWAY) for one in connections))
        if self._connections:
            await asyncio.wait(self._connections.keys())

    def _on_soup_request_started(self, _soup: Soup.Server, message: Soup.ServerMessage) -> None:
        message.connect("got-headers", self._on_message_got_headers)

    def _on_message_got_headers(self, message: Soup.ServerMessage) -> None:
        path, query = _target(message.get_uri())
        headers = message.get_request_headers()
        if (headers.get_one("Upgrade") or "").lower() != "websocket":
            _answer(message, 200 if path == "/" else 426, self._paths.help)
            return
        if headers.get_one("Sec-WebSocket-Version") != _VERSION:
            message.get_response_headers().replace("Sec-WebSocket-Version", _VERSION)
            _answer(message, 426, f"This server speaks version {_VERSION} of WebSocket.\n")
            return
        try:
            service = self._paths.find(path, query, _remote(message))
        except BadRequestError as error:
            _answer(message, 400, f"{error}\n")
            return
        if service is None:
            _answer(message, 404, self._paths.help)
        elif not self._may_come_from(headers.get_one("Origin"), headers.get_one("Host")):
            _answer(message, 403, "Pages of other sites may not connect to this server.\n")
        elif self._admission.is_full(len(self._connections)):
            _answer(message, 503, "Too many are connected.\n")
        else:
            self._upgrade(message, service)

    def _upgrade(self, message: Soup.ServerMessage, service: Service) -> None:
        if not Soup.websocket_server_process_handshake(message, None, None, None)[0]:
            return  # libsoup has refused the request
        asked, headers = message.get_request_headers(), message.get_response_headers()
        subprotocol = self._subprotocol(asked.get_list("Sec-WebSocket-Protocol") or "")
        if subprotocol is not None:
            headers.append("Sec-WebSocket-Protocol", subprotocol)
        offers = asked.get_list("Sec-WebSocket-Extensions")
        agreement = accept(offers) if offers else None
        if agreement is not None:
            headers.append("Sec-WebSocket-Extensions", agreement.as_header())
        message.connect("wrote-informational", self._on_message_upgraded, service, agreement)

    def _subprotocol(self, offers: str) -> str | None:
        """Return the accepted one of a client's offers, in its spelling; None for none of them."""
        for offer in offers.split(","):
            name = offer.strip(" \t")
            is_served = not self._subprotocols or name in self._subprotocols
            if is_served and not subprotocol_fault(name):
                return name
        return None

    def _may_come_from(self, origin: str | None, host: str | None) -> bool:
        """Return whether a web page of this origin may connect (RFC 6455, section 10.2).

        Programs send no origin.
        """
        if origin is None or _ANY_ORIGIN in self._origins:
            return True
        return _normalized(origin) in self._origins or _is_near(origin, host)

    def _on_message_upgraded(
        self, message: Soup.ServerMessage, service: Service, agreement: Agreement | None
    ) -> None:
        self._admission.finished(message)
        stream = message.steal_connection()
        report = HandshakeReport(message.get_uri().to_string())
        task = asyncio.ensure_future(self._serve(stream, report, service, agreement))
        del task  # the loop holds it until `_serve` adds it to the connections

    async def _serve(
        self,
        stream: Gio.IOStream,
        report: HandshakeReport,
        service: Service,
        agreement: Agreement | None,
    ) -> None:
        connection = Connection(limits=self._connection_limits)
        _log.debug("accepted a client")
        connection.accept(OpenedStream(stream, report, agreement))
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = connection
        try:
            await service(connection)
        except NotOpenError:
            pass  # the client disconnected
        finally:
            await connection.close()
            del self._connections[task]


def _target(uri: GLib.Uri) -> tuple[str, dict[str, str]]:
    """Return path and query without escapes, of UTF-8 or else of Latin-1.

    PyGObject would call no handler of Soup.Server for a path or query that is not UTF-8.
    """
    path, query = uri.get_path(), uri.get_query() or ""
    pairs = (one.replace("+", " ").partition("=") for one in query.split("&") if one)
    return unescaped(path), {unescaped(name): unescaped(value) for name, _, value in pairs}


def _remote(message: Soup.ServerMessage) -> str:
    """Return the client's IP address, or "" if it is gone."""
    address = message.get_remote_address()
    return address.get_address().to_string() if isinstance(address, _Inet) else ""


def _normalized(origin: str) -> str:
    """Return an origin as browsers send it: in lower case, without a default port or a slash."""
    scheme, colon, rest = origin.lower().removesuffix("/").partition(":")
    return scheme + colon + rest.removesuffix(_DEFAULT_PORTS.get(scheme, ""))


def _is_near(origin: str, host: str | None) -> bool:
    """Return whether a web page is of this computer, a private network or the server's IP address.

    A page on the internet may not connect to localhost, not even if its name resolves to this
    computer (DNS rebinding).
    """
    try:
        page = urlsplit(origin)
        name = page.hostname
    except ValueError:
        return False
    if name is None:
        return False
    return is_private(name) or (page.netloc == host and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _answer(message: Soup.ServerMessage, status: int, text: str) -> None:
    _log.debug("responding with HTTP status %d", status)
    message.set_status(status, HTTPStatus(status).phrase)  # libsoup has no phrase for 426
    headers = message.get_response_headers()
    # Close the connection: an idle connection counts against the admission limits.
    headers.replace("Connection", "close")
    if status == HTTPStatus.UPGRADE_REQUIRED:  # RFC 9110, section 15.5.22
        headers.replace("Upgrade", "websocket")
        headers.append("Connection", "Upgrade")
    message.set_response("text/plain; charset=utf-8", Soup.MemoryUse.COPY, text.encode())
