"""Exports a trace for Playwright's viewer, whose network panel shows WebSockets and their messages.

The viewer opens no HAR. Its zip has `trace.trace` (here only a head), `trace.network` with a HAR
entry for each connection, and a file of JSON Lines with each connection's messages. Times are Unix
times in milliseconds. The version is that of Playwright 1.65; older viewers show no messages.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from spacebeam import __version__
from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
    wire_forms,
)
from spacebeam.exchange.exporters.har_connections import HarConnections
from spacebeam.exchange.exporters.har_request import HarRequest
from spacebeam.exchange.losses import Loss, Losses

_VERSION = 10
_LEVEL = 1  # of compression: the fastest


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the zip; its messages first, one connection after another."""
    losses[Loss.MARKS] += len(source.marks)
    stream = _Pieces()
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        writer = _Writer(source, losses, archive)
        try:
            for block, places in found:
                losses[Loss.WIRE_FORMS] += wire_forms(block, places)
                for entry in exported(block, places):
                    writer.add(entry)
                yield stream.taken()
        finally:
            writer.end()  # an archive cannot be closed while a file in it is open
        archive.writestr("trace.network", writer.network())
        archive.writestr("trace.trace", writer.trace(source.title))
    yield stream.taken()


class _Pieces(io.RawIOBase):
    """Takes an archive, and gives it away piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> Piece:
        """Return what was written since the last call."""
        data = b"".join(self._parts)
        self._parts.clear()
        return Piece(data)


class _Writer(HarConnections):
    """Writes each connection's messages into a file of the archive, and keeps its HAR entry."""

    def __init__(self, source: ExportSource, losses: Losses, archive: ZipFile) -> None:
        super().__init__(replace(source, has_control_frames=True), losses)
        self._archive = archive
        self._file = ExitStack()
        self._messages: IO[bytes]
        self._entries: list[dict[str, Any]] = []
        self._began: list[float] = []  # Unix times in milliseconds
        self._end = 0.0

    def begun(self, request: HarRequest) -> None:
        name = f"resources/{len(self._entries) + 1}.jsonl"
        self._messages = self._file.enter_context(
            self._archive.open(name, "w", force_zip64=True)  # its size is not known yet
        )
        entry = request.entry | {"_resourceType": "websocket"}
        entry["response"]["content"]["_file"] = name
        self._entries.append(entry)
        self._began.append(request.began * 1000)

    def message(self, entry: ExportedEntry, type_: str, opcode: int, data: str) -> None:
        if type_ == "error":  # the viewer would take it for a binary message
            self._entries[-1]["response"]["_failureText"] = json.loads(data)
            return
        line = f'{{"type": "{type_}", "time": {entry.time * 1000:.3f}, "opcode": {opcode}, '
        self._messages.write(f'{line}"data": {data}}}\n'.encode())

    def ended(self, took: float, close: str) -> None:
        self._file.close()
        entry = self._entries[-1] | {"time": round(took, 3)}
        self._entries[-1] = entry | ({"_webSocketClose": json.loads(close)} if close else {})
        self._end = max(self._end, self._began[-1] + took)

    def network(self) -> str:
        """Return a line for each connection."""
        begin = min(self._began, default=0.0)
        lines = []
        for entry, began in zip(self._entries, self._began, strict=True):
            snapshot = entry | {"_monotonicTime": round(began - begin, 3)}
            lines.append(json.dumps({"type": "resource-snapshot", "snapshot": snapshot}) + "\n")
        return "".join(lines)

    def trace(self, title: str) -> str:
        """Return the head, and an action as long as all connections: the viewer wants one."""
        begin = min(self._began, default=0.0)
        head = {
            "type": "context-options",
            "version": _VERSION,
            "origin": "library",
            "browserName": f"Spacebeam {__version__}",
            "options": {},
            "platform": sys.platform,
            "wallTime": begin,
            "monotonicTime": 0,
            "sdkLanguage": "python",
            "title": title,
        }
        action = {
            "type": "action",
            "callId": "recording",
            "class": "Recording",
            "method": "recording",
            "title": title or "Recording",
            "params": {},
            "startTime": 0,
            "endTime": round(max(self._end - begin, 0.0), 3),
        }
        return f"{json.dumps(head)}\n{json.dumps(action)}\n"
