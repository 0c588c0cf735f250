"""What a handshake was, for a person to read."""

from __future__ import annotations

from spacebeam.wire.report import Certificate, Exchange, Report, Stages, Tls

MOVED = Exchange(
    "ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 302 Found\nLocation: /x", 302, "moved"
)


def test_an_empty_report_is_no_text() -> None:
    assert Report("ws://h/").as_text() == ""


def test_the_text_has_what_was_said_and_the_facts_in_order() -> None:
    report = Report(
        "wss://h/",
        (
            MOVED,
            Exchange("ws://h/", "GET /x HTTP/1.1\nHost: h"),
        ),
        Stages(dns=None, connect=0.26, tls=12.0, upgrade=3.04),
        "127.0.0.1:1",
        "127.0.0.1:443",
        "http://proxy:3128",
        Tls("TLS 1.3", "AES", (Certificate("CN=h", "CN=ca", "2026-01-01", "2027-01-01", "ab"),)),
    )
    assert report.as_text() == (
        "GET / HTTP/1.1\nHost: h\n\n"
        "HTTP/1.1 302 Found\nLocation: /x\n\n"
        "moved\n\n"
        "GET /x HTTP/1.1\nHost: h\n\n"
        "(no answer)\n\n"
        "Local address: 127.0.0.1:1\n"
        "Remote address: 127.0.0.1:443\n"
        "Proxy: http://proxy:3128\n"
        "TLS: TLS 1.3\n"
        "Cipher suite: AES\n"
        "Fingerprint (SHA-256): ab\n"
        "Certificate: CN=h, by CN=ca, until 2027-01-01\n"
        "TCP connection: 0.3 ms\n"
        "TLS handshake: 12.0 ms\n"
        "Upgrade: 3.0 ms"
    )


def test_a_header_of_the_answer_is_found_whatever_its_case() -> None:
    assert MOVED.header("location") == "/x"
    assert MOVED.header("Set-Cookie") is None
