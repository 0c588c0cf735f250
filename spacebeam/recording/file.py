"""Opening a recording's file: to write it, as its only writer, or to read it."""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import stat
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from spacebeam.recording import schema
from spacebeam.recording.errors import (
    READING_ERRORS,
    FileInUseError,
    FileRemovedError,
    RecordingError,
    opening_error,
)
from spacebeam.recording.query_limits import bounded

SUFFIX = ".beam"
MIME_TYPE = "application/vnd.spacebeam.recording"

_BUSY_TIME = 1.0  # seconds that another program's lock is waited for
# Pages in the log before they are brought into the file. Long enough that a flood is not held up
# by small steps; short enough that one step is soon done, and that what it reads back is still in
# the processor's cache: in steps of 16 MiB, writing takes an eighth more time, of 4 a twentieth.
_CHECKPOINT_PAGES = 2**20 // schema.PAGE_SIZE
_AT_HAND = 256 * 2**20  # bytes at the end of a growing file that the system need not read again
_HASTENED_BYTES = 32 * 2**20  # that the disk is given to write at a time

Identity = tuple[int, int]  # of a file: its device and its number there

# The files that this program writes. Closing any descriptor of one lets go of SQLite's locks on it
# (they are fcntl's), and another program would take its log away. So nothing opens one beside
# SQLite but its FileLock.
_written: set[Identity] = set()
_written_guard = threading.Lock()


class FileLock:
    """Says to others that this one writes the file; held from `take` until `close`.

    The lock is flock's and does not meddle with SQLite's own. It is closed after SQLite's
    connections are, and not before, though another may have it: as long as it is waited for,
    somebody here may read the file.
    """

    def __init__(self, path: Path, expected: Identity | None = None) -> None:
        """For the `expected` file and no other at this path; without, it may be made there."""
        self._path = path
        self._expected = expected
        self._descriptor: int | None = None
        self._identity: Identity | None = None  # while it is held
        self._hastened = 0  # bytes

    def take(self) -> None:
        """Take the lock unless it is held. Raises FileInUseError, FileRemovedError or OSError."""
        if self._identity is None:
            with _written_guard:
                self._take()
        self.check()

    def _take(self) -> None:
        if _is_ours(self._path):
            raise FileInUseError
        if self._descriptor is None:
            self._descriptor = self._opened()
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FileInUseError from None
        found = os.fstat(self._descriptor)
        self._identity, self._hastened = _identity(found), found.st_size
        _written.add(self._identity)

    def _opened(self) -> int:
        make = os.O_CREAT if self._expected is None else 0
        try:
            descriptor = os.open(self._path, os.O_RDWR | make | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            if make:
                raise
            raise FileRemovedError from None
        if self._expected not in (None, _identity(os.fstat(descriptor))):
            os.close(descriptor)
            raise FileRemovedError
        return descriptor

    @property
    def is_in_place(self) -> bool:
        """Whether it is held, of the file that is at its path now."""
        return self._identity is not None and _is(self._path, self._identity)

    def check(self) -> None:
        """Make sure that the file is still in its place. Raises FileRemovedError."""
        if not self.is_in_place:
            raise FileRemovedError

    def hasten(self) -> None:
        """Have the disk begin with what the file has grown by, if that is much; waits for nothing.

        Otherwise all of a flood is left for its end, which then takes a tenth of the time. And have
        the system forget what was written long ago: a flood would fill its memory, where other
        programs have theirs, and to give it new memory for each page takes a quarter of the time.
        """
        assert self._descriptor is not None
        size = os.fstat(self._descriptor).st_size
        before = self._hastened
        if size - before >= _HASTENED_BYTES:
            self._hastened = size
            self._forget(max(before - _AT_HAND, 0), size - _AT_HAND)
            self._forget(before, size)  # what is not on the disk yet is sent there instead

    def _forget(self, begin: int, end: int) -> None:
        if end > begin and self._descriptor is not None:
            os.posix_fadvise(self._descriptor, begin, end - begin, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        with _written_guard:
            if self._identity is not None:
                _written.discard(self._identity)
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = self._identity = None


def identity(path: Path) -> Identity:
    """Which file this is, whatever it is called. Raises OSError."""
    return _identity(path.stat())


def _identity(found: os.stat_result) -> Identity:
    return found.st_dev, found.st_ino


def _is(path: Path, expected: Identity) -> bool:
    try:
        return identity(path) == expected
    except FileNotFoundError:
        return False


def _is_ours(path: Path) -> bool:
    try:
        return identity(path) in _written
    except OSError:
        return False


def is_being_written(path: Path) -> bool:
    """Whether a program is writing this recording, this one included."""
    if _is_ours(path):
        return True
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            return False
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
        if schema.is_empty(connection):
            # Before anything else: whenever this is cut short, the file is empty or a recording.
            schema.create(connection)
        schema.check(connection, path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        schema.migrate(connection)
        schema.check_tables(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def open_to_read(path: Path) -> sqlite3.Connection:
    """A connection that reads a recording, whoever writes it. Raises RecordingError."""
    try:
        _expect_readable(path)
        connection = _connected(path)
        try:
            with bounded(connection, path):
                schema.check(connection, path)
                _expect_whole(connection, path)
                schema.migrate(connection)
                schema.check_tables(connection, path)
        except BaseException:
            connection.close()
            raise
    except READING_ERRORS as error:
        raise opening_error(error, path) from error
    return connection


def _expect_whole(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that ends within a page: SQLite would read zeros. Raises RecordingError.

    Not where there is a log: what was killed while it wrote that page has it there.
    """
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    log = _log(path)
    is_logged = log.exists() and log.stat().st_size > 0
    if path.stat().st_size % page_size and not is_logged and not is_being_written(path):
        raise RecordingError(f"{path} is damaged: its end is missing.")


def _expect_readable(path: Path) -> None:
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
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return _connect(path, "mode=rw")
    if not _log(path).exists():
        connection = _connect(path, "immutable=1")
        with bounded(connection, path):
            if not schema.is_old(connection):
                return connection
        connection.close()
    # What ended abruptly has a log to be read too, and SQLite needs to write beside it. An older
    # version is brought forward in the copy.
    # Loaded here: nothing else needs them, and the terminal's start waits for every import.
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory(prefix="spacebeam-") as folder:
        copy = Path(folder, "copy" + SUFFIX)
        shutil.copyfile(path, copy)
        with suppress(FileNotFoundError):
            shutil.copyfile(_log(path), _log(copy))
        connection = _connect(copy, "mode=rw")
        connection.execute("PRAGMA journal_mode = MEMORY")  # the folder is gone in a moment
        return connection


def _log(path: Path) -> Path:
    return path.with_name(path.name + "-wal")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"
    connection = sqlite3.connect(
        address, timeout=_BUSY_TIME, isolation_level=None, uri=True, check_same_thread=False
    )
    try:
        connection.execute("PRAGMA schema_version")  # opens it, and reads the log
    except sqlite3.Error:
        connection.close()
        raise
    return connection
