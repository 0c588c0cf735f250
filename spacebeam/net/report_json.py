"""Encode the report of a handshake as JSON, for scripts and other programs.

The keys are always the same; unknown values are null or empty lists.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.net.report import HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.deflate import parse_extensions

KEYS = """\
  ok            whether a WebSocket was opened
  url           the address that was asked last; after redirects another than the one given
  began         Unix time in seconds
  total_ms      from the beginning to the open WebSocket, or to the failure
  stages        durations on the last connection: dns, tcp, proxy, tls_setup, tls, upgrade
  timeline      every stage of every connection: stage, connection, start_ms, took_ms, finished
  proxy         the proxy that was used
  proxy_source  where it was found: options, system, or the name of an environment variable
  proxy_status  the HTTP status with which the proxy refused to connect
  local_address, remote_address, tried_addresses
  tls           version, cipher_suite, faults, certificates: subject, issuer, valid_from,
                valid_to, sha256 (the server's own first)
  subprotocol   the one that was agreed on
  extensions    those that were agreed on: name, parameters
  exchanges     each request with its answer: url, connection, start_ms, took_ms,
                request: line, headers; response: line, status, headers, body
  failure       kind, cause, explanation, advice
  closing       cause, code, reason, clean, explanation"""


@dataclass(frozen=True, slots=True)
class HandshakeOutcome:
    """How a handshake and its connection ended, with the sentences to show for it."""

    failure: Failure | None = None
    explanation: str = ""  # of the failure
    advice: str = ""
    closing: CloseReason | None = None
    close_explanation: str = ""


def to_json(report: HandshakeReport, outcome: HandshakeOutcome | None = None) -> str:
    """Return the report as a JSON object on one line, ASCII only; KEYS describes its keys.

    Times are in milliseconds. Headers are pairs in order, because a name may occur more than once.
    """
    outcome = outcome or HandshakeOutcome()
    told = {
        "ok": outcome.failure is None,
        "url": report.url,
        "began": report.began,
        "total_ms": _rounded(report.total),
        "stages": {stage.value: _rounded(report.took(stage)) for stage in HandshakeStage},
        "timeline": [_span(span) for span in report.spans],
        "proxy": report.proxy or None,
        "proxy_source": report.proxy_source or None,
        "proxy_status": report.proxy_status or None,
        "local_address": report.local_address or None,
        "remote_address": report.remote_address or None,
        "tried_addresses": list(report.tried_addresses),
        "tls": None if report.tls is None else _tls(report.tls),
        "subprotocol": report.subprotocol or None,
        "extensions": _extensions(report.extensions),
        "exchanges": _exchanges(report),
        "failure": _failure(outcome),
        "closing": _closing(outcome),
    }
    # json.dumps does not escape DEL.
    return json.dumps(told).replace("\x7f", "\\u007f")


def _rounded(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else round(milliseconds, 3)


def _span(span: StageSpan) -> dict[str, Any]:
    return {
        "stage": span.stage.value,
        "connection": span.connection,
        "start_ms": _rounded(span.start),
        "took_ms": _rounded(span.took),
        "finished": span.is_over,
    }


def _tls(tls: TlsReport) -> dict[str, Any]:
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


def _exchanges(report: HandshakeReport) -> list[dict[str, Any]]:
    upgrades = [span for span in report.spans if span.stage is HandshakeStage.UPGRADE]
    spans = [*upgrades, *[None] * len(report.exchanges)]
    return [_exchange(one, span) for one, span in zip(report.exchanges, spans, strict=False)]


def _exchange(exchange: HttpExchange, span: StageSpan | None) -> dict[str, Any]:
    line, headers = _head(exchange.request)
    return {
        "url": exchange.url,
        "connection": exchange.connection,
        "start_ms": span and _rounded(span.start),
        "took_ms": span and _rounded(span.took),
        "request": {"line": line, "headers": headers},
        "response": _response(exchange) if exchange.response else None,
    }


def _response(exchange: HttpExchange) -> dict[str, Any]:
    line, headers = _head(exchange.response)
    return {"line": line, "status": exchange.status, "headers": headers, "body": exchange.body}


def _head(head: str) -> tuple[str, list[list[str]]]:
    """Return the first line and the headers."""
    first, *lines = head.split("\n")
    pairs = (line.partition(":") for line in lines)
    return first, [[name, value.strip()] for name, _colon, value in pairs]


def _failure(outcome: HandshakeOutcome) -> dict[str, Any] | None:
    failure = outcome.failure
    if failure is None:
        return None
    return {
        "kind": failure.kind.value,
        "cause": failure.cause.value,
        "explanation": outcome.explanation,
        "advice": outcome.advice or None,
    }


def _closing(outcome: HandshakeOutcome) -> dict[str, Any] | None:
    closing = outcome.closing
    if closing is None:
        return None
    return {
        "cause": closing.cause.value,
        "code": closing.code,
        "reason": closing.reason,
        "clean": closing.is_clean,
        "explanation": outcome.close_explanation,
    }
