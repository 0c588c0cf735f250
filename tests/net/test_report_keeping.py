"""What of a handshake goes into a recording."""

from __future__ import annotations

import json

import pytest

from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_json import kept_json, without_its_secrets


def _kept(header: str, names: frozenset[str] = frozenset()) -> str:
    report = HandshakeReport("ws://h/", (HttpExchange("ws://h/", "GET / HTTP/1.1\n" + header),))
    (kept,) = without_its_secrets(
        HandshakeReport(report.url, report.exchanges, secret_names=names)
    ).exchanges
    return kept.request.partition("\n")[2]


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("Authorization: Bearer abc", "Authorization: Bearer (not kept)"),
        ("authorization: abc", "authorization: (not kept)"),
        ("Proxy-Authorization:Basic YTpi", "Proxy-Authorization: Basic (not kept)"),
        ("Cookie: a=1; b=2", "Cookie: (not kept)"),
        ("X-Mine: token abc", "X-Mine: token (not kept)"),
        ("X-Plain: abc", "X-Plain: (not kept)"),
        ("Referer: http://h/?sid=1&b=2", "Referer: http://h/?sid=not-kept&b=2"),
        ("Cookie: ", "Cookie: "),
        ("Sec-WebSocket-Key: abc==", "Sec-WebSocket-Key: abc=="),
        ("Host: h", "Host: h"),
        ("Cookie", "Cookie"),
        ("", ""),
    ],
)
def test_headers_that_let_somebody_in_lose_their_values(header: str, kept: str) -> None:
    assert _kept(header, frozenset({"x-plain"})) == kept


def test_it_is_so_everywhere_in_the_report() -> None:
    said = "?token=s3cret"
    exchange = HttpExchange(
        f"ws://h/{said}",
        f"GET /{said} HTTP/1.1",
        f"HTTP/1.1 302 Go\nSet-Cookie: a=s3cret\nLocation: //ada:s3cret@h/{said}",
        302,
        f"Go to http://ada:s3cret@h/{said}",
    )
    kept = kept_json(HandshakeReport(f"ws://h/{said}", (exchange, exchange)))
    assert "s3cret" not in kept
    assert json.loads(kept)["exchanges"][0]["response"]["status"] == 302


def test_the_report_itself_stays_whole() -> None:
    report = HandshakeReport(
        "ws://h/?token=x", (HttpExchange("ws://h/", "GET / HTTP/1.1\nCookie: a=b"),)
    )
    assert without_its_secrets(report) != report
    assert report.exchanges[0].request.endswith("Cookie: a=b")
