"""Imports JSON Lines: those of `spacebeam list --json`, and Playwright's messages.

A line needs `text` or `base64`; all other keys may be missing.
"""

from __future__ import annotations

import json
from binascii import a2b_base64
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from spacebeam.exchange.importers.importer import (
    MAX_VALUE,
    Begin,
    End,
    ImportFault,
    ImportFileError,
    Item,
    PartMaker,
    utf8,
    valid_time,
)
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net.events import from_payload, to_payload
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.entry import Mark

_KEY = "0"
_BOM = b"\xef\xbb\xbf"
_BLOCK = 256 * 1024  # bytes
_DIRECTIONS = {
    "sent": Direction.SENT,
    "send": Direction.SENT,
    "received": Direction.RECEIVED,
    "receive": Direction.RECEIVED,
    "none": Direction.NONE,
}
_KINDS = {kind.name.lower(): kind for kind in Kind}
_NO_MARK = Mark()
_NO_EVENT = msgspec.Raw()
_MAX_NOTE = 64 * 1024  # characters


class ImportedLine(msgspec.Struct, gc=False):
    """The keys of a line; unknown ones are ignored."""

    time: float | None = None
    direction: str | None = None
    type: str | None = None  # Playwright's direction
    kind: str | None = None
    opcode: int | None = None
    text: str | None = None
    base64: str | None = None
    data: str | None = None  # Playwright's text or Base64
    code: int | None = None
    reason: str | None = None
    event: msgspec.Raw = _NO_EVENT
    starred: bool = False
    note: str = ""
    unsearched: int | None = None  # of the last line of a search


def lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty, with their numbers from 1. Raises ImportFileError."""
    number = 0
    while line := file.readline(MAX_VALUE + 1):
        number += 1
        if len(line) > MAX_VALUE:
            raise ImportFileError(ImportFault.TOO_LARGE, line=number)
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace():
            yield number, line


def read(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the entries as one conversation. Raises ImportFileError."""
    reader = _Reader(losses)
    try:
        for found in _decoded(file):
            yield from reader.take(found)
    except ImportFileError:
        yield from reader.parts.rest()
        raise
    yield from reader.end()


class _Reader:
    """Makes entries of lines."""

    def __init__(self, losses: Losses) -> None:
        self.parts = PartMaker(_KEY)
        self._losses = losses
        self._last: float | None = None  # the latest time so far

    def take(self, lines_: list[ImportedLine]) -> Iterator[Item]:
        """Yield what lines add."""
        add = self.parts.add
        for found in lines_:
            time, text, direction = found.time, found.text, found.direction
            is_plain = found.kind == "text" and found.base64 is None and not found.starred
            if (
                is_plain
                and text is not None
                and direction in _DIRECTIONS
                and type(time) is float
                and 0 <= time < LATEST_TIME
                and not found.note
                and self._last is not None
            ):  # nearly all lines
                try:
                    payload = text.encode()
                except UnicodeEncodeError:
                    payload = utf8(text)
                if time > self._last:
                    self._last = time
                if done := add(time, _DIRECTIONS[direction], Kind.TEXT, payload):
                    yield from done
            elif found.unsearched is None:
                yield from self._take_other(found)

    def _take_other(self, found: ImportedLine) -> Iterator[Item]:
        time = _time(found.time)
        if time is None:
            self._losses[Loss.WRONG_TIMES] += 1
            time = self._last or 0.0
        message = _message(found)
        if message is None:
            self._losses[Loss.INVALID_MESSAGES] += 1
            return
        if self._last is None:
            yield Begin(_KEY, time)
        self._last = max(self._last or 0.0, time)
        yield from self.parts.add(time, *message, _mark(found))

    def end(self) -> Iterator[Item]:
        """Yield the rest, and the end."""
        yield from self.parts.rest()
        if self._last is not None:
            yield End(_KEY, self._last)


