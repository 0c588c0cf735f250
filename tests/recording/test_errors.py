"""What goes wrong is told in words: what happened and what to do next."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from spacebeam.recording.errors import (
    FileInUseError,
    FileRemovedError,
    RecordingError,
    opening_error,
    storage_error,
)

PATH = Path("/there/x.beam")


def sqlite_error(name: str) -> sqlite3.Error:
    error = sqlite3.OperationalError("it did not work")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (FileRemovedError(), "The recording's file was moved or removed."),
        (FileInUseError(), "This recording is being written elsewhere."),
        (FileExistsError(), f"There is already a file {PATH}."),
        (RecordingError("x is not a recording."), "x is not a recording."),
        (sqlite_error("SQLITE_FULL"), "The disk is full: nothing more can be kept."),
        (OSError(errno.ENOSPC, "no"), "The disk is full: nothing more can be kept."),
        (OSError(errno.EDQUOT, "no"), "The disk is full: nothing more can be kept."),
        (sqlite_error("SQLITE_BUSY"), "Another program has locked this recording."),
        (sqlite_error("SQLITE_BUSY_SNAPSHOT"), "Another program has locked this recording."),
        (sqlite_error("SQLITE_LOCKED"), "Another program has locked this recording."),
        (sqlite_error("SQLITE_READONLY_DBMOVED"), "Nothing can be written in /there."),
        (sqlite_error("SQLITE_CANTOPEN"), "Nothing can be written in /there."),
        (PermissionError(errno.EACCES, "no"), "Nothing can be written in /there."),
        (OSError(errno.EROFS, "no"), "Nothing can be written in /there."),
        (FileNotFoundError(errno.ENOENT, "no"), "Nothing can be written in /there."),
        (NotADirectoryError(errno.ENOTDIR, "no"), "Nothing can be written in /there."),
        (
            sqlite_error("SQLITE_IOERR_WRITE"),
            "The disk does not take more of the recording (it did not work).",
        ),
        (sqlite_error("SQLITE_ERROR"), "The recording cannot be written: it did not work."),
        (MemoryError(), "The recording cannot be written: MemoryError."),
    ],
)
def test_a_fault_is_told(error: Exception, what: str) -> None:
    found = storage_error(error, PATH)
    assert found.what == what
    assert found.advice.endswith(".")
    assert str(found) == f"{found.what} {found.advice}"
    assert ".." not in str(found)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (FileNotFoundError(), "There is no file /there/x.beam."),
        (PermissionError(), "/there/x.beam may not be read by you. Ask its owner for permission."),
        (IsADirectoryError(), "/there/x.beam is a folder, not a recording."),
        (sqlite_error("SQLITE_NOTADB"), "/there/x.beam is not a recording of Spacebeam."),
        (
            sqlite_error("SQLITE_CORRUPT_VTAB"),
            "/there/x.beam is damaged: some of it is missing, or was overwritten.",
        ),
        (sqlite_error("SQLITE_ERROR"), "/there/x.beam cannot be opened: it did not work."),
        (OSError("why not"), "/there/x.beam cannot be opened: why not."),
        (
            UnicodeDecodeError("utf-8", b"\xff", 0, 1, "why"),
            "/there/x.beam is damaged: what should be text is none.",
        ),
        (
            MemoryError(),
            "/there/x.beam is damaged, or too large for this computer's memory.",
        ),
    ],
)
def test_why_a_file_cannot_be_opened_is_told(error: Exception, words: str) -> None:
    assert str(opening_error(error, PATH)) == words
