"""Handshake reports as JSON: always the same keys, all documented."""

from __future__ import annotations

import json

from spacebeam.net.close_reason import closed
from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.report_json import KEYS, HandshakeOutcome, to_json
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
