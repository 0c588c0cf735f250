"""Handshake reports as JSON: always the same keys, without secrets."""

from __future__ import annotations

import json

import pytest

from spacebeam.net.close_reason import closed
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.report_json import (
    KEYS,
    HandshakeOutcome,
    to_json,
    without_its_secrets,
)
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.batch import Direction

REPORT = HandshakeReport(
    "wss://h/x",
    (
        HttpExchange(
            "ws://h/", "GET / HTTP/1.1\nHost: h", "HTTP/1.1 302 Go\nA: 1\nA: b: c", 302, "no"
        ),
        HttpExchange("wss://h/x", "GET /x HTTP/1.1", connection=1),
    ),
    (
        StageSpan(HandshakeStage.UPGRADE, 1.0, 2.00049),
        StageSpan(HandshakeStage.TLS, 3.0, 4.0, 1),
        StageSpan(HandshakeStage.UPGRADE, 5.0, 6.0, 1, is_over=False),
    ),
    "127.0.0.1:1",
    "127.0.0.1:443",
    "http://proxy:3128",
    TlsReport(
        "TLS 1.3", "AES", (Certificate("CN=h", "CN=ca", "from", "to", "ab"),), ("it is old",)
    ),
    "chat",
    "permessage-deflate; server_max_window_bits=12; client_no_context_takeover",
    ("[::1]:443", "127.0.0.1:443"),
    12.5,
    7.25,
    proxy_source="https_proxy",
    proxy_status=403,
)


def test_every_value_of_a_report_is_written() -> None:
    reason = closed(1000, "bye", Direction.SENT)
    outcome = HandshakeOutcome(closing=reason, close_explanation="Disconnected.")
    written = json.loads(to_json(REPORT, outcome))
    assert written == {
        "ok": True,
        "url": "wss://h/x",
        "began": 12.5,
        "total_ms": 7.25,
        "stages": {
            "dns": None,
            "tcp": None,
            "proxy": None,
            "tls_setup": None,
            "tls": 1.0,
            "upgrade": None,
        },
        "timeline": [
            {
                "stage": "upgrade",
                "connection": 0,
                "start_ms": 1.0,
                "took_ms": 1.0,
                "finished": True,
            },
            {"stage": "tls", "connection": 1, "start_ms": 3.0, "took_ms": 1.0, "finished": True},
            {
                "stage": "upgrade",
                "connection": 1,
                "start_ms": 5.0,
                "took_ms": 1.0,
                "finished": False,
            },
        ],
        "proxy": "http://proxy:3128",
        "proxy_source": "https_proxy",
        "proxy_status": 403,
        "local_address": "127.0.0.1:1",
        "remote_address": "127.0.0.1:443",
        "tried_addresses": ["[::1]:443", "127.0.0.1:443"],
        "tls": {
            "version": "TLS 1.3",
            "cipher_suite": "AES",
            "faults": ["it is old"],
            "certificates": [
                {
                    "subject": "CN=h",
                    "issuer": "CN=ca",
                    "valid_from": "from",
                    "valid_to": "to",
                    "sha256": "ab",
                }
            ],
        },
        "subprotocol": "chat",
        "extensions": [
            {
                "name": "permessage-deflate",
                "parameters": {"server_max_window_bits": "12", "client_no_context_takeover": None},
            }
        ],
        "exchanges": [
            {
                "url": "ws://h/",
                "connection": 0,
                "start_ms": 1.0,
                "took_ms": 1.0,
                "request": {"line": "GET / HTTP/1.1", "headers": [["Host", "h"]]},
                "response": {
                    "line": "HTTP/1.1 302 Go",
                    "status": 302,
                    "headers": [["A", "1"], ["A", "b: c"]],
                    "body": "no",
                },
            },
            {
                "url": "wss://h/x",
                "connection": 1,
                "start_ms": 5.0,
                "took_ms": 1.0,
                "request": {"line": "GET /x HTTP/1.1", "headers": []},
                "response": None,
            },
        ],
        "failure": None,
        "closing": {
            "cause": "close-frame",
            "code": 1000,
            "reason": "bye",
            "clean": True,
            "explanation": "Disconnected.",
        },
    }


def test_a_failure_has_the_same_keys() -> None:
    outcome = HandshakeOutcome(Failure(FailureCause.HOST_UNREACHABLE), "No.", "Go.")
    written = json.loads(to_json(HandshakeReport("ws://h/"), outcome))
    assert written["failure"] == {
        "kind": "unreachable",
        "cause": "host-unreachable",
        "explanation": "No.",
        "advice": "Go.",
    }
    assert (written["ok"], written["tls"], written["closing"], written["exchanges"]) == (
        False,
        None,
        None,
        [],
    )
    assert written.keys() == json.loads(to_json(REPORT)).keys()


def test_every_key_is_documented() -> None:
    for key in json.loads(to_json(REPORT)):
        assert key in KEYS


def test_no_control_character_is_written() -> None:
    said = "\x1b[31m\x07\x7f\x9b1m\u202e\n"
    line = to_json(
        HandshakeReport("ws://h/", (HttpExchange("", "", f"HTTP/1.1 403 {said}", 403, said),))
    )
    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["exchanges"][0]["response"]["body"] == said


