"""What is to be read of a handshake, safe to show."""

from __future__ import annotations

from spacebeam.ui.handshake.facts import exchanges, sections
from spacebeam.wire.report import Certificate, Exchange, Report, Tls

CERTIFICATE = Certificate("CN=a.test", "CN=Authority", "2026-01-01", "2027-01-01", "ab" * 32)


def test_only_what_is_known_is_told() -> None:
    [connection] = sections(Report("ws://a.test/", remote_address="127.0.0.1:80"))
    assert connection.title == "Connection"
    assert connection.facts == (("Address", "ws://a.test/"), ("Server", "127.0.0.1:80"))


def test_each_certificate_of_the_chain_has_its_section() -> None:
    tls = Tls("TLS 1.3", "AES", (CERTIFICATE, CERTIFICATE), ("It has expired.",))
    found = sections(Report("wss://a.test/", tls=tls))
    assert [section.title for section in found] == [
        "Connection",
        "Protection",
        "Certificate 1 of 2",
        "Certificate 2 of 2",
    ]
    assert found[1].facts == (("TLS", "1.3"), ("Cipher suite", "AES"), ("Fault", "It has expired."))
    assert found[2].facts == (
        ("Subject", "CN=a.test"),
        ("Issuer", "CN=Authority"),
        ("Valid from", "2026-01-01"),
        ("Valid until", "2027-01-01"),
        ("SHA-256", "ab" * 32),
    )


def test_what_a_server_says_is_seen_and_not_obeyed() -> None:
    report = Report(
        "ws://a.test/",
        (Exchange("ws://a.test/", "GET / HTTP/1.1", "HTTP/1.1 101\nX: \x1b[31m", body="\u202eno"),),
        subprotocol="a\nb\x07",
    )
    [connection] = sections(report)
    assert connection.facts[1] == ("Subprotocol", "a␊b␇")
    assert exchanges(report) == "GET / HTTP/1.1\n\nHTTP/1.1 101\nX: ␛[31m\n\n⟨202E⟩no"


def test_an_answer_that_did_not_come_is_said() -> None:
    report = Report("ws://a.test/", (Exchange("ws://a.test/", "GET / HTTP/1.1"),))
    assert exchanges(report) == "GET / HTTP/1.1\n\n(no answer)"
