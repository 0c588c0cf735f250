"""The report of a handshake, to be shown by window and terminal."""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.wording.body_text import body_text
from spacebeam.wording.failures import fault_words
from spacebeam.wording.i18n import _
from spacebeam.wording.proxies import proxy_source_words


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A part of a report: named facts, or a text as it was sent.

    Facts and `text` may come from the peer and are not escaped.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""


def report_sections(report: HandshakeReport) -> tuple[ReportSection, ...]:
    """Return the report in sections, without the times of stages."""
    sections = [ReportSection(_("Connection"), tuple(_facts(report)))]
    if report.tls is not None:
        sections.append(ReportSection(_("TLS"), tuple(_tls_facts(report.tls))))
        count = len(report.tls.chain)
        for number, certificate in enumerate(report.tls.chain, 1):
            title = _("Certificate {number} of {count}").format(number=number, count=count)
            sections.append(ReportSection(title, _certificate_facts(certificate)))
    for number, exchange in enumerate(report.exchanges, 1):
        sections += _exchange_sections(exchange, number, len(report.exchanges))
    return tuple(sections)


def report_text(report: HandshakeReport) -> str:
    """Return the report as plain text, one fact on each line; peer data is not escaped."""
    parts = []
    for section in report_sections(report):
        facts = [f"{name}: {value}" for name, value in section.facts]
        parts.append("\n".join([section.title, *facts, *filter(None, [section.text])]))
    times = [_time(span_label(report, span), span) for span in report.spans]
    if times:
        total = _("Total: {milliseconds} ms").format(milliseconds=f"{report.total:.1f}")
        parts.append("\n".join([_("Stages"), *times, total]))
    return "\n\n".join(parts)


def span_label(report: HandshakeReport, span: StageSpan) -> str:
    """Return a span's name, with the HTTP status of a response other than 101."""
    exchange = report.exchange_of(span)
    label = _stage_labels()[span.stage]
    return (
        label if exchange is None or exchange.status in (0, 101) else f"{label} ({exchange.status})"
    )


def stage_meaning(stage: HandshakeStage) -> str:
    """Return what happens in a stage, as a sentence without its full stop."""
    return {
        HandshakeStage.DNS: _("Look up the server's name"),
        HandshakeStage.TCP: _("Connect to the first address that answers"),
        HandshakeStage.PROXY: _("Ask the proxy to connect to the server"),
        HandshakeStage.TLS_SETUP: _("Read this computer's certificate authorities"),
        HandshakeStage.TLS: _("Agree on keys and verify the server's certificate"),
        HandshakeStage.UPGRADE: _("Send the request and wait for the server's answer"),
    }[stage]


def _stage_labels() -> dict[HandshakeStage, str]:
    return {
        HandshakeStage.DNS: _("DNS"),
        HandshakeStage.TCP: _("TCP"),
        HandshakeStage.PROXY: _("Proxy"),
        HandshakeStage.TLS_SETUP: _("TLS set-up"),
        HandshakeStage.TLS: _("TLS"),
        HandshakeStage.UPGRADE: _("Upgrade"),
    }


def _exchange_sections(exchange: HttpExchange, number: int, count: int) -> list[ReportSection]:
    if count > 1:
        titles = (
            _("Request {number} of {count}"),
            _("Answer {number} of {count}"),
            _("Body {number} of {count}"),
        )
    else:
        titles = (_("Request"), _("Answer"), _("Body"))
    texts = (exchange.request, exchange.response or _("(no answer)"), body_text(exchange))
    return [
        ReportSection(title.format(number=number, count=count), text=text)
        for title, text in zip(titles, texts, strict=True)
        if text
    ]


def _facts(report: HandshakeReport) -> list[tuple[str, str]]:
    remote = _("Proxy address") if report.proxy else _("Remote address")
    tried = [address for address in report.tried_addresses if address != report.remote_address]
    facts = [
        (_("Address"), report.url),
        (_("Proxy"), report.proxy),
        (_("Proxy from"), proxy_source_words(report.proxy_source)),
        (_("Proxy status"), str(report.proxy_status or "")),
        (remote, report.remote_address),
        (_("Tried"), ", ".join(tried)),
        (_("Local address"), report.local_address),
    ]
    if report.exchanges and report.exchanges[-1].status == 101:
        facts += [
            (_("Subprotocol"), report.subprotocol or _("none")),
            (_("Extensions"), report.extensions or _("none")),
        ]
    return [(name, value) for name, value in facts if value]


def _time(label: str, span: StageSpan) -> str:
    words = (
        _("{label}: {milliseconds} ms")
        if span.is_over
        else _("{label}: {milliseconds} ms, not finished")
    )
    return words.format(label=label, milliseconds=f"{span.took:.1f}")


def _tls_facts(tls: TlsReport) -> list[tuple[str, str]]:
    facts = [(_("Version"), tls.version), (_("Cipher suite"), tls.cipher_suite)]
    facts += [(_("Fault"), fault_words(fault)) for fault in tls.faults]
    return [(name, value) for name, value in facts if value]


def _certificate_facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    return (
        (_("Subject"), certificate.subject),
        (_("Issuer"), certificate.issuer),
        (_("Valid from"), certificate.valid_from),
        (_("Valid until"), certificate.valid_to),
        (_("SHA-256"), certificate.sha256),
    )
