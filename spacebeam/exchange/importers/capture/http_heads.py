"""Finds the WebSocket handshake in the two directions of a connection (RFC 6455, section 4).

The bodies of other requests are not parsed: a request is found by its first line, and its answer
by the key that it must repeat.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1

from spacebeam.exchange.importers.importer import utf8
from spacebeam.net.report import HandshakeReport, HttpExchange

_MAX_HEAD = 64 * 1024  # bytes
_LONGEST_START = 8  # bytes by which a head is known
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_END = b"\r\n\r\n"
_REQUEST = re.compile(rb"GET ([^ \r\n]+) HTTP/1\.[01]$")
_ANSWER = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?: |$)")
_ABSOLUTE = re.compile(r"https?://[^/?#]+", re.I)


@dataclass(frozen=True, slots=True)
class Head:
    """A request or an answer of HTTP."""

    first: str  # line
    headers: tuple[tuple[str, str], ...]
    status: int = 0  # of an answer
    target: str = ""  # of a request

    def values(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key.lower() == name]

    def joined(self, name: str) -> str:
        """Return the values of a header as one."""
        return ", ".join(self.values(name))

    @property
    def text(self) -> str:
        """The head as a report has it."""
        return "\n".join((self.first, *(f"{name}: {value}" for name, value in self.headers)))

    @property
    def accept(self) -> str:
        """The Sec-WebSocket-Accept that answers this request; "" if it asks for no WebSocket."""
        key = self.joined("sec-websocket-key")
        if not key or "websocket" not in self.joined("upgrade").lower():
            return ""
        return b64encode(sha1(key.encode() + _GUID, usedforsecurity=False).digest()).decode()

    def is_accepted_by(self, answer: Head) -> bool:
        """Return whether an answer opens the WebSocket."""
        return answer.status == 101 and answer.joined("sec-websocket-accept") == self.accept


class HeadScanner:
    """Finds the heads in one direction; what is between them is dropped."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._searched = 0

    @property
    def size(self) -> int:
        """The number of bytes that are held."""
        return len(self._rest)

    def heads(self, data: bytes) -> Iterator[Head]:
        """Yield the heads that `data` completes; `take` returns what follows the newest one."""
        self._rest += data
        while (end := self._rest.find(_END, max(self._searched - 3, 0))) >= 0:
            found = _head(bytes(self._rest[:end]))
            del self._rest[: end + len(_END)]
            self._searched = 0
            if found is not None:
                yield found
        self._drop()

    def take(self) -> bytes:
        """Return the bytes that are held, and hold none."""
        taken = bytes(self._rest)
        self._rest.clear()
        self._searched = 0
        return taken

    def _drop(self) -> None:
        """Drop what cannot become a head."""
        starts = [at for at in map(self._rest.find, (b"GET ", b"HTTP/1.")) if at >= 0]
        keep = min(starts, default=max(len(self._rest) - _LONGEST_START, 0))
        if len(self._rest) - keep > _MAX_HEAD:
            keep = len(self._rest) - _LONGEST_START
        del self._rest[:keep]
        self._searched = len(self._rest)


def report_of(request: Head, answer: Head, url: str, began: float) -> HandshakeReport:
    """Return the report of a handshake; it may have secrets."""
    exchange = HttpExchange(url, request.text, answer.text, answer.status)
    return HandshakeReport(
        url,
        (exchange,),
        subprotocol=answer.joined("sec-websocket-protocol"),
        extensions=answer.joined("sec-websocket-extensions"),
        began=began,
    )


def address_of(request: Head, otherwise: str) -> str:
    """Return the address that a request is for; `otherwise` is the host if it names none."""
    if _ABSOLUTE.match(request.target):
        return "ws" + request.target[request.target.index(":") :]
    return f"ws://{request.joined('host') or otherwise}{request.target}"


def _head(data: bytes) -> Head | None:
    """Return the head at the end of `data`; before it may be a body."""
    lines = data.split(b"\r\n")
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if (match := _REQUEST.search(line)) is not None:
            target = _text(match[1])
            return Head(_text(match[0]), _headers(lines[at + 1 :]), target=target)
        if (match := _ANSWER.search(line)) is not None:
            first = _text(line[match.start() :])
            return Head(first, _headers(lines[at + 1 :]), status=int(match[1]))
    return None


def _headers(lines: list[bytes]) -> tuple[tuple[str, str], ...]:
    pairs = (line.partition(b":") for line in lines)
    return tuple((_text(name), _text(value)) for name, colon, value in pairs if colon)


def _text(data: bytes) -> str:
    text = data.strip().decode(errors="replace")
    return utf8(re.sub(r"[\r\n\x00]", " ", text)).decode()
