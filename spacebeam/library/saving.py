"""Saves a recording elsewhere: one file that is whole, or none."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from spacebeam.library.open_recordings import files_open_here
from spacebeam.recording.errors import RecordingError, opening_error
from spacebeam.recording.file import identity, is_being_written, open_to_read

_PAGES = 128  # of 32 KiB, a step

Progress = Callable[[float], None]  # from 0 to 1


class SaveCancelledError(Exception):
    """The person thought better of it; nothing was left behind."""


def save_copy(
    path: Path,
    target: Path,
    on_progress: Progress = lambda _share: None,
    is_cancelled: Callable[[], bool] = lambda: False,
    *,
    settled: float | None = None,
) -> None:
    """Copy a recording, also one that is being written, as it is at this moment.

    It is written beside `target` first, which is replaced. `settled` is for one that is being
    written: the Unix time at which the copy is said to be whole. For a worker thread; both
    functions are called in it. Raises RecordingError or SaveCancelledError.
    """
    _check_target(path, target)
    with closing(open_to_read(path)) as source:
        try:
            descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
            os.close(descriptor)
            temporary = Path(name)
            try:
                _copy(source, temporary, on_progress, is_cancelled, settled)
                for suffix in ("-wal", "-shm"):  # another file's; they would be read with this one
                    target.with_name(target.name + suffix).unlink(missing_ok=True)
                temporary.replace(target)
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
    settled: float | None,
) -> None:
    def on_step(_status: int, remaining: int, total: int) -> None:
        if is_cancelled():
            raise SaveCancelledError
        on_progress(1 - remaining / total if total else 1.0)

    # As long as something is read, what is written meanwhile is not seen: without that, the copy
    # would begin again with each block.
    source.execute("BEGIN")
    source.execute("SELECT count(*) FROM fact").fetchone()
    with closing(sqlite3.connect(temporary, isolation_level=None)) as copy:
        source.backup(copy, pages=_PAGES, progress=on_step)
        if settled is not None:
            copy.execute("INSERT OR IGNORE INTO fact VALUES('ended', ?)", (settled,))


def _check_target(path: Path, target: Path) -> None:
    try:
        found = identity(target)
        if found == identity(path):
            raise RecordingError("This is the recording itself. Choose another name.")
        # One that is open here must not be opened beside.
        if found in files_open_here() or is_being_written(target):
            raise RecordingError(f"{target.name} is in use. Close it, or choose another name.")
    except FileNotFoundError:
        return
    except OSError as error:
        raise _saving_error(error, target) from error


def _remove(temporary: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            temporary.with_name(temporary.name + suffix).unlink()


def _saving_error(error: OSError, target: Path) -> RecordingError:
    return RecordingError(
        f"Nothing can be saved in {target.parent}: {error.strerror}. Choose another folder."
    )


def _copying_error(error: sqlite3.Error, path: Path, target: Path) -> RecordingError:
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL" or name.startswith("SQLITE_IOERR"):
        return RecordingError(
            f"There is no room in {target.parent} for the recording. Make some, or choose another "
            "folder."
        )
    return opening_error(error, path)
