"""Read a server's answer to the opening handshake (RFC 9112): leniently, and within bounds.

Pure: a function receives the bytes, which may be in any encoding.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from enum import Enum

from spacebeam.net.answer_text import head_text
from spacebeam.net.greeting import is_http
from spacebeam.net.report import HttpExchange

MAX_HEAD = 256 * 1024  # bytes; browsers have the same limit
_MAX_CHUNK_LINE = 4096  # bytes: a chunk's size with its extensions, or a trailer
_WITHOUT_BODY = (204, 304)
# zlib's window bits of each content coding; many servers omit zlib's wrapper in `deflate`.
_WINDOWS = {
    "gzip": (zlib.MAX_WBITS + 16,),
    "x-gzip": (zlib.MAX_WBITS + 16,),
    "deflate": (zlib.MAX_WBITS, -zlib.MAX_WBITS),
}

_HEAD_END = re.compile(rb"\n\r?\n")
_STATUS_LINE = re.compile(rb"HTTP/([0-9]+(?:\.[0-9]+)?)[ \t]+([1-9][0-9]{2})(?:[ \t]+(.*))?", re.I)
_FOLD = re.compile(rb"\r?\n[ \t]+")  # RFC 9112, section 5.2
_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t\r]*(?:;|$)")
_LENGTH = re.compile(r"[0-9]{1,18}")
_NOT_ASCII = re.compile(rb"[\x80-\xff]")


class AnswerFault(Enum):
    """Why there is no HTTP answer."""

    NOT_HTTP = "not HTTP"
    CUT_OFF = "cut off"  # the connection ended before or in a head
    TOO_LONG = "too long"


class AnswerError(Exception):
    """There is no HTTP answer; `start` is the beginning of one in another protocol."""

    def __init__(self, fault: AnswerFault, start: bytes = b"") -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.start = start


class AnswerReader:
    """Reads answers from one connection. `receive` returns the next bytes, empty at the end."""

    def __init__(self, receive: Callable[[], bytes]) -> None:
        self._receive = receive
        self._buffer = bytearray()

    @property
    def unread(self) -> bytes:
        """The bytes after what was read: the first frames of an open WebSocket."""
        return bytes(self._buffer)

    def head(self) -> tuple[int, str]:
        """Read a head; return its status, and its status line and headers, one on each line.

        Raise AnswerError.
        """
        searched = 0
        while True:
            self._skip_blank_lines()
            if self._buffer and not is_http(self._buffer):
                raise AnswerError(AnswerFault.NOT_HTTP, bytes(self._buffer))
            end = _HEAD_END.search(self._buffer, max(0, searched - 2))
            if (len(self._buffer) if end is None else end.end()) > MAX_HEAD:
                raise AnswerError(AnswerFault.TOO_LONG)
            if end is not None:
                return _parsed(self._take(end.end()))
            searched = len(self._buffer)
            if not self._receive_more():
                raise AnswerError(AnswerFault.CUT_OFF)

    def body(self, answer: HttpExchange, limit: int) -> bytes:
        """Read the body of an answer, decoded (RFC 9112, section 6.3).

        It is cut after `limit` bytes, and where the connection ends.
        """
        if answer.status in _WITHOUT_BODY:
            return b""
        length = answer.header("Content-Length") or ""
        if "chunked" in (answer.header("Transfer-Encoding") or "").lower():
            body = self._chunks(limit)
        elif _LENGTH.fullmatch(length):
            body = self._up_to(min(int(length), limit))
        else:
            body = self._up_to(limit)
        return _decoded(body, answer.header("Content-Encoding") or "", limit)

    def _chunks(self, limit: int) -> bytes:
        """Read chunks (RFC 9112, section 7.1); trailers are not read."""
        body = bytearray()
        while len(body) < limit:
            size = _CHUNK_SIZE.match(self._line())
            if size is None or int(size[1], 16) == 0:
                break
            body += self._up_to(min(int(size[1], 16), limit - len(body)))
            self._line()
        return bytes(body)

    def _line(self) -> bytes:
        """Read a line, without its end; at most _MAX_CHUNK_LINE bytes of it."""
        while (end := self._buffer.find(b"\n", 0, _MAX_CHUNK_LINE)) < 0:
            if len(self._buffer) >= _MAX_CHUNK_LINE or not self._receive_more():
                return self._take(_MAX_CHUNK_LINE)
        return self._take(end + 1)[:-1]

    def _up_to(self, count: int) -> bytes:
        while len(self._buffer) < count and self._receive_more():
            pass
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _receive_more(self) -> bool:
        piece = self._receive()
        self._buffer += piece
        return bool(piece)

    def _skip_blank_lines(self) -> None:
        """Skip them before a status line, as RFC 9112, section 2.2, recommends."""
        if self._buffer.startswith((b"\r", b"\n")):
            self._buffer = self._buffer.lstrip(b"\r\n")


def _parsed(head: bytes) -> tuple[int, str]:
    first, _end, rest = head.partition(b"\n")
    match = _STATUS_LINE.fullmatch(first.rstrip())
    if match is None:
        raise AnswerError(AnswerFault.NOT_HTTP)
    version, status, phrase = match.groups()
    lines = [head_text(b"HTTP/" + b" ".join(filter(None, (version, status, phrase))))]
    for line in _FOLD.sub(b" ", rest).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon and name.strip():
            lines.append(_header_text(name.strip(), value.strip()))
    return int(status), "\n".join(lines)


def _header_text(name: bytes, value: bytes) -> str:
    if name.lower() == b"location" and not _is_utf_8(value):
        value = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), value)
    return f"{head_text(name)}: {head_text(value)}"


def _is_utf_8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, coding: str, limit: int) -> bytes:
    """Return a body without its content coding; one that cannot be decoded as it is."""
    for window in _WINDOWS.get(coding.strip().lower(), ()):
        try:
            return zlib.decompressobj(window).decompress(body, limit)
        except zlib.error:
            continue
    return body
