"""Saves a copy of a recording; a failed copy leaves no file."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from spacebeam.recording.errors import RecordingError, RecordingFault, opening_error
from spacebeam.recording.file import (
    files_open_here,
    identity,
    is_being_written,
    open_to_read,
    sync_folder,
)
from spacebeam.recording.jobs import WriteFact, execute

_PAGES_PER_STEP = 128  # of 32 KiB

Progress = Callable[[float], None]  # called with the copied fraction, from 0 to 1


class SaveCancelledError(Exception):
    """The person cancelled saving; there is no copy."""


def save_copy(
    path: Path,
    target: Path,
    on_progress: Progress = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    *,
    as_complete: bool = False,
) -> None:
    """Copy a recording as it is now, even while it is being written, and replace `target`.

    With `as_complete`, the copy of an unfinished recording is complete since its newest entry. Call
    this in a worker thread, where it calls both functions. Raises RecordingError or
    SaveCancelledError.
    """
    _check_target(path, target)
    with closing(open_to_read(path)) as source:
        try:
            descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
            os.close(descriptor)
            temporary = Path(name)
            try:
                _copy(source, temporary, on_progress, is_cancelled, as_complete)
                for suffix in ("-wal", "-shm"):  # of the file that is replaced
                    target.with_name(target.name + suffix).unlink(missing_ok=True)
                temporary.replace(target)
                sync_folder(target.parent)
            except BaseException:
                _remove(temporary)
                raise
        except OSError as error:
            raise _saving_error(error, target) from error
        except sqlite3.Error as error:
            raise _copying_error(error, path, target) from error


def _copy(
    source: sqlite3.Connection,
    temporary: Path,
    on_progress: Progress,
    is_cancelled: Callable[[], bool],
    as_complete: bool,
) -> None:
    def on_step(_status: int, remaining: int, total: int) -> None:
        if is_cancelled():
            raise SaveCancelledError
        on_progress(1 - remaining / total if total else 1.0)

    # In a transaction, blocks that are written meanwhile are not visible. Otherwise the copy would
    # start again at each block.
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM fact").fetchone()
    with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
        source.backup(copy, pages=_PAGES_PER_STEP, progress=on_step)
        is_complete = copy.execute("SELECT 1 FROM fact WHERE name = 'ended'").fetchone()
        (newest,) = copy.execute("SELECT max(ended) FROM block").fetchone()
        if as_complete and newest is not None and not is_complete:
            execute(copy, [WriteFact("ended", newest)])


def _check_target(path: Path, target: Path) -> None:
    try:
        found = identity(target)
        if found == identity(path):
            raise RecordingError(RecordingFault.SAVED_ONTO_ITSELF, target)
        # First: a file that is open here must not be opened without SQLite.
        if found in files_open_here() or is_being_written(target):
            raise RecordingError(RecordingFault.IN_USE, target)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _saving_error(error, target) from error


def _remove(temporary: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            temporary.with_name(temporary.name + suffix).unlink()


def _saving_error(error: OSError, target: Path) -> RecordingError:
    return RecordingError(RecordingFault.CANNOT_SAVE, target, detail=error.strerror or "")


def _copying_error(error: sqlite3.Error, path: Path, target: Path) -> RecordingError:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        return RecordingError(RecordingFault.NO_SPACE, target)
    return opening_error(error, path)
