"""Remove secrets from the report of a handshake and from its failure.

Both are shown, printed and recorded. A server may repeat in its answer what was sent to it.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Collection, Sequence
from dataclasses import replace
from urllib.parse import unquote

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.protocol.known_secrets import pattern
from spacebeam.protocol.secrets import MASK, is_secret_name, scheme_of, without_secrets
from spacebeam.protocol.subprotocol_secrets import masked_subprotocol, masked_subprotocols

_SUBPROTOCOL = "sec-websocket-protocol"
_PARTS = re.compile(r"[\s;,&?]+")
_MAX_DETAIL = 300  # characters
_MIN_ECHO = 6  # characters; a shorter text is found in many words
# What the detail of these failures says is ours, and decides which sentence is shown.
_OWN_DETAILS = (FailureCause.NO_HANDSHAKE, FailureCause.OAUTH_METADATA)
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


def failure_without_secrets(failure: Failure, report: HandshakeReport) -> Failure:
    """Return the failure without those secrets in the peer's words, which are cut after that.

    `report` is the one that still has them.
    """
    if not failure.detail or failure.cause in _OWN_DETAILS:
        return failure
    detail, names = failure.detail, report.secret_names
    if failure.cause is FailureCause.SUBPROTOCOL:
        detail = masked_subprotocol(detail)
    masked = _echoes(report.exchanges, names).sub(MASK, without_secrets(detail, names))
    return replace(
        failure, detail=masked[:_MAX_DETAIL], offered=masked_subprotocols(failure.offered)
    )


def _echoes(exchanges: Sequence[HttpExchange], names: Collection[str]) -> re.Pattern[str]:
    """Return a pattern for the secrets of requests: a server may repeat them in its answer."""
    found: set[str] = set()
    for one in exchanges:
        shown = _redacted_head(one.request, names, _offered(one.request))
        found |= _values(one.request) - _values(shown)
    return pattern(found | {unquote(value) for value in found})


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
