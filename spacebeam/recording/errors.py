"""Errors of a recording's file, as values; `wording.recordings` makes the sentences."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class RecordingFault(Enum):
    """Why a recording cannot be opened, read, saved, deleted or restored."""

    NOT_FOUND = "no such file"
    PERMISSION_DENIED = "permission denied"
    IS_FOLDER = "is a folder"
    IS_EMPTY = "is empty"
    NOT_A_RECORDING = "is not a recording"
    NEWER_FORMAT = "newer format"  # `count` is its version
    READ_ONLY = "is read-only"
    CANNOT_OPEN = "cannot be opened"  # `detail`
    # The file is damaged.
    CUT_OFF = "damaged: its end is missing"
    OVERWRITTEN = "damaged: SQLite finds it corrupt"
    OTHER_TABLES = "damaged: its tables are not those of a recording"
    NOT_TEXT = "damaged: a text is not UTF-8"
    TOO_LARGE = "damaged, or too large for the memory"
    ENDLESS = "damaged: a query does not end"
    INVALID_BLOCK = "damaged: invalid block"  # `entry` is the block's first one
    MISSING_BLOCK = "damaged: missing block"
    SHORT_BLOCK = "damaged: too short a block"
    INVALID_BLOCK_LIST = "damaged: invalid list of blocks"
    INVALID_COUNTS = "damaged: invalid numbers of entries"
    INVALID_TIMES = "damaged: invalid times"
    # Saving, deleting and restoring.
    SAVED_ONTO_ITSELF = "is the recording itself"
    IN_USE = "is in use"
    CANNOT_SAVE = "cannot be saved"  # `detail`
    NO_SPACE = "not enough space"
    OPEN_IN_TAB = "is open in a tab"
    WRITTEN_ELSEWHERE = "is written by another program"
    CANNOT_DELETE = "cannot be deleted"  # `detail`
    NAME_TAKEN = "another file has its name"
    CANNOT_RESTORE = "cannot be restored"  # `detail`; `path` is its current place


class RecordingError(Exception):
    """A recording cannot be opened, read, saved, deleted or restored."""

    def __init__(
        self,
        fault: RecordingFault,
        path: Path | None = None,
        *,
        detail: str = "",  # the system's or SQLite's words
        entry: int = 0,
        count: int = 0,
    ) -> None:
        parts = (path or "recording", fault.value, f"entry {entry}" if entry else "", detail)
        super().__init__(": ".join(str(part) for part in parts if part))
        self.fault = fault
        self.path = path
        self.detail = detail
        self.entry = entry
        self.count = count


class FileRemovedError(Exception):
    """The file that is being written was removed, moved or replaced."""


class FileInUseError(Exception):
    """Another program, or another part of this one, writes this file."""


class StorageCause(Enum):
    """Why nothing can be written."""

    FILE_REMOVED = "file removed"
    FILE_IN_USE = "file in use"
    FILE_EXISTS = "file exists"
    NOT_A_RECORDING = "not a recording"  # `fault`
    DISK_FULL = "disk full"
    LOCKED = "locked"
    NOT_WRITABLE = "not writable"
    IO_ERROR = "input/output error"  # `detail`
    OTHER = "other"  # `detail`


@dataclass(frozen=True, slots=True)
class StorageError:
    """Why nothing can be written now. Nothing is lost: the server waits."""

    cause: StorageCause
    path: Path
    detail: str = ""  # the system's or SQLite's words
    fault: RecordingError | None = field(default=None, compare=False)


_FULL = (errno.ENOSPC, errno.EDQUOT)
_NOT_WRITABLE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR)


def storage_error(error: Exception, path: Path) -> StorageError:
    """Return the storage error for an exception while writing `path`."""
    detail = str(error) or type(error).__name__
    fault = error if isinstance(error, RecordingError) else None
    return StorageError(_cause(error), path, detail, fault)


def _by_type(error: Exception, values: Mapping[type[Exception], T]) -> T | None:
    """Return the value of the first type that the error has."""
    return next((value for kind, value in values.items() if isinstance(error, kind)), None)


def _cause(error: Exception) -> StorageCause:
    kinds: dict[type[Exception], StorageCause] = {
        FileRemovedError: StorageCause.FILE_REMOVED,
        FileInUseError: StorageCause.FILE_IN_USE,
        FileExistsError: StorageCause.FILE_EXISTS,
        RecordingError: StorageCause.NOT_A_RECORDING,
    }
    known = _by_type(error, kinds)
    if known is not None:
        return known
    number, name = getattr(error, "errno", None), getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_FULL" or number in _FULL:
        return StorageCause.DISK_FULL
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageCause.LOCKED
    is_forbidden = name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))
    if is_forbidden or number in _NOT_WRITABLE:
        return StorageCause.NOT_WRITABLE
    return StorageCause.IO_ERROR if name.startswith("SQLITE_IOERR") else StorageCause.OTHER


# Exceptions of reading a file. SQLite's message about a damaged file may not be UTF-8.
READING_ERRORS = (sqlite3.Error, OSError, UnicodeError, MemoryError)


def opening_error(error: Exception, path: Path) -> RecordingError:
    """Return the error for an exception while opening `path`."""
    kinds: dict[type[Exception], RecordingFault] = {
        FileNotFoundError: RecordingFault.NOT_FOUND,
        PermissionError: RecordingFault.PERMISSION_DENIED,
        IsADirectoryError: RecordingFault.IS_FOLDER,
        UnicodeError: RecordingFault.NOT_TEXT,
        MemoryError: RecordingFault.TOO_LARGE,
    }
    fault = _by_type(error, kinds)
    if fault is not None:
        return RecordingError(fault, path)
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_NOTADB":
        return RecordingError(RecordingFault.NOT_A_RECORDING, path)
    if name.startswith("SQLITE_CORRUPT"):
        return RecordingError(RecordingFault.OVERWRITTEN, path)
    if name == "SQLITE_INTERRUPT":
        return RecordingError(RecordingFault.ENDLESS, path)
    return RecordingError(RecordingFault.CANNOT_OPEN, path, detail=str(error))
