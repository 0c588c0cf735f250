"""The report of a handshake as JSON, for scripts and other programs.

The keys are always the same; what is not known is null, or an empty list.
"""

from __future__ import annotations

import json
from typing import Any

from spacebeam.wire.deflate import parse_extensions
from spacebeam.wire.ending import Ending, Failure
from spacebeam.wire.report import Exchange, Report, Tls
from spacebeam.wire.stages import Span, Stage

KEYS = """\
  ok            whether a WebSocket was opened
  url           the address that was asked last; after redirects another than the one given
  began         Unix time in seconds
  total_ms      from the beginning to the open WebSocket, or to the failure
  stages        durations on the last connection: dns, tcp, proxy, tls_setup, tls, upgrade
  timeline      every stage of every connection: stage, connection, start_ms, took_ms, finished
  proxy, local_address, remote_address, tried_addresses
  tls           version, cipher_suite, faults, certificates: subject, issuer, valid_from,
                valid_to, sha256 (the server's own first)
  subprotocol   the one that was agreed on
  extensions    those that were agreed on: name, parameters
  exchanges     each request with its answer: url, connection, start_ms, took_ms,
                request: line, headers; response: line, status, headers, body
  failure       kind, explanation, advice
  closing       code, reason, clean, explanation"""


def to_json(report: Report, failure: Failure | None = None, closing: Ending | None = None) -> str:
    """The report as one JSON object on one line, ASCII only; times are in milliseconds.

    Its keys are described in KEYS. Headers are pairs of name and value in their order, for a name
    may come more than once.
    """
    told = {
        "ok": failure is None,
        "url": report.url,
        "began": report.began,
        "total_ms": _rounded(report.total),
        "stages": {stage.value: _rounded(report.took(stage)) for stage in Stage},
        "timeline": [_span(span) for span in report.spans],
        "proxy": report.proxy or None,
        "local_address": report.local_address or None,
        "remote_address": report.remote_address or None,
        "tried_addresses": list(report.tried_addresses),
        "tls": None if report.tls is None else _tls(report.tls),
        "subprotocol": report.subprotocol or None,
        "extensions": _extensions(report.extensions),
        "exchanges": _exchanges(report),
        "failure": None if failure is None else _failure(failure),
        "closing": None if closing is None else _closing(closing),
    }
    # JSON leaves this one control character as it is.
    return json.dumps(told).replace("\x7f", "\\u007f")


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)


def _span(span: Span) -> dict[str, Any]:
    return {
        "stage": span.stage.value,
        "connection": span.connection,
        "start_ms": _rounded(span.start),
        "took_ms": _rounded(span.took),
        "finished": span.is_over,
    }


def _tls(tls: Tls) -> dict[str, Any]:
    return {
        "version": tls.version or None,
        "cipher_suite": tls.cipher_suite or None,
        "faults": list(tls.faults),
        "certificates": [
            {
                "subject": one.subject,
                "issuer": one.issuer,
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
                "sha256": one.sha256,
            }
            for one in tls.chain
        ],
    }


def _extensions(header: str) -> list[dict[str, Any]]:
    if not header:
        return []
    return [
        {"name": name, "parameters": dict(parameters)}
        for name, parameters in parse_extensions(header)
    ]


def _exchanges(report: Report) -> list[dict[str, Any]]:
    upgrades = [span for span in report.spans if span.stage is Stage.UPGRADE]
    spans = [*upgrades, *[None] * len(report.exchanges)]
    return [_exchange(one, span) for one, span in zip(report.exchanges, spans, strict=False)]


def _exchange(exchange: Exchange, span: Span | None) -> dict[str, Any]:
    line, headers = _head(exchange.request)
    return {
        "url": exchange.url,
        "connection": exchange.connection,
        "start_ms": span and _rounded(span.start),
        "took_ms": span and _rounded(span.took),
        "request": {"line": line, "headers": headers},
        "response": _response(exchange) if exchange.response else None,
    }


def _response(exchange: Exchange) -> dict[str, Any]:
    line, headers = _head(exchange.response)
    return {"line": line, "status": exchange.status, "headers": headers, "body": exchange.body}


def _head(head: str) -> tuple[str, list[list[str]]]:
    """The first line and the headers."""
    first, *lines = head.split("\n")
    pairs = (line.partition(":") for line in lines)
    return first, [[name, value.strip()] for name, _colon, value in pairs]


def _failure(failure: Failure) -> dict[str, Any]:
    return {
        "kind": failure.kind.value,
        "explanation": failure.explanation,
        "advice": failure.advice or None,
    }


def _closing(ending: Ending) -> dict[str, Any]:
    return {
        "code": ending.code,
        "reason": ending.reason,
        "clean": ending.is_clean,
        "explanation": ending.explanation,
    }
