"""Exports the messages as files of a folder, with an index.

The names have the entry's number and direction and nothing of the peer. `index.jsonl` has a line
for each file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import msgspec

from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
    wire_forms,
)
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.protocol.batch import Kind

INDEX = "index.jsonl"


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield a file for each message; pieces named INDEX are its lines, in order."""
    losses[Loss.HANDSHAKES] += len(source.handshakes)
    losses[Loss.MARKS] += len(source.marks)
    width = len(str(source.length))
    yield Piece(b"", INDEX)
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        index = []
        for entry in exported(block, places):
            if entry.kind not in (Kind.TEXT, Kind.BINARY):
                losses[Loss.OTHER_ENTRIES] += 1
                continue
            name = f"{entry.number:0{width}}-{entry.direction.name.lower()}.{_suffix(entry)}"
            yield Piece(entry.payload, name)
            index.append(_line(entry, name))
        yield Piece("".join(index).encode(), INDEX)


def _suffix(entry: ExportedEntry) -> str:
    if entry.kind is Kind.BINARY:
        return "bin"
    if entry.payload[:1] in (b"{", b"["):
        try:
            msgspec.json.decode(entry.payload, type=msgspec.Raw)
        except (ValueError, RecursionError):
            return "txt"
        return "json"
    return "txt"


def _line(entry: ExportedEntry, name: str) -> str:
    told = {
        "number": entry.number,
        "time": entry.time,
        "direction": entry.direction.name.lower(),
        "kind": entry.kind.name.lower(),
        "size": len(entry.payload),
        "file": name,
    }
    return json.dumps(told) + "\n"
