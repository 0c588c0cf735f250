"""Parquet is read back by DuckDB, as a person would."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet
import pytest

from spacebeam.exchange.exporters import parquet_file
from spacebeam.net.events import Connected, event
from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, single
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.exchange.exporting import BEGAN, exported

_SENT, _RECEIVED = Direction.SENT, Direction.RECEIVED


def _written(path: Path, *batches: Batch, also: Any = lambda _recording: None) -> dict[str, int]:
    pieces, losses = exported("parquet", *batches, also=also)
    path.write_bytes(b"".join(piece.data for piece in pieces))
    return losses


def _asked(path: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as database:
        database.execute("SET TimeZone = 'UTC'")
        return database.execute(query.replace("TABLE", f"'{path}'")).fetchall()


def test_every_value_of_an_entry_comes_back(tmp_path: Path) -> None:
    def say(recording: Recording) -> None:
        recording.set_mark(1, Mark(True, 'a "note"'))
        recording.facts |= {"address": "ws://h/?token=abc", "title": "A title"}
        recording.handshakes.append((0, "{}"))

    path = tmp_path / "a.parquet"
    losses = _written(
        path,
        event(BEGAN, Connected("ws://h/")),
        single(BEGAN + 1, _SENT, Kind.TEXT, 'Grüße "🚀"\n\x00'.encode()),
        single(BEGAN + 2, _RECEIVED, Kind.BINARY, bytes(range(256)), Origin(20, (9, 3), True)),
        single(BEGAN + 3, _RECEIVED, Kind.CLOSE, b"\x03\xe8bye"),
        single(BEGAN + 4, _SENT, Kind.TEXT, b"\xff"),
        single(BEGAN + 5, _SENT, Kind.TEXT, b""),
        also=say,
    )
    assert losses == {"handshakes": 1}
    rows = _asked(path, "FROM TABLE ORDER BY number")
    when = datetime(2023, 11, 14, 22, 13, 20, 250_000, UTC)
    assert rows[0][:5] == (1, when, "none", "event", 36)
    assert rows[1][2:10] == ("sent", "text", 16, 'Grüße "🚀"\n\x00', None, None, True, 'a "note"')
    assert rows[2][5:8] == (None, bytes(range(256)), None)
    assert rows[2][10:] == (20, [9, 3], True)
    assert rows[3][5:8] == ("bye", b"\x03\xe8bye", 1000)
    assert rows[4][5:7] == (None, b"\xff")
    assert rows[5][5:7] == ("", None)
    assert rows[5][10:] == (None, None, None)
    types = dict(_asked(path, "SELECT column_name, column_type FROM (DESCRIBE FROM TABLE)"))
    assert (types["data"], types["text"]) == ("BLOB", "VARCHAR")
    assert types["time"] == "TIMESTAMP WITH TIME ZONE"
    metadata = pyarrow.parquet.read_schema(path).metadata
    assert metadata[b"title"] == b"A title"
    assert b"abc" not in metadata[b"address"]


def test_a_long_recording_is_written_in_row_groups_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "_MAX_ROWS", 5000)
    path = tmp_path / "a.parquet"
    texts = [f'{{"price": {number}}}'.encode() for number in range(20_000)]
    _written(path, *(single(BEGAN + at, _RECEIVED, Kind.TEXT, one) for at, one in enumerate(texts)))
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == 3
    query = "SELECT count(*), max(CAST(text->>'$.price' AS INT)), sum(size) FROM TABLE"
    assert _asked(path, query) == [(20_000, 19_999, sum(map(len, texts)))]


def test_an_empty_export_has_the_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    _written(path)
    assert _asked(path, "SELECT count(*) FROM TABLE") == [(0,)]
