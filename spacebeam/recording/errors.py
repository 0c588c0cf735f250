"""What can go wrong with a recording's file, in words for a person."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path
from typing import NamedTuple


class RecordingError(Exception):
    """A recording cannot be opened, read or saved; the words say what, why and what to do."""


class FileRemovedError(Exception):
    """The file that is being written is no longer in its place."""


class FileInUseError(Exception):
    """Another program, or another part of this one, writes this file."""


class StorageError(NamedTuple):
    """Why nothing can be kept at the moment. Nothing is lost: the server waits."""

    what: str  # a sentence: what happened
    advice: str  # a sentence: what to do next

    def __str__(self) -> str:
        return f"{self.what} {self.advice}"


_WAITING = "It goes on by itself then. What comes is held in memory, then the server waits."


def storage_error(error: Exception, path: Path) -> StorageError:
    """What an error of writing `path` means."""
    if isinstance(error, FileRemovedError):
        return StorageError(
            "The recording's file was moved or removed.",
            "Put it back, or save the recording elsewhere. What comes is held in memory, then the "
            "server waits.",
        )
    if isinstance(error, FileInUseError):
        return StorageError(
            "This recording is being written elsewhere.", f"Close it there. {_WAITING}"
        )
    name = getattr(error, "sqlite_errorname", "")
    if isinstance(error, FileExistsError):
        return StorageError(f"There is already a file {path}.", "Save the recording elsewhere.")
    if isinstance(error, RecordingError):
        return StorageError(str(error), "Save this recording elsewhere.")
    number = getattr(error, "errno", None)
    if name == "SQLITE_FULL" or number in (errno.ENOSPC, errno.EDQUOT):
        return StorageError(
            "The disk is full: nothing more can be kept.", f"Make room on it. {_WAITING}"
        )
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StorageError(
            "Another program has locked this recording.", f"Close it there. {_WAITING}"
        )
    if name.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")) or number in (
        errno.EACCES,
        errno.EPERM,
        errno.EROFS,
        errno.ENOENT,
        errno.ENOTDIR,
    ):
        return StorageError(
            f"Nothing can be written in {path.parent}.",
            f"Allow it, or save the recording elsewhere. {_WAITING}",
        )
    if name.startswith("SQLITE_IOERR"):
        return StorageError(
            f"The disk does not take more of the recording ({error}).",
            f"There may be no room or a limit to the size of files. {_WAITING}",
        )
    return StorageError(
        f"The recording cannot be written: {str(error) or type(error).__name__}.",
        f"Save it elsewhere. {_WAITING}",
    )


# What reading a file may raise: SQLite's words of a damaged one are not always text.
READING_ERRORS = (sqlite3.Error, OSError, UnicodeError, MemoryError)


def opening_error(error: Exception, path: Path) -> RecordingError:
    """Why `path` could not be opened to be read."""
    if isinstance(error, FileNotFoundError):
        return RecordingError(f"There is no file {path}.")
    if isinstance(error, PermissionError):
        return RecordingError(f"{path} may not be read by you. Ask its owner for permission.")
    if isinstance(error, IsADirectoryError):
        return RecordingError(f"{path} is a folder, not a recording.")
    name = getattr(error, "sqlite_errorname", "")
    if name == "SQLITE_NOTADB":
        return RecordingError(f"{path} is not a recording of Spacebeam.")
    if isinstance(error, UnicodeError):
        return RecordingError(f"{path} is damaged: what should be text is none.")
    if isinstance(error, MemoryError):
        return RecordingError(f"{path} is damaged, or too large for this computer's memory.")
    if name.startswith("SQLITE_CORRUPT"):
        return RecordingError(f"{path} is damaged: some of it is missing, or was overwritten.")
    if name == "SQLITE_INTERRUPT":
        return RecordingError(f"{path} is damaged: there is no end to what it says it holds.")
    return RecordingError(f"{path} cannot be opened: {error}.")
