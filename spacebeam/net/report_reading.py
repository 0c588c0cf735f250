"""A handshake's report read back from JSON, as `report_json.to_json` writes it.

The JSON may be anybody's: a recording is a file that people send to each other. So everything is
checked and bounded; what is not known here is left aside.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from spacebeam.net.report import Certificate, HandshakeReport, HttpExchange, TlsReport
from spacebeam.net.stages import HandshakeStage, StageSpan

# All of them far above what a handshake comes to.
_MAX_JSON = 8 * 2**20  # characters
_MAX_FACT = 32 * 1024  # characters of an address or a name
_MAX_TEXT = 256 * 1024  # characters of a header's value or a body
_MAX_ITEMS = 10_000  # of any list; a thousand redirects can be followed
_MAX_TIME = 1e11  # Unix time in seconds
_MAX_TOOK = 1e9  # milliseconds
_STAGES = {stage.value: stage for stage in HandshakeStage}

T = TypeVar("T")


class ReportError(ValueError):
    """This is no report of a handshake; what it says is a sentence for a person."""


def from_json(text: str) -> HandshakeReport:
    """The report that was written so; its failure and closing are not part of it.

    Times are those of the JSON, in thousandths of a millisecond. Raises ReportError.
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
    """None for a stage that a later version may know."""
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


# Values of JSON that may be anything; those that are missing or null are empty.


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
    # Half of a surrogate pair can be in JSON and in nothing that shows it.
    return found.encode(errors="surrogatepass").decode(errors="replace")


def _number(told: dict[str, Any], name: str, most: float) -> float:
    found = told.get(name)
    if found is None:
        return 0.0
    # Not a number (NaN) is neither more nor less than anything.
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
