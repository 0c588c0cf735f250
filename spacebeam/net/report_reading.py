"""Decode the report of a handshake from the JSON that `report_json.to_json` makes.

Recordings with such reports come from other people, so every value is checked and bounded. Unknown
keys are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan

# All far above the values of real handshakes.
_MAX_JSON = 8 * 2**20  # characters
_MAX_FACT = 32 * 1024  # characters of an address or a name
_MAX_TEXT = 256 * 1024  # characters of a header's value or a body
_MAX_ITEMS = 10_000  # of any list; a thousand redirects can be followed
_MAX_TIME = 1e11  # Unix time in seconds
_MAX_TOOK = 1e9  # milliseconds
_STAGES = {stage.value: stage for stage in HandshakeStage}

T = TypeVar("T")


class ReportError(ValueError):
    """The text is no report of a handshake; the message is a sentence."""


def from_json(text: str) -> HandshakeReport:
    """Return the report, without the failure and closing. Raise ReportError.

    Times have the precision of the JSON: thousandths of a millisecond.
    """
    if len(text) > _MAX_JSON:
        raise ReportError("It is longer than the report of a handshake can be.")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise ReportError("It is not JSON.") from None
    told = _object(found, "report")
    url = _fact(told, "url")
    if not url:
        raise ReportError("It does not say which address was asked.")
    return HandshakeReport(
        url,
        _items(told, "exchanges", _exchange),
        tuple(span for span in _items(told, "timeline", _span) if span is not None),
        _fact(told, "local_address"),
        _fact(told, "remote_address"),
        _fact(told, "proxy"),
        _tls(told),
        _fact(told, "subprotocol"),
        ", ".join(_items(told, "extensions", _extension)),
        _items(told, "tried_addresses", _name),
        _number(told, "began", _MAX_TIME),
        _number(told, "total_ms", _MAX_TOOK),
        proxy_source=_fact(told, "proxy_source"),
        proxy_status=_whole(told, "proxy_status", 999),
    )


def _exchange(found: Any) -> HttpExchange:
    told = _object(found, "exchange")
    request, response = told.get("request"), told.get("response")
    answer = {} if response is None else _object(response, "response")
    return HttpExchange(
        _fact(told, "url"),
        _head(_object(request, "request")),
        _head(answer),
        _whole(answer, "status", 999),
        _string(answer, "body", _MAX_TEXT),
        _whole(told, "connection", _MAX_ITEMS),
    )


def _head(told: dict[str, Any]) -> str:
    return "\n".join((_string(told, "line", _MAX_TEXT), *_items(told, "headers", _header)))


def _header(found: Any) -> str:
    if not isinstance(found, list) or len(found) != 2:
        raise _wrong("headers")
    name, value = (_checked(one, "headers", _MAX_TEXT) for one in found)
    return f"{name}: {value}"


def _span(found: Any) -> StageSpan | None:
    """Return a span; None for a stage of a later version."""
    told = _object(found, "timeline")
    stage = _STAGES.get(_fact(told, "stage"))
    start = _number(told, "start_ms", _MAX_TOOK)
    took = _number(told, "took_ms", _MAX_TOOK)
    connection = _whole(told, "connection", _MAX_ITEMS)
    is_over = told.get("finished") is not False
    return None if stage is None else StageSpan(stage, start, start + took, connection, is_over)


def _tls(told: dict[str, Any]) -> TlsReport | None:
    if told.get("tls") is None:
        return None
    tls = _object(told["tls"], "tls")
    return TlsReport(
        _fact(tls, "version"),
        _fact(tls, "cipher_suite"),
        _items(tls, "certificates", _certificate),
        _items(tls, "faults", _name),
    )


def _certificate(found: Any) -> Certificate:
    told = _object(found, "certificates")
    names = ("subject", "issuer", "valid_from", "valid_to", "sha256")
    return Certificate(*(_fact(told, name) for name in names))


def _extension(found: Any) -> str:
    told = _object(found, "extensions")
    parts = [_fact(told, "name")]
    parameters = _object(told.get("parameters", {}), "parameters")
    if len(parameters) > _MAX_ITEMS:
        raise _wrong("parameters")
    for name, value in parameters.items():
        parts.append(_name(name) if value is None else f"{_name(name)}={_name(value)}")
    return "; ".join(parts)


# Values of untrusted JSON; missing and null values are empty.


def _object(found: Any, name: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise _wrong(name)
    return found


def _items(told: dict[str, Any], name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    found = told.get(name)
    if found is None:
        return ()
    if not isinstance(found, list) or len(found) > _MAX_ITEMS:
        raise _wrong(name)
    return tuple(read(one) for one in found)


def _fact(told: dict[str, Any], name: str) -> str:
    return _string(told, name, _MAX_FACT)


def _name(found: Any) -> str:
    return _checked(found, "name", _MAX_FACT)


def _string(told: dict[str, Any], name: str, most: int) -> str:
    found = told.get(name)
    return "" if found is None else _checked(found, name, most)


def _checked(found: Any, name: str, most: int) -> str:
    if not isinstance(found, str) or len(found) > most:
        raise _wrong(name)
    # JSON may have half a surrogate pair; nothing can show it.
    return found.encode(errors="surrogatepass").decode(errors="replace")


def _number(told: dict[str, Any], name: str, most: float) -> float:
    found = told.get(name)
    if found is None:
        return 0.0
    # Comparisons with NaN are false, so it is refused too.
    if type(found) not in (int, float) or not 0 <= found <= most:
        raise _wrong(name)
    return float(found)


def _whole(told: dict[str, Any], name: str, most: int) -> int:
    found = _number(told, name, most)
    if not found.is_integer():
        raise _wrong(name)
    return int(found)


def _wrong(name: str) -> ReportError:
    return ReportError(f"What stands at “{name[:80]}” cannot be understood.")
