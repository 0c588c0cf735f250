"""Exports Parquet, a row for each entry, for DuckDB, pandas, Spark and the like.

pyarrow writes it, which is an extra: 150 MB that only this format needs. Row groups are bounded in
rows and bytes, so that a recording of any length takes the memory of one.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
)
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.protocol.batch import Direction, Kind, origin_of, split_close
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Mark

if TYPE_CHECKING:
    import pyarrow

_MAX_ROWS = 32 * 1024  # of a row group
_MAX_BYTES = 8 * 2**20  # of a row group, unless one entry is longer
_MAX_BATCH_ROWS = 4096  # that are made of entries at once
_NO_MARK = Mark()
_NO_ORIGIN = (None, None, None)
_NAMES: dict[str, dict[Any, int]] = {
    "direction": {one: at for at, one in enumerate(Direction)},
    "kind": {one: at for at, one in enumerate(Kind)},
}

_Row = tuple[Any, ...]


def is_available() -> bool:
    """Return whether pyarrow is installed."""
    return importlib.util.find_spec("pyarrow") is not None


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield one row group after another."""
    import pyarrow  # an extra: spacebeam[parquet]
    import pyarrow.parquet

    losses[Loss.HANDSHAKES] += len(source.handshakes)
    schema = _schema(pyarrow).with_metadata(
        {"address": without_secrets(source.address), "title": source.title}
    )
    sink = _Sink()
    with pyarrow.parquet.ParquetWriter(
        sink, schema, compression="zstd", use_dictionary=["direction", "kind"]
    ) as writer:
        group = _RowGroup(pyarrow, schema)
        for block, places in found:
            for start in range(0, len(places), _MAX_BATCH_ROWS):
                group.add(_rows(source, block, places[start : start + _MAX_BATCH_ROWS]))
                if group.is_full:
                    group.write(writer)
                    yield Piece(sink.taken())
        group.write(writer)
    yield Piece(sink.taken())


def _schema(pyarrow: Any) -> pyarrow.Schema:
    names = pyarrow.dictionary(pyarrow.int8(), pyarrow.string())
    return pyarrow.schema(
        [
            pyarrow.field("number", pyarrow.int64(), nullable=False),
            pyarrow.field("time", pyarrow.timestamp("us", tz="UTC"), nullable=False),
            pyarrow.field("direction", names, nullable=False),
            pyarrow.field("kind", names, nullable=False),
            pyarrow.field("size", pyarrow.int64(), nullable=False),
            pyarrow.field("text", pyarrow.string()),
            pyarrow.field("data", pyarrow.binary()),
            pyarrow.field("code", pyarrow.int32()),
            pyarrow.field("starred", pyarrow.bool_(), nullable=False),
            pyarrow.field("note", pyarrow.string()),
            pyarrow.field("wire_size", pyarrow.int64()),
            pyarrow.field("fragments", pyarrow.list_(pyarrow.int64())),
            pyarrow.field("compressed", pyarrow.bool_()),
        ]
    )


class _RowGroup:
    """The rows of the next row group, in the form of Arrow, which is compact."""

    def __init__(self, pyarrow: Any, schema: pyarrow.Schema) -> None:
        self._pyarrow = pyarrow
        self._schema = schema
        self._batches: list[pyarrow.RecordBatch] = []
        self._rows = 0
        self._size = 0  # bytes

    @property
    def is_full(self) -> bool:
        return self._rows >= _MAX_ROWS or self._size >= _MAX_BYTES

    def add(self, rows: Sequence[_Row]) -> None:
        columns = zip(*rows, strict=True)
        arrays = [
            self._array(column, field) for column, field in zip(columns, self._schema, strict=True)
        ]
        batch = self._pyarrow.RecordBatch.from_arrays(arrays, schema=self._schema)
        self._batches.append(batch)
        self._rows += len(rows)
        self._size += batch.nbytes

    def _array(self, column: Sequence[Any], field: pyarrow.Field) -> pyarrow.Array:
        names = _NAMES.get(field.name)
        if names is None:
            return self._pyarrow.array(column, field.type)
        places = self._pyarrow.array([names[one] for one in column], self._pyarrow.int8())
        return self._pyarrow.DictionaryArray.from_arrays(
            places, [one.name.lower() for one in names]
        )

    def write(self, writer: Any) -> None:
        """Write the rows, and have none."""
        if self._batches:
            writer.write_table(self._pyarrow.Table.from_batches(self._batches), self._rows)
        self._batches, self._rows, self._size = [], 0, 0


def _rows(source: ExportSource, block: Block, places: Sequence[int]) -> list[_Row]:
    rows = []
    for entry, place in zip(exported(block, places), places, strict=True):
        text, data, code = _payload(entry)
        mark = source.marks.get(entry.number - 1, _NO_MARK)
        origin = origin_of(block.origins.get(place)) or _NO_ORIGIN
        rows.append(
            (
                entry.number,
                round(entry.time * 1e6),
                entry.direction,
                entry.kind,
                len(entry.payload),
                text,
                data,
                code,
                mark.is_starred,
                mark.note or None,
                *origin[:3],
            )
        )
    return rows


def _payload(entry: ExportedEntry) -> tuple[str | None, bytes | None, int | None]:
    """Return the text, the bytes of what is no text, and a close frame's code."""
    if entry.kind is Kind.CLOSE:
        code, reason = split_close(entry.payload)
        return reason, entry.payload, int(code)
    if entry.kind in (Kind.TEXT, Kind.EVENT):
        try:
            return entry.payload.decode(), None, None
        except UnicodeDecodeError:  # of a raw frame
            pass
    return None, entry.payload, None


class _Sink(io.RawIOBase):
    """Takes the bytes of the file until they are taken away."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        self._at += len(self._parts[-1])
        return len(self._parts[-1])

    def taken(self) -> bytes:
        """Return what was written since the last call."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
