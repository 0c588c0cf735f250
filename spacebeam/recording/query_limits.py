"""How long a query may go on: in proportion to the file that it reads.

A file comes from anywhere, and a page of it may lead to another a thousand times over.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AT_ONCE = 10_000  # of SQLite's steps; a row takes ten or twenty
_ALWAYS = 1_000_000  # steps that are enough for what a small file can hold
_BYTES = 2  # of a file, for which a step is allowed; an honest row takes sixty


@contextmanager
def bounded(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """While the block runs, a query that goes on for too long ends with sqlite3.OperationalError.

    All queries of a block together may take so long.
    """
    try:
        left = (_ALWAYS + file_size(path) // _BYTES) // _AT_ONCE
    except OSError:  # it was removed, and is still there for who has it open
        yield
        return

    def is_too_much() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(is_too_much, _AT_ONCE)
    try:
        yield
    except sqlite3.OperationalError as error:
        # What Ctrl+C raises in the handler ends the query as well, and gets no further.
        if left >= 0 and getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def file_size(path: Path) -> int:
    """Bytes of a recording's file, with those that are still in its log."""
    found = path.stat().st_size
    try:
        return found + os.stat(f"{path}-wal").st_size
    except FileNotFoundError:
        return found
