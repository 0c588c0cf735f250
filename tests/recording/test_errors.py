"""The causes and faults of SQLite's and the system's errors."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from spacebeam.recording.errors import (
    FileInUseError,
    FileRemovedError,
    RecordingError,
    RecordingFault,
    StorageCause,
    opening_error,
    storage_error,
)
from spacebeam.wording.recordings import storage_words

PATH = Path("/there/x.beam")


def sqlite_error(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("it did not work")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (FileRemovedError(), StorageCause.FILE_REMOVED),
        (FileInUseError(), StorageCause.FILE_IN_USE),
        (FileExistsError(), StorageCause.FILE_EXISTS),
        (RecordingError(RecordingFault.IS_EMPTY), StorageCause.NOT_A_RECORDING),
        (sqlite_error("SQLITE_FULL"), StorageCause.DISK_FULL),
        (OSError(errno.ENOSPC, "no"), StorageCause.DISK_FULL),
        (OSError(errno.EDQUOT, "no"), StorageCause.DISK_FULL),
        (sqlite_error("SQLITE_BUSY"), StorageCause.LOCKED),
        (sqlite_error("SQLITE_BUSY_SNAPSHOT"), StorageCause.LOCKED),
        (sqlite_error("SQLITE_LOCKED"), StorageCause.LOCKED),
        (sqlite_error("SQLITE_READONLY_DBMOVED"), StorageCause.NOT_WRITABLE),
        (sqlite_error("SQLITE_CANTOPEN"), StorageCause.NOT_WRITABLE),
        (PermissionError(errno.EACCES, "no"), StorageCause.NOT_WRITABLE),
        (OSError(errno.EROFS, "no"), StorageCause.NOT_WRITABLE),
        (FileNotFoundError(errno.ENOENT, "no"), StorageCause.NOT_WRITABLE),
        (NotADirectoryError(errno.ENOTDIR, "no"), StorageCause.NOT_WRITABLE),
        (sqlite_error("SQLITE_IOERR_WRITE"), StorageCause.IO_ERROR),
        (sqlite_error("SQLITE_ERROR"), StorageCause.OTHER),
        (MemoryError(), StorageCause.OTHER),
    ],
)
def test_a_write_error_has_a_cause(error: Exception, cause: StorageCause) -> None:
    found = storage_error(error, PATH)
    assert (found.cause, found.path) == (cause, PATH)
    words = storage_words(found)
    assert words.endswith(".")
    assert ".." not in words
    assert "{" not in words


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (FileNotFoundError(), RecordingFault.NOT_FOUND),
        (PermissionError(), RecordingFault.PERMISSION_DENIED),
        (IsADirectoryError(), RecordingFault.IS_FOLDER),
        (sqlite_error("SQLITE_NOTADB"), RecordingFault.NOT_A_RECORDING),
        (
            sqlite_error("SQLITE_CORRUPT_VTAB"),
            RecordingFault.OVERWRITTEN,
        ),
        (sqlite_error("SQLITE_ERROR"), RecordingFault.CANNOT_OPEN),
        (OSError("why not"), RecordingFault.CANNOT_OPEN),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"),
            RecordingFault.NOT_TEXT,
        ),
        (
            MemoryError(),
            RecordingFault.TOO_LARGE,
        ),
    ],
)
def test_an_opening_error_has_a_fault(error: Exception, fault: RecordingFault) -> None:
    found = opening_error(error, PATH)
    assert (found.fault, found.path) == (fault, PATH)
