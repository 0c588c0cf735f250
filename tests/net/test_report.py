"""What a handshake was, for a person to read."""

from __future__ import annotations

import pytest

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan

MOVED = HttpExchange(
    "ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 302 Found\nLocation: /x", 302, "moved"
)
REPORT = HandshakeReport(
    "wss://h/",
    (MOVED, HttpExchange("wss://h/x", "GET /x HTTP/1.1\nHost: h", connection=1)),
    (
        StageSpan(HandshakeStage.TCP, 0.0, 0.26),
        StageSpan(HandshakeStage.UPGRADE, 1.0, 2.0),
        StageSpan(HandshakeStage.TCP, 2.0, 3.5, 1),
        StageSpan(HandshakeStage.TLS, 4.0, 16.0, 1),
        StageSpan(HandshakeStage.UPGRADE, 17.0, 20.04, 1, is_over=False),
    ),
    "127.0.0.1:1",
    "127.0.0.1:443",
    "http://proxy:3128",
    TlsReport("TLS 1.3", "AES", (Certificate("CN=h", "CN=ca", "2026-01-01", "2027-01-01", "ab"),)),
    total=20.5,
)


def test_a_report_of_nothing_is_its_address() -> None:
    assert HandshakeReport("ws://h/").as_text() == "Connection\nAddress: ws://h/"


def test_the_text_has_the_facts_what_was_said_and_the_times_in_order() -> None:
    assert REPORT.as_text() == (
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


def test_what_was_agreed_on_is_told_where_something_was_agreed_on() -> None:
    opened = HttpExchange("ws://h/", "GET / HTTP/1.1", "HTTP/1.1 101 Yes", 101)
    facts = HandshakeReport("ws://h/", (opened,), subprotocol="chat").sections()[0].facts
    assert facts[1:] == (("Subprotocol", "chat"), ("Extensions", "none"))


def test_addresses_that_did_not_answer_are_told() -> None:
    report = HandshakeReport(
        "ws://h/", remote_address="1.2.3.4:80", tried_addresses=("[::1]:80", "1.2.3.4:80")
    )
    assert ("Tried", "[::1]:80") in report.sections()[0].facts


def test_a_stage_s_time_is_that_of_the_last_connection() -> None:
    assert REPORT.took(HandshakeStage.TCP) == 1.5
    assert REPORT.took(HandshakeStage.TLS) == 12.0
    assert REPORT.took(HandshakeStage.DNS) is None
    assert REPORT.took(HandshakeStage.UPGRADE) is None  # it never ended


def test_each_upgrade_knows_what_was_said_in_it() -> None:
    assert [REPORT.exchange_of(span) for span in REPORT.spans] == [
        None,
        MOVED,
        None,
        None,
        REPORT.exchanges[1],
    ]


def test_the_waterfall_is_to_scale() -> None:
    bars = REPORT.waterfall()
    assert [bar.span for bar in bars] == list(REPORT.spans)
    assert bars[3].offset == 4.0 / 20.5
    assert bars[3].length == pytest.approx(12.0 / 20.5)


def test_a_header_of_the_answer_is_found_whatever_its_case() -> None:
    assert MOVED.header("location") == "/x"
    assert MOVED.header("Set-Cookie") is None


def test_a_value_is_no_header_of_its_own() -> None:
    said = HttpExchange(
        "ws://h/", "", "HTTP/1.1 302 Go\nX: a\u2028Location: evil\x0bLocation: worse", 302
    )
    assert said.header("Location") is None
