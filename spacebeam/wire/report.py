"""What a handshake was: both sides' words, the stages' times, addresses and TLS facts.

Values only, so that window, terminal and recording can show and keep them.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, as they were sent (RFC 6455, section 4)."""

    url: str
    request: str  # request line and headers, a line each
    response: str = ""  # status line and headers; empty while no answer came
    status: int = 0
    body: str = ""  # of a refusal, cut at 64 KiB

    def header(self, name: str) -> str | None:
        """The first value of a header of the answer."""
        for line in self.response.splitlines()[1:]:
            key, _, value = line.partition(":")
            if key.lower() == name.lower():
                return value.strip()
        return None


@dataclass(frozen=True, slots=True)
class Stages:
    """How long each stage took, in milliseconds; None for a stage that was not gone through."""

    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    upgrade: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate of the server's chain says."""

    subject: str
    issuer: str
    valid_from: str  # ISO 8601, UTC
    valid_to: str
    sha256: str  # fingerprint in hexadecimal


@dataclass(frozen=True, slots=True)
class Tls:
    """How the connection is protected."""

    version: str
    cipher_suite: str
    chain: tuple[Certificate, ...]  # the server's own first
    faults: tuple[str, ...] = ()  # why it would not have been trusted, had the person not said so


@dataclass(frozen=True, slots=True)
class Report:
    """Everything known of one handshake, whether it succeeded or not."""

    url: str
    exchanges: tuple[Exchange, ...] = ()  # more than one after redirects or authentication
    stages: Stages = field(default_factory=Stages)
    local_address: str = ""
    remote_address: str = ""
    proxy: str = ""  # the one that was used, without its credentials
    tls: Tls | None = None
    subprotocol: str = ""
    extensions: str = ""  # Sec-WebSocket-Extensions as agreed

    def as_text(self) -> str:
        """The report for a person to read: plain text, a fact a line."""
        parts = []
        for exchange in self.exchanges:
            parts.append(exchange.request)
            parts.append(exchange.response or "(no answer)")
            if exchange.body:
                parts.append(exchange.body)
        facts = [f"{name}: {value}" for name, value in self.facts()]
        if facts:
            parts.append("\n".join(facts))
        return "\n\n".join(parts)

    def facts(self) -> list[tuple[str, str]]:
        """What is known beside both sides' words, by name."""
        facts = [("Local address", self.local_address), ("Remote address", self.remote_address)]
        facts.append(("Proxy", self.proxy))
        if self.tls is not None:
            facts += [("TLS", self.tls.version), ("Cipher suite", self.tls.cipher_suite)]
            facts += [("Certificate fault", fault) for fault in self.tls.faults]
            facts += [("Fingerprint (SHA-256)", one.sha256) for one in self.tls.chain[:1]]
            facts += [
                ("Certificate", f"{one.subject}, by {one.issuer}, until {one.valid_to}")
                for one in self.tls.chain
            ]
        named = [
            ("Name lookup", self.stages.dns),
            ("TCP connection", self.stages.connect),
            ("TLS handshake", self.stages.tls),
            ("Upgrade", self.stages.upgrade),
        ]
        facts += [(name, f"{took:.1f} ms") for name, took in named if took is not None]
        return [(name, value) for name, value in facts if value]
