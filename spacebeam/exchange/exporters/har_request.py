"""The request and response of a HAR entry, made of a handshake's report."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, urlsplit

from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_reading import ReportError, from_json
from spacebeam.net.report_secrets import without_its_secrets
from spacebeam.net.stages import HandshakeStage
from spacebeam.protocol.secrets import MASK, without_secrets

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_VERSION = "HTTP/1.1"
_NO_URL = "ws://unknown.invalid/"  # a HAR without one is not valid
_UNKNOWN = -1  # in HAR, a size or time that is not known


class HarRequest(NamedTuple):
    """The beginning of a HAR entry."""

    entry: dict[str, Any]
    began: float  # Unix time in seconds
    masked: int  # number of headers and addresses without their secrets


def har_request(address: str, report: str, first: float) -> HarRequest:
    """Return the entry of a handshake's report; of the address alone if there is none.

    `first` is the time of the connection's first entry.
    """
    try:
        found = without_its_secrets(from_json(report))
    except ReportError:
        found = HandshakeReport(without_secrets(address))
    exchange = next(
        (one for one in reversed(found.exchanges) if one.status == 101),
        HttpExchange(found.url, "", status=101),
    )
    began = found.began or first
    url = quote(without_secrets(exchange.url or found.url or address), safe=_PRINTABLE) or _NO_URL
    request, response = _headers(exchange.request), _headers(exchange.response)
    told = {
        "startedDateTime": _iso(began),
        "request": {
            "method": "GET",
            "url": url,
            "httpVersion": _VERSION,
            "cookies": [],
            "headers": request,
            "queryString": _query(url),
            "headersSize": _UNKNOWN,
            "bodySize": 0,
        },
        "response": {
            "status": 101,
            "statusText": "Switching Protocols",
            "httpVersion": _VERSION,
            "cookies": [],
            "headers": response,
            "content": {"size": 0, "mimeType": "x-unknown"},
            "redirectURL": "",
            "headersSize": _UNKNOWN,
            "bodySize": _UNKNOWN,
        },
        "cache": {},
        "timings": _timings(found),
    }
    masked = sum(MASK in one["value"] for one in (*request, *response))
    masked += quote(MASK) in url
    return HarRequest(told, began, masked)


def _headers(head: str) -> list[dict[str, str]]:
    pairs = (line.partition(":") for line in head.split("\n")[1:])
    return [{"name": name.strip(), "value": value.strip()} for name, colon, value in pairs if colon]


def _query(url: str) -> list[dict[str, str]]:
    try:
        pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:  # a hostile recording
        return []
    return [{"name": name, "value": value} for name, value in pairs]


def _timings(report: HandshakeReport) -> dict[str, Any]:
    """Return the stages in milliseconds; in HAR, `connect` includes `ssl`."""
    took = report.took
    tcp, tls = took(HandshakeStage.TCP), took(HandshakeStage.TLS)
    return {
        "blocked": _UNKNOWN,
        "dns": _rounded(took(HandshakeStage.DNS)),
        "connect": _rounded(None if tcp is None else tcp + (tls or 0.0)),
        "ssl": _rounded(tls),
        "send": 0,
        "wait": max(_rounded(took(HandshakeStage.UPGRADE)), 0),
        "receive": 0,
    }


def _rounded(milliseconds: float | None) -> float:
    return _UNKNOWN if milliseconds is None else round(milliseconds, 3)


def _iso(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
