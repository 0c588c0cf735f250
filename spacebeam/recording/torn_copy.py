"""Copies of a recording that was being written meanwhile: the part of them that can be read.

The end of the file may have been copied after its beginning, and the log at another time than the
file. As blocks are only added, the earlier ones are sound.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Container, Iterator, Sequence
from pathlib import Path
from struct import Struct
from typing import Any

from spacebeam.recording.codec import decode
from spacebeam.recording.errors import READING_ERRORS, RecordingError
from spacebeam.recording.schema import PAGE_SIZE

_CONTENT = "SELECT entries, payload FROM main.content WHERE first = ?"

# Of a log: https://sqlite.org/fileformat2.html#the_write_ahead_log
_LOG_HEADER = Struct(">I4xI4x8s8x")  # magic number, the size of a page in bytes, the salts
_FRAME_HEADER = Struct(">II8s8x")  # a page's number, after a commit the number of pages, the salts
_LOG_MAGIC = (0x377F0682, 0x377F0683)
_LOCK_OFFSET = 2**30  # SQLite never writes the page at this offset


def lacks_pages(path: Path, log: Path) -> bool:
    """Return whether pages of a recording are in neither its file nor its log. Raises OSError.

    So it is in a copy if SQLite restarted the log after the file was copied, and before the log
    was. Then the log's pages are of no use.
    """
    frames = list(_frames(log))
    while frames and not frames[-1][1]:
        frames.pop()  # it was not committed
    if not frames:
        return False
    page_count = frames[-1][1]
    logged = {number for number, _count in frames}
    logged.add(_LOCK_OFFSET // PAGE_SIZE + 1)
    # Only now: a checkpoint copies the log's pages into the file before the log is restarted.
    in_file = path.stat().st_size // PAGE_SIZE
    return any(number not in logged for number in range(in_file + 1, page_count + 1))


def _frames(log: Path) -> Iterator[tuple[int, int]]:
    """Yield of each whole frame its page's number, and the number of all pages or 0."""
    with log.open("rb", buffering=0) as file:
        header = file.read(_LOG_HEADER.size)
        if len(header) < _LOG_HEADER.size:
            return
        magic, page_size, salts = _LOG_HEADER.unpack(header)
        if magic not in _LOG_MAGIC or page_size != PAGE_SIZE:
            return
        frame_size = _FRAME_HEADER.size + PAGE_SIZE
        for _frame in range((os.fstat(file.fileno()).st_size - len(header)) // frame_size):
            header = file.read(_FRAME_HEADER.size)
            if len(header) < _FRAME_HEADER.size:
                return  # the log was cut meanwhile
            number, count, frame_salts = _FRAME_HEADER.unpack(header)
            if frame_salts != salts:
                return  # a frame of the log before it was restarted
            yield number, count
            file.seek(PAGE_SIZE, os.SEEK_CUR)


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
