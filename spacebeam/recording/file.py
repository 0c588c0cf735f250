"""Opening a recording's file: to write it, as its only writer, or to read it."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

from spacebeam.recording import schema
from spacebeam.recording.fault import RecordingError, RemovedError, TakenError, opening_error

SUFFIX = ".beam"
MIME_TYPE = "application/vnd.spacebeam.recording"

_BUSY_TIME = 1.0  # seconds that another program's lock is waited for
# Pages in the log before they are brought into the file. Long enough that a flood is not held up
# by small steps, short enough that one step is soon done.
_CHECKPOINT_PAGES = 16 * 2**20 // schema.PAGE_SIZE


class FileLock:
    """Says to other programs that this one writes the file; held until `close`.

    The lock is flock's and does not meddle with SQLite's own, which are fcntl's; but closing any
    descriptor of the file lets those go, so it is closed after SQLite's connections are.
    """

    def __init__(self, path: Path) -> None:
        """Make the file where there is none. Raises TakenError or OSError."""
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._descriptor)
            raise TakenError from None
        found = os.fstat(self._descriptor)
        self._identity = (found.st_dev, found.st_ino)

    def check(self) -> None:
        """Make sure that the file is still in its place. Raises RemovedError."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            raise RemovedError from None
        if (found.st_dev, found.st_ino) != self._identity:
            raise RemovedError

    def close(self) -> None:
        os.close(self._descriptor)


def is_being_written(path: Path) -> bool:
    """Whether a program is writing this recording. Not for files that this program has open."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def open_to_write(path: Path) -> sqlite3.Connection:
    """A connection for the one thread that writes `path`; its lock is held by the caller.

    Raises RecordingError for a file that is something else, sqlite3.Error and OSError.
    """
    connection = sqlite3.connect(
        path, timeout=_BUSY_TIME, isolation_level=None, check_same_thread=False
    )
    try:
        if path.stat().st_size == 0:
            connection.execute(f"PRAGMA page_size = {schema.PAGE_SIZE}")
        else:
            schema.check(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        if schema.version(connection) == 0:
            schema.create(connection)
        schema.migrate(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that reads a recording, whoever writes it. Raises RecordingError."""
    try:
        _check_readable(path)
        connection = _connected(path)
    except (sqlite3.Error, OSError) as error:
        raise opening_error(error, path) from error
    try:
        schema.check(connection, path)
        if schema.version(connection) < schema.VERSION:
            schema.migrate(connection)
    except sqlite3.Error as error:
        connection.close()
        raise opening_error(error, path) from error
    except RecordingError:
        connection.close()
        raise
    return connection


def _check_readable(path: Path) -> None:
    """Say better than SQLite why a file cannot be read. Raises OSError or RecordingError.

    It is not opened for that: closing it again would let go of SQLite's locks where this program
    writes the file, and another program that reads it would take itself for the last one and
    remove the log that is being written.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):  # a pipe would be waited for
        raise RecordingError(f"{path} is not a recording of Spacebeam.")
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _connected(path: Path) -> sqlite3.Connection:
    log = path.with_name(path.name + "-wal")
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return _connect(path, "mode=rw")
    if not log.exists():
        return _connect(path, "immutable=1")
    # What ended abruptly has a log to be read too, and SQLite needs to write beside it.
    with tempfile.TemporaryDirectory(prefix="spacebeam-") as folder:
        copy = Path(folder, "copy" + SUFFIX)
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
        return _connect(copy, "mode=rw")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(str(path.absolute()))}?{mode}"
    connection = sqlite3.connect(address, timeout=_BUSY_TIME, isolation_level=None, uri=True)
    try:
        connection.execute("PRAGMA schema_version")  # opens it, and reads the log
    except sqlite3.Error:
        connection.close()
        raise
    return connection
