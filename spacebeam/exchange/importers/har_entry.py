"""The request and response of a HAR entry, as a handshake's report."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from spacebeam.exchange.importers.importer import utf8, valid_time
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.protocol.secrets import without_secrets

_MAX_URL = 16 * 1024  # characters
_MAX_HEADERS = 1000
_MAX_HEADERS_SIZE = 256 * 1024  # characters, when no further header is read
_MAX_HEADER = 16 * 1024  # characters
_BREAKS = re.compile(r"[\r\n\x00]+")
_SCHEMES = {"http": "ws", "https": "wss", "ws": "ws", "wss": "wss"}


class HarEntry:
    """What is known of a HAR entry so far, apart from its messages."""

    def __init__(self) -> None:
        self.close: Any = None  # `_webSocketClose`
        self.file = ""  # name of the file beside the HAR that has the messages
        self.url = ""
        self.began = 0.0  # Unix time in seconds
        self.has_request = False
        self._type: Any = None
        self._has_own_scheme = False  # ws or wss; a proxy writes http
        self._method = "GET"
        self._status = 0
        self._request: list[tuple[str, str]] = []
        self._response: list[tuple[str, str]] = []

    def take(self, key: str, value: Any) -> None:
        """Take the value of one of the entry's keys."""
        if key == "startedDateTime" and isinstance(value, str):
            self.began = _time(value)
        elif key == "_resourceType":
            self._type = value
        elif key == "_webSocketClose":
            self.close = value
        elif key == "request" and isinstance(value, dict):
            self.has_request = True
            self.url = _websocket_url(value.get("url"))
            self._has_own_scheme = self.url != "" and value["url"].lower().startswith("ws")
            self._method = "CONNECT" if value.get("method") == "CONNECT" else "GET"
            self._request = _headers(value.get("headers"))
        elif key == "response" and isinstance(value, dict):
            status = value.get("status")
            self._status = status if type(status) is int and 0 <= status <= 999 else 0
            self._response = _headers(value.get("headers"))
            content = value.get("content")
            name = content.get("_file") if isinstance(content, dict) else None
            self.file = utf8(name[:_MAX_URL]).decode() if isinstance(name, str) else ""

    @property
    def is_websocket(self) -> bool:
        """Whether this is a WebSocket, accepted or refused; its messages say so too."""
        return self._type == "websocket" or self._has_own_scheme or self._is_upgrade

    @property
    def is_accepted(self) -> bool:
        """Whether the server accepted it (RFC 6455, section 4.2.2; RFC 8441)."""
        return self._status == (200 if self._method == "CONNECT" else 101)

    @property
    def safe_url(self) -> str:
        """The address without its secrets."""
        return without_secrets(self.url)

    @property
    def _is_upgrade(self) -> bool:
        headers = {(name.lower(), value.lower()) for name, value in self._request}
        return ("upgrade", "websocket") in headers or (":protocol", "websocket") in headers

    def report(self) -> HandshakeReport | None:
        """Return the report of the handshake, which may have secrets; None without an address."""
        if not self.url:
            return None
        path = re.sub(r"^wss?://[^/?#]*", "", self.url) or "/"
        request = _head(f"{self._method} {path} HTTP/1.1", self._request)
        response = _head(f"HTTP/1.1 {self._status}", self._response)
        answers = {name.lower(): value for name, value in self._response}
        return HandshakeReport(
            self.url,
            (HttpExchange(self.url, request, response, self._status),),
            subprotocol=answers.get("sec-websocket-protocol", ""),
            extensions=answers.get("sec-websocket-extensions", ""),
            began=self.began,
        )


def _websocket_url(found: Any) -> str:
    """Return the address with the scheme ws or wss; "" if it is none."""
    if not isinstance(found, str) or len(found) > _MAX_URL:
        return ""
    scheme, colon, rest = utf8(_BREAKS.sub("", found)).decode().partition("://")
    known = _SCHEMES.get(scheme.lower())
    return f"{known}{colon}{rest}" if known and colon else ""


def _headers(found: Any) -> list[tuple[str, str]]:
    """Return headers, which are objects or pairs."""
    pairs = []
    size = 0
    for one in found[:_MAX_HEADERS] if isinstance(found, list) else ():
        if isinstance(one, dict):
            name, value = one.get("name"), one.get("value")
        elif isinstance(one, list) and len(one) == 2:
            name, value = one
        else:
            continue
        if isinstance(name, str) and isinstance(value, str):
            pairs.append((_clean(name), _clean(value)))
            size += len(name) + len(value)
        if size > _MAX_HEADERS_SIZE:
            break
    return pairs


def _clean(text: str) -> str:
    return utf8(_BREAKS.sub(" ", text[:_MAX_HEADER])).decode()


def _head(first: str, headers: list[tuple[str, str]]) -> str:
    written = (f"{name}: {value}" for name, value in headers if not name.startswith(":"))
    return "\n".join((first, *written))


def _time(text: str) -> float:
    try:
        found = datetime.fromisoformat(text[:64])
    except ValueError:
        return 0.0
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    try:
        return valid_time(found.timestamp()) or 0.0
    except (OverflowError, ValueError):
        return 0.0
