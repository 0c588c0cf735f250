"""What is to be read of a handshake: facts by name, and both sides' words."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.visible import lines, one_line
from spacebeam.wire.report import Certificate, Report


@dataclass(frozen=True, slots=True)
class Section:
    """Facts that belong together, safe to show."""

    title: str
    facts: tuple[tuple[str, str], ...]


def sections(report: Report) -> list[Section]:
    """All that is known of the connection, its protection and the server's certificates."""
    found = [
        _section(
            "Connection",
            ("Address", report.url),
            ("This side", report.local_address),
            ("Server", report.remote_address),
            ("Proxy", report.proxy),
            ("Subprotocol", report.subprotocol),
            ("Extensions", report.extensions),
        )
    ]
    if report.tls is not None:
        faults = [("Fault", fault) for fault in report.tls.faults]
        found.append(
            _section(
                "Protection",
                ("TLS", report.tls.version.removeprefix("TLS ")),
                ("Cipher suite", report.tls.cipher_suite),
                *faults,
            )
        )
        chain = report.tls.chain
        found += [
            _certificate(f"Certificate {number} of {len(chain)}", certificate)
            for number, certificate in enumerate(chain, start=1)
        ]
    return [section for section in found if section.facts]


def exchanges(report: Report) -> str:
    """Requests and answers, headers as they were sent; safe to show."""
    parts = []
    for exchange in report.exchanges:
        parts.append(exchange.request)
        parts.append(exchange.response or "(no answer)")
        if exchange.body:
            parts.append(exchange.body)
    return lines("\n\n".join(parts))


def _certificate(title: str, certificate: Certificate) -> Section:
    return _section(
        title,
        ("Subject", certificate.subject),
        ("Issuer", certificate.issuer),
        ("Valid from", certificate.valid_from),
        ("Valid until", certificate.valid_to),
        ("SHA-256", certificate.sha256),
    )


def _section(title: str, *facts: tuple[str, str]) -> Section:
    return Section(title, tuple((name, one_line(value)) for name, value in facts if value))
