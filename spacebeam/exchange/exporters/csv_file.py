"""Exports CSV (RFC 4180) with a row for each entry, for spreadsheets and databases.

Cells that a spreadsheet would run get an apostrophe before them: see `decode/cells.py`.
"""

from __future__ import annotations

import csv
import io
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime

from spacebeam.decode.cells import guarded
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
from spacebeam.recording.entry import Mark

COLUMNS = ("number", "time", "direction", "kind", "size", "encoding", "payload", "starred", "note")
_NO_MARK = Mark()


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the head, then the rows of one block after another."""
    losses[Loss.HANDSHAKES] += len(source.handshakes)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        marks = source.marks
        table.writerows(
            _row(entry, marks.get(entry.number - 1, _NO_MARK)) for entry in exported(block, places)
        )
        yield Piece(text.getvalue().encode())
        text.seek(0)
        text.truncate()
    yield Piece(text.getvalue().encode())  # the head, if there was no entry


def _row(entry: ExportedEntry, mark: Mark) -> tuple[object, ...]:
    encoding, payload = _payload(entry)
    when = datetime.fromtimestamp(entry.time, UTC).isoformat(timespec="microseconds")
    return (
        entry.number,
        when.replace("+00:00", "Z"),
        entry.direction.name.lower(),
        entry.kind.name.lower(),
        len(entry.payload),
        encoding,
        guarded(payload),
        "true" if mark.is_starred else "",
        guarded(mark.note),
    )


def _payload(entry: ExportedEntry) -> tuple[str, str]:
    if entry.kind in (Kind.TEXT, Kind.EVENT):
        try:
            return "text", entry.payload.decode()
        except UnicodeDecodeError:
            pass
    return "base64", b64encode(entry.payload).decode()
