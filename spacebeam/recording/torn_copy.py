"""Copies of a recording that was being written meanwhile: the part of them that can be read.

The end of the file may have been copied after its beginning, and the log at another time than the
file. As blocks are only added, the earlier ones are sound.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator, Sequence
from typing import Any

from spacebeam.recording.codec import decode
from spacebeam.recording.errors import READING_ERRORS, RecordingError

_CONTENT = "SELECT entries, payload FROM main.content WHERE first = ?"


def hide_unreadable_end(connection: sqlite3.Connection) -> None:
    """Hide the blocks from the first one that was not copied. Raises sqlite3.Error."""
    blocks, are_all_listed = _rows(connection, "SELECT first, count FROM main.block ORDER BY first")
    contents, are_all_there = _rows(connection, "SELECT first FROM main.content ORDER BY first")
    there = {first for (first,) in contents}
    copied = list(_copied(blocks, there))
    if are_all_listed and are_all_there and len(copied) == len(blocks):
        return
    end = sum(count for _first, count in blocks[: len(copied)])
    is_overlap = len(copied) < len(blocks) and blocks[len(copied)][0] < end
    if are_all_listed and are_all_there and (is_overlap or end in there):
        return  # nothing is missing, but the list of blocks is not valid
    while copied and not _is_readable(connection, copied[-1]):
        copied.pop()
    last = copied[-1] if copied else -1
    for table in ("block", "content"):
        connection.execute(
            f"CREATE TEMP VIEW {table} AS SELECT * FROM main.{table} WHERE first <= {last}"
        )


def _rows(connection: sqlite3.Connection, query: str) -> tuple[list[tuple[Any, ...]], bool]:
    """Return the rows up to the first unreadable page, and whether these are all."""
    rows: list[tuple[Any, ...]] = []
    try:
        rows.extend(connection.execute(query))
    except sqlite3.DatabaseError as error:
        if not getattr(error, "sqlite_errorname", "").startswith("SQLITE_CORRUPT"):
            raise
        return rows, False
    return rows, True


def _copied(blocks: Sequence[tuple[Any, ...]], contents: Container[int]) -> Iterator[int]:
    """Yield the first entry of each block before the first gap."""
    expected = 0
    for first, count in blocks:
        if first != expected or first not in contents or not isinstance(count, int):
            return
        yield first
        expected += count


def _is_readable(connection: sqlite3.Connection, first: int) -> bool:
    try:
        decode(first, *connection.execute(_CONTENT, (first,)).fetchone())
    except (*READING_ERRORS, RecordingError):
        return False
    return True
