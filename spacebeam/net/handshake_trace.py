"""Traces a handshake: requests, responses, stages, addresses and TLS, through libsoup's signals.

libsoup's objects live on the handshake's thread; the report is made when it is over.
"""

from __future__ import annotations

import ipaddress
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from gi.repository import Gio, GLib

from spacebeam.net.answer_start import AnswerStart
from spacebeam.net.answer_text import body_text, head_text
from spacebeam.net.certificates import certificate_faults, fingerprint
from spacebeam.net.failures import CertificateFault, HandshakeStep
from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.soup import Soup
from spacebeam.net.soup_bytes import reason_phrase, set_printer
from spacebeam.net.stages import HandshakeStage, StageClock
from spacebeam.net.uri import request_target
from spacebeam.protocol.endpoint import Endpoint

_log = logging.getLogger(__name__)

MAX_BODY = 64 * 1024  # bytes of a refusal's body; the rest is left out

Trust = Callable[[Gio.TlsCertificate], bool]

_LOGGED_RESPONSE = "<"

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
    """Collects a handshake's facts through libsoup's signals; `report` returns them."""

    def __init__(self, cancellable: Gio.Cancellable | None = None) -> None:
        self._cancellable = cancellable or Gio.Cancellable()
        self.greeting = b""  # the beginning of an answer in another protocol
        self.proxy = ""  # the proxy in use, without credentials
        self.proxy_source = ""
        self.is_address_known = False  # on: one of a name's addresses is tried after the others
        self._url = ""
        self._is_trusted_anyway: Trust = _trust_none
        self.certificate_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self._accepted_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self._is_secure = False
        self._looks_up = True
        self._was_connected = False
        self._event: Gio.SocketClientEvent | None = None
        self._began = time.time()
        self._clock = StageClock(time.monotonic())
        self._exchanges: list[HttpExchange] = []
        self._message: Soup.Message | None = None  # the newest
        self._size = self._size_before = 0  # bytes of the message's answers; of the earlier ones
        self._start: AnswerStart | None = None
        self._earlier = 0  # count of exchanges of earlier attempts
        self._body: list[bytes] | None = None
        self._printers: list[object] = []  # live as long as the sessions that call them
        self._addresses = ("", "")
        self._tried: list[str] = []
        self._tls: TlsReport | None = None
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
        if self.last is None or self.last.status:
            return 0
        metrics = None if self._message is None else self._message.get_metrics()
        if metrics is not None:
            self._size = metrics.get_response_header_bytes_received()
        return self._size - self._size_before

    @property
    def has_tls(self) -> bool:
        """Whether TLS works on the connection."""
        return self._tls is not None and not self.certificate_errors

    @property
    def is_http(self) -> bool:
        """Whether the server is known to have begun an HTTP answer; inside TLS only from a head."""
        return self._start is not None and self._start.is_http

    @property
    def is_head_whole(self) -> bool:
        """Whether a whole head was seen, without TLS."""
        return self._start is not None and self._start.has_whole_head

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

    def begin(self, endpoint: Endpoint, is_trusted_anyway: Trust) -> None:
        """Begin the next attempt. Earlier exchanges and stages remain; addresses and TLS do not."""
        self._url = endpoint.url
        self._earlier = len(self._exchanges)
        self._is_secure = endpoint.is_secure
        name = urlsplit(self.proxy).hostname or "" if self.proxy else endpoint.host
        is_network = endpoint.socket_path is None
        self._looks_up = is_network and not self.is_address_known and _is_name(name)
        self._is_trusted_anyway = is_trusted_anyway
        self._reset_connection()

    def end(self) -> None:
        """Let go of libsoup's objects, so that the connection is closed with the stream."""
        self._size = self._size_before + self.answer_size
        self._message = self._start = None

    def _reset_connection(self) -> None:
        self._start = None
        self.certificate_errors = self._accepted_errors = Gio.TlsCertificateFlags.NO_FLAGS
        self._event = None
        self._was_connected = False
        self._addresses = ("", "")
        if not self.is_address_known:
            self._tried.clear()
        self._tls = None

    def watch(self, session: Soup.Session) -> None:
        """Record the bodies that a session receives."""
        # Only the logger sees the body of a refusal: Soup.Session.websocket_connect_async reads and
        # discards it.
        logger = Soup.Logger.new(Soup.LoggerLogLevel.BODY)
        logger.set_max_body_size(MAX_BODY)
        self._printers.append(set_printer(logger, self._on_logger_print))
        session.add_feature(logger)

    def follow(self, message: Soup.Message) -> None:
        """Record a message's events."""
        self._message, self._size = message, 0
        message.add_flags(Soup.MessageFlags.COLLECT_METRICS)
        message.connect("network-event", self._on_message_network_event)
        message.connect("accept-certificate", self._on_message_accept_certificate)
        message.connect("wrote-headers", self._on_message_wrote_headers)
        message.connect("got-headers", self._on_message_got_headers)
        message.connect("got-informational", self._on_message_got_headers)

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
            tls=self._tls,
            subprotocol=self._subprotocol,
            extensions=self._extensions,
            tried_addresses=tuple(self._tried),
            began=self._began,
            total=self._clock.milliseconds(now),
        )

    def _on_message_network_event(
        self, _message: Soup.Message, event: Gio.SocketClientEvent, stream: Gio.IOStream | None
    ) -> None:
        now = time.monotonic()
        if event == Gio.SocketClientEvent.RESOLVING:  # emitted for IP addresses too
            self._reset_connection()
            self._clock.next_connection(now)
        self._event = event
        if _log.isEnabledFor(logging.DEBUG):
            _log.debug("%.1f ms: %s", self._clock.milliseconds(now), event.value_nick)
        self._note_stage(event, now)
        if event == Gio.SocketClientEvent.TLS_HANDSHAKED and isinstance(stream, Gio.TlsConnection):
            self._check(stream)
        if isinstance(stream, Gio.SocketConnection):
            self._note_address(event, stream)
            # A wrapper has the TLS of a proxy below it, so its socket has no plain bytes.
            is_plain = not isinstance(stream, Gio.TcpWrapperConnection)
            if event == Gio.SocketClientEvent.COMPLETE and is_plain:
                self._start = AnswerStart(stream)

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
            self._tried.append(_address(connection.get_remote_address()))
        elif event == Gio.SocketClientEvent.CONNECTED:
            self._was_connected = True
            self._addresses = (
                _address(connection.get_local_address()),
                _address(connection.get_remote_address()),
            )

    def _check(self, stream: Gio.TlsConnection) -> None:
        """Check the certificate of a resumed TLS session, for which no signal is emitted.

        It was accepted earlier, perhaps under other options; GLib caches sessions for the whole
        process.
        """
        certificate, errors = stream.get_peer_certificate(), stream.get_peer_certificate_errors()
        if certificate is None:
            return
        if errors and not self._accepted_errors:
            if not self._is_trusted_anyway(certificate):
                self._distrust(certificate, errors)
                self._cancellable.cancel()  # before anything is sent to the server
                return
            self._accepted_errors = errors
        self._tls = _tls(stream, certificate, certificate_faults(self._accepted_errors))
        _log.debug("TLS: %s, %s", self._tls.version, self._tls.cipher_suite)

    def _distrust(self, certificate: Gio.TlsCertificate, errors: Gio.TlsCertificateFlags) -> None:
        self.certificate_errors = errors
        _log.debug("TLS: certificate refused (%d)", errors)
        # Shown to the person, who may decide to trust it.
        self._tls = TlsReport("", "", _chain(certificate), _values(certificate_faults(errors)))

    def _on_message_accept_certificate(
        self,
        _message: Soup.Message,
        certificate: Gio.TlsCertificate,
        errors: Gio.TlsCertificateFlags,
    ) -> bool:
        if self._is_trusted_anyway(certificate):
            self._accepted_errors = errors
            _log.debug("TLS: certificate trusted despite errors (%d)", errors)
            return True
        self._distrust(certificate, errors)
        return False

    def _on_message_wrote_headers(self, message: Soup.Message) -> None:
        line = f"{message.get_method()} {request_target(message.get_uri())} HTTP/1.1"
        request = _head(line, message.get_request_headers())
        self._clock.begin(HandshakeStage.UPGRADE, time.monotonic())
        self._size_before = 0
        self._exchanges.append(HttpExchange(self._url, request, connection=self._clock.connection))
        self._size_before = self.answer_size
        if self._start is not None:
            # Now, because libsoup reads next, without another signal.
            self._start.wait(self._cancellable)
            self.greeting = self._start.greeting()
            if self.greeting:
                self._cancellable.cancel()

    def _on_message_got_headers(self, message: Soup.Message) -> None:
        self._clock.end(HandshakeStage.UPGRADE, time.monotonic())
        status = int(message.get_status())
        version = "1.0" if message.get_http_version() == Soup.HTTPVersion.HTTP_1_0 else "1.1"
        line = f"HTTP/{version} {status} {head_text(reason_phrase(message))}".rstrip()
        head = _head(line, message.get_response_headers())
        if self._start is not None:
            head = "\n".join(self._start.restored(head.split("\n")))
        self._exchanges[-1] = replace(self._exchanges[-1], response=head, status=status)
        _log.debug("response: HTTP status %d", status)

    def _on_logger_print(self, direction: str, line: bytes) -> None:
        if direction != _LOGGED_RESPONSE:
            if self._body and self._exchanges:
                last = self._exchanges[-1]
                body = body_text(b"\n".join(self._body), last.header("Content-Type"))
                self._exchanges[-1] = replace(last, body=body)
            self._body = None
        elif self._body is not None:
            self._body.append(line)
        elif line == b"":
            self._body = []


def _head(first: str, headers: Soup.MessageHeaders) -> str:
    lines = [first]
    headers.foreach(lambda name, value: lines.append(f"{name}: {value}"))
    return "\n".join(lines)


def _is_name(host: str) -> bool:
    """Whether a host is a name, not an IP address."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return False


def _address(address: Gio.SocketAddress | None) -> str:
    if not isinstance(address, Gio.InetSocketAddress):
        return ""
    host = address.get_address().to_string()
    return f"[{host}]:{address.get_port()}" if ":" in host else f"{host}:{address.get_port()}"


def _trust_none(_certificate: Gio.TlsCertificate) -> bool:
    return False


def _tls(
    stream: Gio.TlsConnection, certificate: Gio.TlsCertificate, faults: tuple[CertificateFault, ...]
) -> TlsReport:
    version = stream.get_protocol_version().value_nick.upper().replace("-", " ", 1)
    cipher_suite = stream.get_ciphersuite_name() or ""
    return TlsReport(version.replace("-", "."), cipher_suite, _chain(certificate), _values(faults))


def _values(faults: tuple[CertificateFault, ...]) -> tuple[str, ...]:
    return tuple(fault.value for fault in faults)


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
