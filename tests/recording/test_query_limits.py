"""The work of a query is limited by the size of the file."""

from __future__ import annotations

import signal
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording import schema
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import open_to_read, open_to_write
from spacebeam.recording.info import file_handshakes, file_summary
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.query_limits import bounded
from tests.support.recordings import read

_SIZE = 4096  # bytes of a page
_FAN = 400  # cells of an interior page
_ROWS = {
    "block": "INSERT INTO block VALUES(?, 1, 1.0, 1.0, 0, 0, 1, 1)",
    "mark": "INSERT INTO mark VALUES(?, 1, '')",
    "handshake": "INSERT INTO handshake VALUES(?, '{}')",
}


def interior_page(child: int) -> bytes:
    """Return an interior page whose cells all point to one page (SQLite file format, 1.6)."""
    page, places, end = bytearray(_SIZE), [], _SIZE
    for key in range(_FAN):
        low = bytes((key & 0x7F,))
        cell = struct.pack(">I", child) + (bytes((0x80 | key >> 7,)) if key > 127 else b"") + low
        end -= len(cell)
        page[end : end + len(cell)] = cell
        places.append(end)
    page[:12] = struct.pack(">BHHHBI", 5, 0, _FAN, end, 0, child)
    page[12 : 12 + 2 * _FAN] = struct.pack(f">{_FAN}H", *places)
    return bytes(page)


def write_endless(path: Path, table: str, levels: int) -> None:
    """Write a recording in which a table seems to have 60 rows, times 400 for each level."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {_SIZE}")
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
            schema.create(model)
            tables = [sql for (sql,) in model.execute("SELECT sql FROM sqlite_schema") if sql]
        for statement in tables:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        connection.executemany(_ROWS[table], [(number,) for number in range(60)])
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (root,) = connection.execute(query, (table,)).fetchone()
    data = bytearray(path.read_bytes())
    count, start = len(data) // _SIZE, (root - 1) * _SIZE
    pages = [bytes(data[start : start + _SIZE])]
    pages += [interior_page(count + level) for level in range(1, levels)]
    data[start : start + _SIZE] = interior_page(count + len(pages))
    data += b"".join(pages)
    data[28:32] = struct.pack(">I", count + len(pages))
    data[92:96] = data[24:28]
    path.write_bytes(data)


@pytest.mark.parametrize("levels", [2, 6])
@pytest.mark.parametrize(
    ("read_file", "table"),
    [
        *((open_read_only, table) for table in _ROWS),
        (file_summary, "block"),
        (file_summary, "mark"),
        (file_handshakes, "handshake"),
    ],
)
@pytest.mark.timeout(20)
def test_an_endless_table_is_refused(
    read_file: Callable[[Path], object], table: str, levels: int, tmp_path: Path
) -> None:
    path = tmp_path / "x.beam"
    write_endless(path, table, levels)
    with pytest.raises(RecordingError, match="a query does not end"):
        read_file(path)


def test_a_large_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with closing(open_to_write(path)) as connection:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO mark VALUES(?, 1, 'note')", ((n,) for n in range(200_000))
        )
        connection.execute("COMMIT")
    assert len(read(path).marks) == 200_000


_QUERY = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) "
    "SELECT count(*) FROM n"
)
_ENDLESS = _QUERY.format(10**9)


def test_only_queries_in_the_context_are_limited(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    open_to_write(path).close()
    with closing(open_to_read(path)) as connection:
        with (
            pytest.raises(sqlite3.OperationalError, match="interrupted"),
            bounded(connection, path),
        ):
            connection.execute(_ENDLESS)
        assert connection.execute(_QUERY.format(10**6)).fetchone() == (10**6,)


class Interrupted(sqlite3.Connection):
    """A connection that receives SIGINT during a query."""

    def set_progress_handler(self, handler: Callable[[], int | None] | None, n: int) -> None:
        def interrupted() -> int:
            signal.raise_signal(signal.SIGINT)
            return 0

        super().set_progress_handler(handler and interrupted, n)


def test_ctrl_c_is_not_reported_as_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    open_to_write(path).close()
    with (
        closing(sqlite3.connect(path, factory=Interrupted)) as connection,
        pytest.raises(KeyboardInterrupt),
        bounded(connection, path),
    ):
        connection.execute(_ENDLESS)


def test_other_errors_are_raised_unchanged(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    open_to_write(path).close()
    with (
        closing(open_to_read(path)) as connection,
        pytest.raises(sqlite3.OperationalError, match="no such table"),
        bounded(connection, path),
    ):
        connection.execute("SELECT * FROM nowhere")


def test_a_removed_file_that_is_still_open_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    open_to_write(path).close()
    with closing(open_to_read(path)) as connection:
        path.unlink()
        with bounded(connection, path):
            assert connection.execute("SELECT count(*) FROM fact").fetchone() == (0,)
