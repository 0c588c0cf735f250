"""Traces a handshake: requests, responses, stages and addresses; `report` returns them."""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from gi.repository import Gio, GLib

from spacebeam.net.failures import HandshakeStep
from spacebeam.net.report import HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageClock
from spacebeam.protocol.endpoint import Endpoint

_log = logging.getLogger(__name__)

_STEPS = {
    None: HandshakeStep.BEFORE_LOOKUP,
    Gio.SocketClientEvent.RESOLVING: HandshakeStep.LOOKUP,
    Gio.SocketClientEvent.RESOLVED: HandshakeStep.CONNECTING,
    Gio.SocketClientEvent.CONNECTING: HandshakeStep.CONNECTING,
    Gio.SocketClientEvent.CONNECTED: HandshakeStep.CONNECTED,
    Gio.SocketClientEvent.PROXY_NEGOTIATING: HandshakeStep.PROXY,
    Gio.SocketClientEvent.PROXY_NEGOTIATED: HandshakeStep.PROXY_AGREED,
    Gio.SocketClientEvent.TLS_HANDSHAKING: HandshakeStep.TLS,
    Gio.SocketClientEvent.TLS_HANDSHAKED: HandshakeStep.TLS_DONE,
    Gio.SocketClientEvent.COMPLETE: HandshakeStep.WAITING_FOR_ANSWER,
}

_BEGINNINGS = {
    Gio.SocketClientEvent.RESOLVING: HandshakeStage.DNS,
    Gio.SocketClientEvent.CONNECTING: HandshakeStage.TCP,
    Gio.SocketClientEvent.PROXY_NEGOTIATING: HandshakeStage.PROXY,
    Gio.SocketClientEvent.TLS_HANDSHAKING: HandshakeStage.TLS,
}
_ENDS = {
    Gio.SocketClientEvent.RESOLVED: HandshakeStage.DNS,
    Gio.SocketClientEvent.CONNECTED: HandshakeStage.TCP,
    Gio.SocketClientEvent.PROXY_NEGOTIATED: HandshakeStage.PROXY,
    Gio.SocketClientEvent.TLS_HANDSHAKED: HandshakeStage.TLS,
}