def _decoded(file: BinaryIO) -> Iterator[list[ImportedLine]]:
    """Yield the lines, many at a time. Raises ImportFileError after those before a broken one."""
    decoder = msgspec.json.Decoder(ImportedLine)
    number = 0  # of lines before the block
    for block in _blocks(file):
        yield from _decoded_lines(decoder, block, number)
        number += block.count(b"\n")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield whole lines, about _BLOCK bytes of them, or one that is longer."""
    waiting: list[bytes] = []  # the beginning of a line
    size = number = 0
    is_first = True
    while piece := file.read(_BLOCK):
        piece = piece.removeprefix(_BOM) if is_first else piece
        is_first = False
        end = piece.rfind(b"\n") + 1
        size += len(piece)
        if end:
            block = b"".join((*waiting, piece[:end]))
            number += block.count(b"\n")
            yield block
            waiting, size = [], len(piece) - end
        waiting.append(piece[end:])
        if size > MAX_VALUE:
            raise ImportFileError(ImportFault.TOO_LARGE, line=number + 1)
    yield b"".join(waiting)


def _decoded_lines(
    decoder: msgspec.json.Decoder[ImportedLine], data: bytes, number: int
) -> Iterator[list[ImportedLine]]:
    try:
        yield decoder.decode_lines(data)
    except (ValueError, RecursionError):
        for line in data.split(b"\n"):
            number += 1
            try:
                yield _line(decoder, line)
            except msgspec.ValidationError:
                raise ImportFileError(ImportFault.OTHER_SHAPE, line=number) from None
            except (ValueError, RecursionError):
                is_cut = data.endswith(line)
                fault = ImportFault.CUT_OFF if is_cut else ImportFault.NOT_JSON
                raise ImportFileError(fault, line=number) from None


def _line(decoder: msgspec.json.Decoder[ImportedLine], line: bytes) -> list[ImportedLine]:
    """Return what is on a line. Raises ValueError or RecursionError.

    Half a surrogate pair, which JSON may have (RFC 8259, section 8.2), becomes U+FFFD.
    """
    try:
        return decoder.decode_lines(line)
    except msgspec.ValidationError:
        raise
    except ValueError:
        text = json.dumps(json.loads(line), ensure_ascii=False)
        whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return decoder.decode_lines(whole.encode())


def _time(value: float | None) -> float | None:
    return valid_time(value, 0.001 if value is not None and value > 1e11 else 1.0)


def _mark(found: ImportedLine) -> Mark:
    if not found.starred and not found.note:
        return _NO_MARK
    return Mark(found.starred, utf8(found.note[:_MAX_NOTE]).decode())


def _message(found: ImportedLine) -> tuple[Direction, Kind, bytes] | None:
    """Return an entry's direction, kind and payload; None if it is none."""
    direction = _DIRECTIONS.get(found.direction or found.type or "received")
    if found.kind == "text" and found.text is not None and found.base64 is None and direction:
        return direction, Kind.TEXT, utf8(found.text)  # nearly all lines
    kind = _kind(found)
    if direction is None or kind is None:
        return None
    if kind is Kind.EVENT:
        return Direction.NONE, kind, to_payload(from_payload(bytes(found.event)))
    payload = _payload(found, kind)
    return None if payload is None else (direction, kind, payload)


def _kind(found: ImportedLine) -> Kind | None:
    if found.kind is not None:
        return _KINDS.get(found.kind)
    if found.opcode is not None:
        return next((kind for kind in Kind if kind == found.opcode), None)
    return Kind.BINARY if found.base64 is not None and found.text is None else Kind.TEXT


def _payload(found: ImportedLine, kind: Kind) -> bytes | None:
    encoded: Any = found.base64
    if encoded is None and kind is not Kind.TEXT:
        encoded = found.data
    if encoded is not None:
        try:
            return a2b_base64(encoded, strict_mode=True) if encoded else b""
        except ValueError:
            return None
    if kind is Kind.CLOSE:
        code = found.code
        if code is None or code == 1005:
            return b""
        if not 0 < code < 2**16:
            return None
        return code.to_bytes(2, "big") + utf8(found.reason or "")
    text = found.text if found.text is not None else found.data
    return None if text is None else utf8(text)
