"""Limits a query's time in proportion to the size of the file.

In a damaged or hostile file, pages may refer to each other in an endless loop.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CHECK_STEPS = 10_000  # of SQLite's virtual machine between two checks; a row takes 10 to 20
_MIN_STEPS = 1_000_000  # allowed for a file of any size
_BYTES_PER_STEP = 2  # file size that allows one more step; an intact row has about 60


@contextmanager
def bounded(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """Limit the steps of all queries in the context together.

    A query that exceeds the limit raises sqlite3.OperationalError.
    """
    try:
        left = (_MIN_STEPS + file_size(path) // _BYTES_PER_STEP) // _CHECK_STEPS
    except OSError:  # the file was removed; an open connection can still read it
        yield
        return

    def is_exceeded() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(is_exceeded, _CHECK_STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        # Ctrl+C in the handler ends the query too, but SQLite drops the exception.
        if left >= 0 and getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def file_size(path: Path) -> int:
    """Return the size of a recording's file and its log in bytes. Raises OSError."""
    found = path.stat().st_size
    try:
        return found + os.stat(f"{path}-wal").st_size
    except OSError:  # there is none
        return found
