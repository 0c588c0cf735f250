"""Exports HAR 1.2 with Chrome's `_webSocketMessages`, an entry for each connection.

Chrome's DevTools show it. Times are Unix times in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

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


class _Writer(HarConnections):
    """Makes the text of the HAR's entries."""

    def __init__(self, source: ExportSource, losses: Losses) -> None:
        super().__init__(source, losses)
        self._parts: list[str] = []
        self._separator = ""  # before the next message or connection

    def taken(self) -> Piece:
        """Return what was made since the last call."""
        text = "".join(self._parts)
        self._parts.clear()
        return Piece(text.encode())

    def begun(self, request: HarRequest) -> None:
        self._parts.append(
            f"{',' if self._separator else ''}\n{json.dumps(request.entry)[:-1]}, "
            '"_resourceType": "websocket", "_webSocketMessages": ['
        )
        self._separator = "\n"

    def message(self, entry: ExportedEntry, type_: str, opcode: int, data: str) -> None:
        self._parts.append(
            f'{self._separator}{{"type": "{type_}", "time": {entry.time:.6f}, '
            f'"opcode": {opcode}, "data": {data}}}'
        )
        self._separator = ",\n"

    def ended(self, took: float, close: str) -> None:
        close = close and f', "_webSocketClose": {close}'
        self._parts.append(f'\n], "time": {took:.3f}{close}}}')