class HandshakeTrace:
    """Collects a handshake's facts on its thread."""

    def __init__(self) -> None:
        self.proxy = ""  # the proxy in use, without credentials
        self.proxy_source = ""
        self.is_address_known = False  # on: one of a name's addresses is tried after the others
        self.certificate_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self.tls: TlsReport | None = None
        self.has_certificate = False  # a client's
        self._url = ""
        self._is_secure = False
        self._looks_up = True
        self._was_connected = False
        self._event: Gio.SocketClientEvent | None = None
        self._began = time.time()
        self._clock = StageClock(time.monotonic())
        self._exchanges: list[HttpExchange] = []
        self._size = 0  # bytes since the request, or since the last informational response
        self._earlier = 0  # count of exchanges of earlier attempts
        self._addresses = ("", "")
        self._tried: list[str] = []
        self._subprotocol = ""
        self._extensions = ""

    @property
    def step(self) -> HandshakeStep:
        """How far the handshake came."""
        if self.answer_status:
            return HandshakeStep.INSIDE_ANSWER
        return HandshakeStep.INSIDE_HEAD if self.answer_size else _STEPS[self._event]

    @property
    def answer_status(self) -> int:
        """The HTTP status of an answer whose end has not been received, else 0."""
        last, at_server = self.last, self._event is Gio.SocketClientEvent.COMPLETE
        return last.status if at_server and last is not None and last.status >= 200 else 0

    @property
    def answer_size(self) -> int:
        """Bytes that the server sent since the last request, while there is no whole answer."""
        return 0 if self.last is None or self.last.status else self._size

    @property
    def was_connected(self) -> bool:
        """Whether a connection was made, to the server or a proxy."""
        return self._was_connected

    def was_tried(self, address: Gio.SocketAddress) -> bool:
        """Whether connecting to an address was tried in this attempt."""
        return _address(address) in self._tried

    @property
    def last(self) -> HttpExchange | None:
        """The last exchange of this attempt; None before its request was sent."""
        exchanges = self._exchanges[self._earlier :]
        return exchanges[-1] if exchanges else None

    def begin(self, endpoint: Endpoint) -> None:
        """Begin the next attempt. Earlier exchanges and stages remain; addresses and TLS do not."""
        self._url = endpoint.url
        self._earlier = len(self._exchanges)
        self._is_secure = endpoint.is_secure
        name = urlsplit(self.proxy).hostname or "" if self.proxy else endpoint.host
        is_network = endpoint.socket_path is None
        self._looks_up = is_network and not self.is_address_known and _is_name(name)
        self._event = None
        self._was_connected = False
        self._addresses = ("", "")
        if not self.is_address_known:
            self._tried.clear()
        self.certificate_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self.tls = None

    def opened(self, subprotocol: str, extensions: str) -> None:
        """Record the subprotocol and extensions of the open WebSocket."""
        self._subprotocol = subprotocol
        self._extensions = extensions

    def report(self, url: str) -> HandshakeReport:
        """Return the report; stages in progress last until now."""
        now = time.monotonic()
        return HandshakeReport(
            url,
            tuple(self._exchanges),
            self._clock.spans(now),
            *self._addresses,
            proxy=self.proxy,
            proxy_source=self.proxy_source,
            tls=self.tls,
            subprotocol=self._subprotocol,
            extensions=self._extensions,
            tried_addresses=tuple(self._tried),
            began=self._began,
            total=self._clock.milliseconds(now),
        )

    def note(self, event: Gio.SocketClientEvent, stream: Gio.IOStream | None = None) -> None:
        """Record an event of the connection; COMPLETE is the last, after TLS."""
        now = time.monotonic()
        if event == Gio.SocketClientEvent.RESOLVING:  # emitted for IP addresses too
            self._clock.next_connection(now)
        self._event = event
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%.1f ms: %s", self._clock.milliseconds(now), event.value_nick)
        self._note_stage(event, now)
        if isinstance(stream, Gio.SocketConnection):
            self._note_address(event, stream)

    def requested(self, request: str) -> None:
        """Record a request that was sent."""
        self._clock.begin(HandshakeStage.UPGRADE, time.monotonic())
        self._size = 0
        self._exchanges.append(HttpExchange(self._url, request, connection=self._clock.connection))

    def received(self, count: int) -> None:
        """Record that bytes of the answer came."""
        self._size += count

    def answered(self, status: int, response: str) -> HttpExchange:
        """Record a response's head, also an informational one; return the exchange."""
        self._clock.end(HandshakeStage.UPGRADE, time.monotonic())
        answered = replace(self._exchanges[-1], response=response, status=status)
        self._exchanges[-1] = answered
        _log.debug("response: HTTP status %d", status)
        return answered

    def answered_with_body(self, body: str) -> HttpExchange:
        """Record the body of the last response; return the exchange."""
        self._exchanges[-1] = replace(self._exchanges[-1], body=body)
        return self._exchanges[-1]

    def _note_stage(self, event: Gio.SocketClientEvent, now: float) -> None:
        if event in _ENDS:
            self._clock.end(_ENDS[event], now)
        if event in _BEGINNINGS and (event != Gio.SocketClientEvent.RESOLVING or self._looks_up):
            self._clock.begin(_BEGINNINGS[event], now)
        # GLib reads the trusted authorities first, often longer than the TLS handshake takes.
        tls_set_up_after = (
            Gio.SocketClientEvent.PROXY_NEGOTIATED
            if self.proxy
            else Gio.SocketClientEvent.CONNECTED
        )
        if self._is_secure and event == tls_set_up_after:
            self._clock.begin(HandshakeStage.TLS_SETUP, now)
        elif event == Gio.SocketClientEvent.TLS_HANDSHAKING:
            self._clock.end(HandshakeStage.TLS_SETUP, now)

    def _note_address(self, event: Gio.SocketClientEvent, connection: Gio.SocketConnection) -> None:
        if event == Gio.SocketClientEvent.CONNECTING:
            self._tried.append(_end(connection.get_remote_address))
        elif event == Gio.SocketClientEvent.CONNECTED:
            self._was_connected = True
            self._addresses = (
                _end(connection.get_local_address),
                _end(connection.get_remote_address),
            )


def _is_name(host: str) -> bool:
    """Whether a host is a name, not an IP address."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return False


def _end(address: Callable[[], Gio.SocketAddress | None]) -> str:
    try:
        return _address(address())
    except GLib.Error:  # the peer has already reset the connection; reading from it will say so
        return ""


def _address(address: Gio.SocketAddress | None) -> str:
    if not isinstance(address, Gio.InetSocketAddress):
        return ""
    host = address.get_address().to_string()
    return f"[{host}]:{address.get_port()}" if ":" in host else f"{host}:{address.get_port()}"