def _kept(header: str, names: frozenset[str] = frozenset()) -> str:
    report = HandshakeReport("ws://h/", (HttpExchange("ws://h/", "GET / HTTP/1.1\n" + header),))
    (kept,) = without_its_secrets(
        HandshakeReport(report.url, report.exchanges, secret_names=names)
    ).exchanges
    return kept.request.partition("\n")[2]


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("Authorization: Bearer abc", "Authorization: Bearer •••"),
        ("authorization: abc", "authorization: •••"),
        ("Proxy-Authorization:Basic YTpi", "Proxy-Authorization: Basic •••"),
        ("Cookie: a=1; b=2", "Cookie: •••"),
        ("X-Mine: token abc", "X-Mine: token •••"),
        ("X-Plain: abc", "X-Plain: •••"),
        ("Referer: http://h/?sid=1&b=2", "Referer: http://h/?sid=•••&b=2"),
        ("Cookie: ", "Cookie: "),
        ("Sec-WebSocket-Key: abc==", "Sec-WebSocket-Key: abc=="),
        ("Host: h", "Host: h"),
        ("Cookie", "Cookie"),
        ("", ""),
    ],
)
def test_values_of_secret_headers_are_removed(header: str, kept: str) -> None:
    assert _kept(header, frozenset({"x-plain"})) == kept


_OFFERED = "Sec-WebSocket-Protocol: chat.v2, access_token, s3cret, bearer.s3cret"


@pytest.mark.parametrize("agreed", ["chat.v2", "access_token", "s3cret", "bearer.s3cret"])
def test_tokens_are_removed_from_subprotocols_and_others_stay(agreed: str) -> None:
    answer = f"HTTP/1.1 101 Go\nsec-websocket-protocol: {agreed}"
    exchange = HttpExchange("ws://h/", f"GET / HTTP/1.1\n{_OFFERED}", answer, 101)
    kept = without_its_secrets(HandshakeReport("ws://h/", (exchange,), subprotocol=agreed))
    (shown,) = kept.exchanges
    assert "s3cret" not in to_json(kept)
    assert shown.request.endswith("chat.v2, access_token, •••, bearer.•••")
    assert shown.response.endswith(agreed.replace("s3cret", "•••"))
    assert kept.subprotocol == agreed.replace("s3cret", "•••")


def test_secrets_are_removed_from_every_part_of_a_report() -> None:
    said = "?token=s3cret"
    exchange = HttpExchange(
        f"ws://h/{said}",
        f"GET /{said} HTTP/1.1",
        f"HTTP/1.1 302 Go\nSet-Cookie: a=s3cret\nLocation: //ada:s3cret@h/{said}",
        302,
        f"Go to http://ada:s3cret@h/{said}",
    )
    report = HandshakeReport(f"ws://h/{said}", (exchange, exchange))
    kept = to_json(without_its_secrets(report))
    assert "s3cret" not in kept
    assert json.loads(kept)["exchanges"][0]["response"]["status"] == 302


@pytest.mark.parametrize(
    ("request_line", "echo"),
    [
        ("Authorization: Bearer s3cret+/==", "s3cret+/=="),
        ("Authorization: Basic YWRhOnMzY3JldA==", "YWRhOnMzY3JldA=="),
        ("Authorization: Basic YWRhOnMzY3JldA==", "s3cret"),
        ("Authorization: Basic s3cret", "Basic s3cret"),
        ("Cookie: a=1; sid=s3cret", "s3cret"),
        ("X-Plain: s3cret", "s3cret"),
        ("Sec-WebSocket-Protocol: chat, bearer, s3cret", "s3cret"),
        ("Referer: http://h/?b=2&otp=s3cr%65t", "s3cret"),
    ],
)
def test_an_answer_that_repeats_a_secret_of_the_request_is_masked(
    request_line: str, echo: str
) -> None:
    asked, later = (f"GET /a HTTP/1.1\n{one}" for one in (request_line, "Host: h"))
    said = f"HTTP/1.1 401 No\nX-Said: {echo}"
    exchanges = (
        HttpExchange("ws://h/a", asked, said, 401, f"<p>You sent {echo}</p>"),
        HttpExchange("ws://h/b", later, said, 403, f"Before, {echo} was sent"),
    )
    report = HandshakeReport("ws://h/b", exchanges, secret_names=frozenset({"x-plain"}))
    first, second = without_its_secrets(report).exchanges
    for text in (first.response, first.body, second.response, second.body):
        assert echo.rstrip("=") not in text
        assert "•••" in text
    assert first.body.startswith("<p>You sent ")


def test_an_answer_without_secrets_of_the_request_stays_the_same() -> None:
    asked = 'GET /a?token=x HTTP/1.1\nAuthorization: Digest realm="the realm", nonce="abcdefgh"'
    said = 'HTTP/1.1 401 No\nWWW-Authenticate: Digest realm="the realm", nonce="abcdefgh"'
    exchange = HttpExchange("ws://h/a", asked, said, 401, "xylophone of the realm")
    (kept,) = without_its_secrets(HandshakeReport("ws://h/a", (exchange,))).exchanges
    assert (kept.response, kept.body) == (said, exchange.body)


def test_a_report_without_secrets_stays_the_same() -> None:
    head = "GET /?token=x HTTP/1.1\nAuthorization: Bearer a\nCookie: a\n" + _OFFERED
    report = HandshakeReport("ws://h/?token=x", (HttpExchange("ws://ada:p@h/", head),))
    once = without_its_secrets(report)
    assert without_its_secrets(once) == once


def test_writing_a_report_leaves_it_unchanged() -> None:
    report = HandshakeReport(
        "ws://h/?token=x", (HttpExchange("ws://h/", "GET / HTTP/1.1\nCookie: a=b"),)
    )
    assert without_its_secrets(report) != report
    assert report.exchanges[0].request.endswith("Cookie: a=b")
