"""What a recording's file says of the whole, without its entries: for lists of many files.

A fact of a file that is not open here is changed here too, without taking up the whole recording.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacebeam.recording.fault import RecordingError, opening_error
from spacebeam.recording.file import open_to_read


@dataclass(frozen=True, slots=True)
class Glance:
    """What can be said at a glance; the file is a stranger's, so a fact may be of any type."""

    facts: dict[str, Any]
    entries: int
    began: float  # Unix time in seconds of the first entry; 0 where there is none
    ended: float  # and of the last one


# However long somebody made them, a list has no use for more; a query that takes longer is no
# honest file's.
_MAX_FACTS = 100
_MAX_VALUE = 4096  # characters or bytes
_TIME_LIMIT = 2.0  # seconds
_FACTS = f"""
SELECT substr(name, 1, {_MAX_VALUE}),
       CASE typeof(value) WHEN 'text' THEN substr(value, 1, {_MAX_VALUE})
                          WHEN 'blob' THEN NULL ELSE value END
FROM fact LIMIT {_MAX_FACTS}
"""
_BOUNDS = """
SELECT (SELECT first + count FROM block ORDER BY first DESC LIMIT 1),
       (SELECT began FROM block ORDER BY first LIMIT 1),
       (SELECT ended FROM block ORDER BY first DESC LIMIT 1)
"""


def glance(path: Path) -> Glance:
    """Look at a file, whoever writes it. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection:
            deadline = time.monotonic() + _TIME_LIMIT
            connection.set_progress_handler(lambda: time.monotonic() > deadline, 10_000)
            facts = {str(name): value for name, value in connection.execute(_FACTS)}
            entries, began, ended = connection.execute(_BOUNDS).fetchone()
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error
    if entries is None:
        return Glance(facts, 0, 0.0, 0.0)
    if not isinstance(entries, int) or entries < 0:
        raise RecordingError(f"{path} is damaged: it does not say how much is in it.")
    if not (isinstance(began, float) and isinstance(ended, float)):
        raise RecordingError(f"{path} is damaged: it does not say when it was made.")
    return Glance(facts, entries, began, ended)


def set_fact(path: Path, name: str, value: str | float | int) -> None:
    """Say something about a recording that this program has not open. Raises RecordingError."""
    try:
        with closing(open_to_read(path)) as connection:
            if not _is_changeable(path):
                raise RecordingError(f"{path} may not be changed by you. Save a copy elsewhere.")
            connection.execute("INSERT OR REPLACE INTO fact VALUES(?, ?)", (name, value))
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error


def _is_changeable(path: Path) -> bool:
    """Whether what is opened is the file and not a copy of it."""
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
