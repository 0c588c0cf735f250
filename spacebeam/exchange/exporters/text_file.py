"""Exports plain text: a line for each entry, as `spacebeam list` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from spacebeam.decode.visible import escaped
from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
    wire_forms,
)
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.protocol.batch import Direction, Kind

_MARKS = {Direction.NONE: "*", Direction.SENT: ">", Direction.RECEIVED: "<"}


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the lines of one block after another."""
    losses[Loss.HANDSHAKES] += len(source.handshakes)
    losses[Loss.MARKS] += len(source.marks)
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        lines = [_line(source, entry) for entry in exported(block, places)]
        yield Piece("".join(lines).encode(errors="replace"))


def _line(source: ExportSource, entry: ExportedEntry) -> str:
    kind = entry.kind
    if kind is Kind.TEXT:
        words = escaped(entry.payload)
    elif kind is Kind.BINARY:
        words = entry.payload.hex()
    else:
        words = source.words(kind, entry.payload)
    return f"{clock(entry.time)} {_MARKS[entry.direction]} {kind.name.lower():6} {words}\n"


def clock(time: float) -> str:
    """Return a local date and time with milliseconds."""
    return datetime.fromtimestamp(time).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
