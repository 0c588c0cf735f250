"""Encode the report of a handshake as JSON, for scripts and other programs.

The keys are always the same; unknown values are null or empty lists.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

from spacebeam.net.close_reason import CloseReason
from spacebeam.net.failures import Failure
from spacebeam.net.report import HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan
from spacebeam.protocol.deflate import parse_extensions
from spacebeam.protocol.secrets import MASK, is_secret_name, scheme_of, without_secrets
from spacebeam.protocol.subprotocol_secrets import masked_subprotocol, masked_subprotocols

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


_SUBPROTOCOL = "sec-websocket-protocol"
_PARTS = re.compile(r"[\s;,&?]+")
_MIN_ECHO = 6  # characters; a shorter text is found in many words
# Their names look secret, but they are a random number, the server's challenges and a flag.
_HARMLESS = frozenset(
    (
        "sec-websocket-key",
        "www-authenticate",
        "proxy-authenticate",
        "access-control-allow-credentials",
    )
)


def without_its_secrets(report: HandshakeReport) -> HandshakeReport:
    """Return the report without the values of secret headers and parameters.

    These have a secret name (`protocol.secrets`) or are in `report.secret_names`. Users and
    passwords in addresses are removed too, and tokens in subprotocols. Answers are changed only in
    their addresses and JSON Web Tokens, and where they repeat what was left out of a request.
    """
    names = report.secret_names
    echoes = _echoes(report.exchanges, names)
    offered = _offered(report.exchanges[-1].request) if report.exchanges else []
    return replace(
        report,
        url=without_secrets(report.url, names),
        exchanges=tuple(_redacted_exchange(one, names, echoes) for one in report.exchanges),
        subprotocol=masked_subprotocol(report.subprotocol, offered),
    )


def _echoes(exchanges: Sequence[HttpExchange], names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern for the secrets of requests: a server may repeat them in its answer."""
    found: set[str] = set()
    for one in exchanges:
        shown = _redacted_head(one.request, names, _offered(one.request))
        found |= _values(one.request) - _values(shown)
    found |= {unquote(value) for value in found}
    longest_first = sorted(found, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


def _values(head: str) -> set[str]:
    """Return the values in a request, also those of parameters and cookies."""
    found: set[str] = set()
    for line in head.split("\n"):
        name, _colon, value = line.partition(": ")
        if scheme_of(value).lower() == "basic":
            found.add(_password(value))
        if scheme_of(value).lower() != "digest":  # it has no secret, but the server's own words
            found |= {_value(part) for part in _PARTS.split(value or name)}
    return {one for one in found if len(one) >= _MIN_ECHO}


def _value(part: str) -> str:
    part = part.rstrip("=")  # of Base64
    return part.partition("=")[2] or part


def _password(basic: str) -> str:
    """Return the password in a value of Basic; empty if there is none."""
    try:
        return b64decode(basic.partition(" ")[2]).decode().partition(":")[2]
    except ValueError:  # a person's own header
        return ""


def _redacted_exchange(
    exchange: HttpExchange, names: Collection[str], echoes: re.Pattern[str]
) -> HttpExchange:
    offered = _offered(exchange.request)
    return replace(
        exchange,
        url=without_secrets(exchange.url, names),
        request=_redacted_head(exchange.request, names, offered),
        response=echoes.sub(MASK, _redacted_head(exchange.response, names, offered)),
        body=echoes.sub(MASK, without_secrets(exchange.body, names)),
    )


def _offered(request: str) -> list[str]:
    """Return the subprotocols that a request offers."""
    lines = (line.partition(":") for line in request.split("\n")[1:])
    return [
        name.strip()
        for header, _colon, value in lines
        if header.strip().lower() == _SUBPROTOCOL
        for name in value.split(",")
    ]


def _redacted_head(head: str, names: Collection[str], offered: list[str]) -> str:
    first, *headers = head.split("\n")
    redacted = (_header(one, names, offered) for one in headers)
    return "\n".join((without_secrets(first, names), *redacted))


def _header(line: str, names: Collection[str], offered: list[str]) -> str:
    name, colon, value = line.partition(":")
    key, value = name.strip().lower(), value.strip()
    if not value or key in _HARMLESS:
        return line
    if key == _SUBPROTOCOL:
        masks = dict(zip(offered, masked_subprotocols(offered), strict=True))
        shown = [one.strip() for one in value.split(",")]
        return f"{name}{colon} " + ", ".join(
            masks.get(one) or masked_subprotocol(one) for one in shown
        )
    scheme = scheme_of(value)
    if scheme or key in names or is_secret_name(key):
        return f"{name}{colon} {scheme} {MASK}" if scheme else f"{name}{colon} {MASK}"
    return without_secrets(line, names)
