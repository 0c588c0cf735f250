"""Exports HAR 1.2 with Chrome's `_webSocketMessages`, an entry for each connection.

Chrome's DevTools and Playwright's viewer show it. Times are Unix times in seconds, binary messages
Base64; `_webSocketClose` is HTTP Toolkit's.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from json.encoder import encode_basestring

from spacebeam import __version__
from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
    wire_forms,
)
from spacebeam.exchange.exporters.har_request import HarRequest, har_request
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net import events
from spacebeam.net.close_reason import CloseCause
from spacebeam.protocol.batch import Direction, Kind, split_close

_TYPES = {Direction.NONE: "send", Direction.SENT: "send", Direction.RECEIVED: "receive"}


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the connections in order, the messages of one block after another."""
    losses[Loss.MARKS] += len(source.marks)
    creator = {"name": "Spacebeam", "version": __version__}
    head = json.dumps({"version": "1.2", "creator": creator})
    yield Piece(f'{{"log": {head[:-1]}, "entries": ['.encode())
    writer = _Writer(source, losses)
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        for entry in exported(block, places):
            writer.add(entry)
        yield writer.taken()
    writer.end()
    yield writer.taken()
    yield Piece(b"\n]}}\n")


class _Writer:
    """Makes the text of the HAR's entries."""

    def __init__(self, source: ExportSource, losses: Losses) -> None:
        self._source = source
        self._losses = losses
        self._parts: list[str] = []
        self._next = 0  # index of the next handshake
        self._request: HarRequest | None = None  # of the connection that is being written
        self._last = 0.0  # time of the newest entry
        self._separator = ""  # before the next message
        self._close: str | None = None

    def taken(self) -> Piece:
        """Return what was made since the last call."""
        text = "".join(self._parts)
        self._parts.clear()
        return Piece(text.encode())

    def add(self, entry: ExportedEntry) -> None:
        """Add an entry, in a new connection if it is the first one after a handshake."""
        handshakes = self._source.handshakes
        place = self._next
        while place < len(handshakes) and handshakes[place][0] < entry.number:
            place += 1
        if self._request is None or place != self._next:
            self.end()
            report = handshakes[place - 1][1] if place else ""
            self._begin(har_request(self._source.address, report, entry.time))
            self._next = place
        self._last = max(self._last, entry.time)
        match entry.kind:
            case Kind.TEXT:
                self._add(_TYPES[entry.direction], entry, self._text(entry.payload))
            case Kind.BINARY:
                self._add(_TYPES[entry.direction], entry, _base64(entry.payload))
            case Kind.EVENT:
                self._add_event(entry)
            case _:
                self._add_control_frame(entry)

    def end(self) -> None:
        """End the connection that is being written."""
        request = self._request
        if request is None:
            return
        took = max(self._last - request.began, 0.0) * 1000
        close = "" if self._close is None else f', "_webSocketClose": {self._close}'
        self._parts.append(f'\n], "time": {took:.3f}{close}}}')
        self._request = None

    def _begin(self, request: HarRequest) -> None:
        self._losses[Loss.SECRETS] += request.masked
        self._parts.append(
            f"{',' if self._separator else ''}\n{request.text[:-1]}, "
            '"_resourceType": "websocket", "_webSocketMessages": ['
        )
        self._request, self._last = request, request.began
        self._separator, self._close = "\n", None

    def _add(self, type_: str, entry: ExportedEntry, data: str, opcode: int | None = None) -> None:
        self._parts.append(
            f'{self._separator}{{"type": "{type_}", "time": {entry.time:.6f}, '
            f'"opcode": {int(entry.kind) if opcode is None else opcode}, "data": {data}}}'
        )
        self._separator = ",\n"

    def _text(self, payload: bytes) -> str:
        try:
            return encode_basestring(payload.decode())
        except UnicodeDecodeError:  # of a raw frame
            self._losses[Loss.INVALID_TEXTS] += 1
            return encode_basestring(payload.decode(errors="replace"))

    def _add_event(self, entry: ExportedEntry) -> None:
        event = events.from_payload(entry.payload)
        if isinstance(event, events.Closed):
            if event.cause is not CloseCause.CLOSE_FRAME:
                words = encode_basestring(self._source.words(entry.kind, entry.payload))
                self._add("error", entry, words, -1)
                self._close = '"aborted"'
        elif not isinstance(event, events.Connected):
            self._losses[Loss.EVENTS] += 1

    def _add_control_frame(self, entry: ExportedEntry) -> None:
        if entry.kind is Kind.CLOSE and self._close is None and self._request is not None:
            code, reason = split_close(entry.payload)
            since = max(entry.time - self._request.began, 0.0)
            self._close = (
                f'{{"code": {int(code)}, "reason": {encode_basestring(reason)}, '
                f'"timestamp": {since:.6f}}}'
            )
        if self._source.has_control_frames:
            self._add(_TYPES[entry.direction], entry, _base64(entry.payload))
        elif entry.kind is not Kind.CLOSE:
            self._losses[Loss.CONTROL_FRAMES] += 1


def _base64(payload: bytes) -> str:
    return f'"{b64encode(payload).decode()}"'
