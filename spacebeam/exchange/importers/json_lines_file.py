"""Imports JSON Lines: those of `spacebeam list --json`, and Playwright's messages.

A line needs `text` or `base64`; all other keys may be missing.
"""

from __future__ import annotations

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
from spacebeam.recording.entry import Mark

_KEY = "0"
_DIRECTIONS = {
    "sent": Direction.SENT,
    "send": Direction.SENT,
    "received": Direction.RECEIVED,
    "receive": Direction.RECEIVED,
    "none": Direction.NONE,
}
_KINDS = {kind.name.lower(): kind for kind in Kind}
_NO_MARK = Mark()
_MAX_NOTE = 64 * 1024  # characters


class ImportedLine(msgspec.Struct):
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
    event: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
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
            line = line.removeprefix(b"\xef\xbb\xbf")
        if not line.isspace():
            yield number, line


def read(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the entries as one conversation. Raises ImportFileError."""
    decode = msgspec.json.Decoder(ImportedLine).decode
    parts = PartMaker(_KEY)
    last: float | None = None
    try:
        for number, line in lines(file):
            try:
                found = decode(line)
            except (ValueError, RecursionError):
                is_cut = not line.endswith(b"\n")
                fault = ImportFault.CUT_OFF if is_cut else ImportFault.NOT_JSON
                raise ImportFileError(fault, line=number) from None
            if found.unsearched is not None:
                continue
            time = _time(found.time)
            if time is None:
                losses[Loss.WRONG_TIMES] += 1
                time = last or 0.0
            message = _message(found)
            if message is None:
                losses[Loss.INVALID_MESSAGES] += 1
                continue
            if last is None:
                yield Begin(_KEY, time)
            last = max(last or 0.0, time)
            yield from parts.add(time, *message, _mark(found))
    except ImportFileError:
        yield from parts.rest()
        raise
    yield from parts.rest()
    if last is not None:
        yield End(_KEY, last)


def _time(value: float | None) -> float | None:
    return valid_time(value, 0.001 if value is not None and value > 1e11 else 1.0)


def _mark(found: ImportedLine) -> Mark:
    if not found.starred and not found.note:
        return _NO_MARK
    return Mark(found.starred, utf8(found.note[:_MAX_NOTE]).decode())


def _message(found: ImportedLine) -> tuple[Direction, Kind, bytes] | None:
    """Return an entry's direction, kind and payload; None if it is none."""
    direction = _DIRECTIONS.get(found.direction or found.type or "received")
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
        if code is None or not 0 < code < 2**16 or code == 1005:
            return b""
        return code.to_bytes(2, "big") + utf8(found.reason or "")
    text = found.text if found.text is not None else found.data
    return None if text is None else utf8(text)
