"""The report of a handshake: requests and responses, stages, addresses and TLS.

Values only. Window and terminal show `HandshakeReport.sections`.
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
        for line in self.response.split("\n")[1:]:  # values may contain other line ends
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
    faults: tuple[str, ...] = ()  # why it failed verification; the person may trust it anyway


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report to be shown: named facts, or a text as it was sent.

    Facts and `text` may come from the peer and are not escaped.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""


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

    def label(self, span: StageSpan) -> str:
        """Return a span's name to be shown, with the status of a response other than 101."""
        exchange = self.exchange_of(span)
        if exchange is None or exchange.status in (0, 101):
            return span.stage.label
        return f"{span.stage.label} ({exchange.status})"

    def waterfall(self) -> tuple[WaterfallSpan, ...]:
        """Return the stages as bars, to scale."""
        return waterfall(self.spans, self.total)

    def sections(self) -> tuple[ReportSection, ...]:
        """Return the report to be shown, without the times of stages."""
        sections = [ReportSection("Connection", tuple(self._facts()))]
        if self.tls is not None:
            sections.append(ReportSection("TLS", tuple(_tls_facts(self.tls))))
            for number, certificate in enumerate(self.tls.chain, 1):
                title = f"Certificate {number} of {len(self.tls.chain)}"
                sections.append(ReportSection(title, _certificate_facts(certificate)))
        for number, exchange in enumerate(self.exchanges, 1):
            of = f" {number} of {len(self.exchanges)}" if len(self.exchanges) > 1 else ""
            sections.append(ReportSection(f"Request{of}", text=exchange.request))
            sections.append(ReportSection(f"Answer{of}", text=exchange.response or "(no answer)"))
            if exchange.body:
                sections.append(ReportSection(f"Body{of}", text=exchange.body))
        return tuple(sections)

    def as_text(self) -> str:
        """Return the report as plain text, one fact on each line; peer data is not escaped."""
        parts = []
        for section in self.sections():
            facts = [f"{name}: {value}" for name, value in section.facts]
            parts.append("\n".join([section.title, *facts, *filter(None, [section.text])]))
        times = [_time(self.label(span), span) for span in self.spans]
        if times:
            parts.append("\n".join(["Stages", *times, f"Total: {self.total:.1f} ms"]))
        return "\n\n".join(parts)

    def _facts(self) -> list[tuple[str, str]]:
        remote = "Proxy address" if self.proxy else "Remote address"
        others = [address for address in self.tried_addresses if address != self.remote_address]
        facts = [
            ("Address", self.url),
            ("Proxy", self.proxy),
            (remote, self.remote_address),
            ("Tried", ", ".join(others)),
            ("Local address", self.local_address),
        ]
        if self.exchanges and self.exchanges[-1].status == 101:
            facts += [
                ("Subprotocol", self.subprotocol or "none"),
                ("Extensions", self.extensions or "none"),
            ]
        return [(name, value) for name, value in facts if value]


def _time(label: str, span: StageSpan) -> str:
    note = "" if span.is_over else ", not finished"
    return f"{label}: {span.took:.1f} ms{note}"


def _tls_facts(tls: TlsReport) -> list[tuple[str, str]]:
    facts = [("Version", tls.version), ("Cipher suite", tls.cipher_suite)]
    facts += [("Fault", fault) for fault in tls.faults]
    return [(name, value) for name, value in facts if value]


def _certificate_facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    return (
        ("Subject", certificate.subject),
        ("Issuer", certificate.issuer),
        ("Valid from", certificate.valid_from),
        ("Valid until", certificate.valid_to),
        ("SHA-256", certificate.sha256),
    )
