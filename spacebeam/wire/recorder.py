"""Watches a handshake and writes down what was said and when.

The watched objects live on the handshake's thread; the facts are read when it is over.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from gi.repository import Gio, GLib, Soup

from spacebeam.wire.certificate_faults import certificate_faults
from spacebeam.wire.report import Certificate, Exchange, Report, Stages, Tls
from spacebeam.wire.trust import fingerprint

MAX_BODY = 64 * 1024  # of a refusal; the rest is left out

Trust = Callable[[Gio.TlsCertificate], bool]

_LOGGED_RESPONSE = ord("<")

_WAITING_FOR = {
    None: "before the name was looked up",
    Gio.SocketClientEvent.RESOLVING: "while the name was looked up",
    Gio.SocketClientEvent.RESOLVED: "while the connection was made",
    Gio.SocketClientEvent.CONNECTING: "while the connection was made",
    Gio.SocketClientEvent.CONNECTED: "before the handshake was sent",
    Gio.SocketClientEvent.PROXY_NEGOTIATING: "while the proxy was asked",
    Gio.SocketClientEvent.PROXY_NEGOTIATED: "after the proxy agreed",
    Gio.SocketClientEvent.TLS_HANDSHAKING: "in the TLS handshake",
    Gio.SocketClientEvent.TLS_HANDSHAKED: "after the TLS handshake",
    Gio.SocketClientEvent.COMPLETE: "waiting for the server's answer to the handshake",
}


class HandshakeRecorder:
    """Collects a handshake's facts through libsoup's signals."""

    def __init__(self, on_distrusted: Callable[[], None] = lambda: None) -> None:
        self._on_distrusted = on_distrusted
        self.proxy = ""  # the one that was used, without its credentials
        self._url = ""
        self._is_trusted_anyway: Trust = _trust_none
        self.certificate_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self._pardoned = Gio.TlsCertificateFlags.NO_FLAGS
        self._event: Gio.SocketClientEvent | None = None
        self._times: dict[Gio.SocketClientEvent, float] = {}
        self._answered: float | None = None
        self._exchanges: list[Exchange] = []
        self._earlier = 0  # exchanges of the attempts before
        self._body: list[str] | None = None
        self._addresses = ("", "")
        self._tls: Tls | None = None
        self._subprotocol = ""
        self._extensions = ""

    @property
    def stage(self) -> str:
        """What was under way last, as the end of a sentence."""
        last, at_server = self.last, self._event is Gio.SocketClientEvent.COMPLETE
        if at_server and last is not None and last.status >= 200:
            return f"in the middle of the server's answer (HTTP status {last.status})"
        return _WAITING_FOR[self._event]

    @property
    def was_connected(self) -> bool:
        """Whether anyone, be it a proxy, took the connection."""
        return Gio.SocketClientEvent.CONNECTED in self._times

    @property
    def was_asked(self) -> bool:
        """Whether the server asked for a user and a password."""
        return any(exchange.status == 401 for exchange in self._exchanges)

    @property
    def last(self) -> Exchange | None:
        """The newest exchange of this attempt, if it came to send a request."""
        return self._exchanges[-1] if len(self._exchanges) > self._earlier else None

    def begin(self, url: str, is_trusted_anyway: Trust) -> None:
        """The next attempt begins: what was said before stays, times and facts are its own."""
        self._url = url
        self._earlier = len(self._exchanges)
        self._is_trusted_anyway = is_trusted_anyway
        self.certificate_errors = self._pardoned = Gio.TlsCertificateFlags.NO_FLAGS
        self._event = None
        self._times.clear()
        self._tls = None

    def watch(self, session: Soup.Session) -> None:
        """Write down the bodies that a session receives."""
        # The body of a refusal reaches no one but the logger (Soup.Session
        # .websocket_connect_async reads it and throws it away).
        logger = Soup.Logger.new(Soup.LoggerLogLevel.BODY)
        logger.set_max_body_size(MAX_BODY)
        logger.set_printer(self._on_logger_print)
        session.add_feature(logger)

    def follow(self, message: Soup.Message) -> None:
        """Write down what becomes of a message."""
        message.connect("network-event", self._on_message_network_event)
        message.connect("accept-certificate", self._on_message_accept_certificate)
        message.connect("wrote-headers", self._on_message_wrote_headers)
        message.connect("got-headers", self._on_message_got_headers)
        message.connect("got-informational", self._on_message_got_headers)

    def opened(self, subprotocol: str) -> None:
        self._subprotocol = subprotocol

    def report(self, url: str) -> Report:
        return Report(
            url,
            tuple(self._exchanges),
            self._stages(),
            *self._addresses,
            proxy=self.proxy,
            tls=self._tls,
            subprotocol=self._subprotocol,
            extensions=self._extensions,
        )

    def _stages(self) -> Stages:
        event = Gio.SocketClientEvent
        return Stages(
            dns=self._took(event.RESOLVING, event.RESOLVED),
            connect=self._took(event.CONNECTING, event.CONNECTED),
            tls=self._took(event.TLS_HANDSHAKING, event.TLS_HANDSHAKED),
            upgrade=_milliseconds(self._times.get(event.COMPLETE), self._answered),
        )

    def _took(self, start: Gio.SocketClientEvent, end: Gio.SocketClientEvent) -> float | None:
        return _milliseconds(self._times.get(start), self._times.get(end))

    def _on_message_network_event(
        self, _message: Soup.Message, event: Gio.SocketClientEvent, stream: Gio.IOStream | None
    ) -> None:
        self._event = event
        self._times[event] = time.monotonic()
        if event == Gio.SocketClientEvent.TLS_HANDSHAKED and isinstance(stream, Gio.TlsConnection):
            self._check(stream)
        if event == Gio.SocketClientEvent.CONNECTED and isinstance(stream, Gio.SocketConnection):
            self._addresses = (
                _address(stream.get_local_address()),
                _address(stream.get_remote_address()),
            )

    def _check(self, stream: Gio.TlsConnection) -> None:
        """Check a certificate that nobody was asked about.

        A TLS session that is taken up again brings one that was accepted then, perhaps under other
        options; GLib keeps such sessions for the whole process.
        """
        certificate, errors = stream.get_peer_certificate(), stream.get_peer_certificate_errors()
        if certificate is None or not errors or self._pardoned:
            return
        if self._is_trusted_anyway(certificate):
            self._pardoned = errors
        else:
            self._distrust(certificate, errors)
            self._on_distrusted()  # before anything is said to the server

    def _distrust(self, certificate: Gio.TlsCertificate, errors: Gio.TlsCertificateFlags) -> None:
        self.certificate_errors = errors
        # Shown to the person, who may trust it all the same.
        self._tls = Tls("", "", _chain(certificate), certificate_faults(errors))

    def _on_message_accept_certificate(
        self,
        _message: Soup.Message,
        certificate: Gio.TlsCertificate,
        errors: Gio.TlsCertificateFlags,
    ) -> bool:
        if self._is_trusted_anyway(certificate):
            self._pardoned = errors
            return True
        self._distrust(certificate, errors)
        return False

    def _on_message_wrote_headers(self, message: Soup.Message) -> None:
        uri = message.get_uri()
        query = uri.get_query()
        target = uri.get_path() + (f"?{query}" if query else "")
        line = f"{message.get_method()} {target} HTTP/1.1"
        request = _head(line, message.get_request_headers())
        self._exchanges.append(Exchange(self._url, request))

    def _on_message_got_headers(self, message: Soup.Message) -> None:
        self._answered = time.monotonic()
        status = int(message.get_status())
        line = f"HTTP/1.1 {status} {message.get_reason_phrase() or ''}".rstrip()
        headers = message.get_response_headers()
        self._exchanges[-1] = replace(
            self._exchanges[-1], response=_head(line, headers), status=status
        )
        self._extensions = headers.get_list("Sec-WebSocket-Extensions") or ""
        self._tls = _tls(message, certificate_faults(self._pardoned))

    def _on_logger_print(
        self, _logger: Soup.Logger, _level: Soup.LoggerLogLevel, direction: int, line: str
    ) -> None:
        if direction != _LOGGED_RESPONSE:
            if self._body and self._exchanges:
                self._exchanges[-1] = replace(self._exchanges[-1], body="\n".join(self._body))
            self._body = None
        elif self._body is not None:
            self._body.append(line)
        elif line == "":
            self._body = []


def _head(first: str, headers: Soup.MessageHeaders) -> str:
    lines = [first]
    headers.foreach(lambda name, value: lines.append(f"{name}: {value}"))
    return "\n".join(lines)


def _milliseconds(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None or end < start else (end - start) * 1000


def _address(address: Gio.SocketAddress | None) -> str:
    if not isinstance(address, Gio.InetSocketAddress):
        return ""
    host = address.get_address().to_string()
    return f"[{host}]:{address.get_port()}" if ":" in host else f"{host}:{address.get_port()}"


def _trust_none(_certificate: Gio.TlsCertificate) -> bool:
    return False


def _tls(message: Soup.Message, faults: tuple[str, ...]) -> Tls | None:
    certificate = message.get_tls_peer_certificate()
    if certificate is None:
        return None
    version = message.get_tls_protocol_version().value_nick.upper().replace("-", " ", 1)
    cipher_suite = message.get_tls_ciphersuite_name() or ""
    return Tls(version.replace("-", "."), cipher_suite, _chain(certificate), faults)


def _chain(certificate: Gio.TlsCertificate | None) -> tuple[Certificate, ...]:
    chain = []
    while certificate is not None:
        chain.append(_certificate(certificate))
        certificate = certificate.get_issuer()
    return tuple(chain)


def _certificate(certificate: Gio.TlsCertificate) -> Certificate:
    return Certificate(
        certificate.get_subject_name() or "",
        certificate.get_issuer_name() or "",
        _iso(certificate.get_not_valid_before()),
        _iso(certificate.get_not_valid_after()),
        fingerprint(certificate),
    )


def _iso(moment: GLib.DateTime | None) -> str:
    return "" if moment is None else (moment.format_iso8601() or "")
