"""The report of a handshake: requests and responses, stages, addresses and TLS.

Values only; `wording.report` makes what window and terminal show.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.net.stages import HandshakeStage, StageSpan, WaterfallSpan, waterfall


@dataclass(frozen=True, slots=True)
class HttpExchange:
    """One request and its response, as they were sent (RFC 6455, section 4)."""

    url: str
    request: str  # request line and headers, one on each line
    response: str = ""  # status line and headers; empty without a response
    status: int = 0
    body: str = ""  # of a refusal, cut at 64 KiB
    connection: int = 0  # which of the handshake's connections, counted from 0

    def header(self, name: str) -> str | None:
        """Return the first value of a response header."""
        return _first_value(self.response, name)

    def request_header(self, name: str) -> str | None:
        """Return the first value of a request header."""
        return _first_value(self.request, name)


def _first_value(head: str, name: str) -> str | None:
    for line in head.split("\n")[1:]:  # values may contain other line ends
        key, _, value = line.partition(":")
        if key.lower() == name.lower():
            return value.strip()
    return None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate of the server's chain."""

    subject: str
    issuer: str
    valid_from: str  # ISO 8601, UTC
    valid_to: str
    sha256: str  # fingerprint in hexadecimal


@dataclass(frozen=True, slots=True)
class TlsReport:
    """The TLS parameters of a connection."""

    version: str
    cipher_suite: str
    chain: tuple[Certificate, ...]  # the server's certificate first
    faults: tuple[str, ...] = ()  # values of CertificateFault; sentences in old recordings


@dataclass(frozen=True, slots=True)
class HandshakeReport:
    """The facts of one handshake, successful or not.

    Addresses, proxy and TLS are those of the last connection.
    """

    url: str
    exchanges: tuple[HttpExchange, ...] = ()  # more than one after redirects or authentication
    spans: tuple[StageSpan, ...] = ()  # in the order they began; an UPGRADE for each exchange
    local_address: str = ""
    remote_address: str = ""  # the proxy's, where one was used
    proxy: str = ""  # the proxy that was used, without credentials
    tls: TlsReport | None = None
    subprotocol: str = ""
    extensions: str = ""  # negotiated Sec-WebSocket-Extensions
    tried_addresses: tuple[str, ...] = ()  # addresses of all connection attempts, in order
    began: float = 0.0  # Unix time in seconds
    total: float = 0.0  # milliseconds until the WebSocket was open or the handshake failed
    # Secret headers and parameters of the options, in lower case; others are recognised by name.
    secret_names: frozenset[str] = frozenset()

    def took(self, stage: HandshakeStage) -> float | None:
        """Return the duration of a stage of the last connection, in milliseconds.

        None if it did not begin or was not finished.
        """
        last = max((span.connection for span in self.spans), default=0)
        spans = [span for span in self.spans if span.connection == last and span.stage is stage]
        if not spans or not all(span.is_over for span in spans):
            return None
        return sum(span.took for span in spans)

    def exchange_of(self, span: StageSpan) -> HttpExchange | None:
        """Return the exchange of an UPGRADE stage."""
        upgrades = [one for one in self.spans if one.stage is HandshakeStage.UPGRADE]
        for place, one in enumerate(upgrades[: len(self.exchanges)]):
            if one is span:
                return self.exchanges[place]
        return None

    def connection_url(self, connection: int) -> str:
        """Return the address of a connection, counted from 0."""
        urls = (one.url for one in self.exchanges if one.connection == connection)
        return next(urls, self.url)

    def waterfall(self) -> tuple[WaterfallSpan, ...]:
        """Return the stages as bars, to scale."""
        return waterfall(self.spans, self.total)
