"""The report of a handshake as window and terminal show it."""

from __future__ import annotations

from spacebeam.net.report import HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage
from spacebeam.wording.report import report_sections, report_text, stage_meaning
from tests.support.reports import REPORT


def test_a_report_of_nothing_is_its_address() -> None:
    assert report_text(HandshakeReport("ws://h/")) == "Connection\nAddress: ws://h/"


def test_the_text_has_the_facts_messages_and_times_in_order() -> None:
    assert report_text(REPORT) == (
        "Connection\n"
        "Address: wss://h/\n"
        "Proxy: http://proxy:3128\n"
        "Proxy address: 127.0.0.1:443\n"
        "Local address: 127.0.0.1:1\n\n"
        "TLS\n"
        "Version: TLS 1.3\n"
        "Cipher suite: AES\n\n"
        "Certificate 1 of 1\n"
        "Subject: CN=h\n"
        "Issuer: CN=ca\n"
        "Valid from: 2026-01-01\n"
        "Valid until: 2027-01-01\n"
        "SHA-256: ab\n\n"
        "Request 1 of 2\nGET / HTTP/1.1\nHost: h\n\n"
        "Answer 1 of 2\nHTTP/1.1 302 Found\nLocation: /x\n\n"
        "Body 1 of 2\nmoved\n\n"
        "Request 2 of 2\nGET /x HTTP/1.1\nHost: h\n\n"
        "Answer 2 of 2\n(no answer)\n\n"
        "Stages\n"
        "TCP: 0.3 ms\n"
        "Upgrade (302): 1.0 ms\n"
        "TCP: 1.5 ms\n"
        "TLS: 12.0 ms\n"
        "Upgrade: 3.0 ms, not finished\n"
        "Total: 20.5 ms"
    )


def test_negotiated_extensions_and_subprotocols_are_named() -> None:
    opened = HttpExchange("ws://h/", "GET / HTTP/1.1", "HTTP/1.1 101 Yes", 101)
    report = HandshakeReport("ws://h/", (opened,), subprotocol="chat")
    facts = report_sections(report)[0].facts
    assert facts[1:] == (("Subprotocol", "chat"), ("Extensions", "none"))


def test_addresses_that_did_not_answer_are_listed() -> None:
    report = HandshakeReport(
        "ws://h/", remote_address="1.2.3.4:80", tried_addresses=("[::1]:80", "1.2.3.4:80")
    )
    assert ("Tried", "[::1]:80") in report_sections(report)[0].facts


def test_certificate_errors_are_clauses_and_unknown_ones_are_unchanged() -> None:
    tls = TlsReport("TLS 1.3", "AES", (), ("expired", "a sentence of an old recording"))
    facts = report_sections(HandshakeReport("wss://h/", tls=tls))[1].facts
    assert facts[2:] == (("Fault", "it has expired"), ("Fault", "a sentence of an old recording"))


def test_every_stage_has_a_description() -> None:
    assert len({stage_meaning(stage) for stage in HandshakeStage}) == len(HandshakeStage)
