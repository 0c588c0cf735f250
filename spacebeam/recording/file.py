"""Opens a recording's file: for its only writer, or for any number of readers."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from spacebeam.recording import schema
from spacebeam.recording.errors import (
    READING_ERRORS,
    FileInUseError,
    FileRemovedError,
    RecordingError,
    RecordingFault,
    opening_error,
)
from spacebeam.recording.query_limits import bounded
from spacebeam.recording.torn_copy import hide_unreadable_end, lacks_pages

SUFFIX = ".beam"
MIME_TYPE = "application/vnd.spacebeam.recording"

BUSY_TIMEOUT_S = 1.0  # to wait for another program's lock
# Pages in SQLite's log before they are copied into the file. The disk is waited for each time.
_CHECKPOINT_PAGES = 32 * 2**20 // schema.PAGE_SIZE
_SYNC_FILE_RANGE_WRITE = 2  # sync_file_range(2)
_MAX_NAME_BYTES = 255  # of a file, on Linux
_CACHED_BYTES = 256 * 2**20  # at the end of a growing file, left in the system's cache
_TRIMMED_BYTES = 32 * 2**20  # dropped from the system's cache at a time

Identity = tuple[int, int]  # of a file: its device and its inode

# The files that this program writes. SQLite's locks are fcntl's: closing any descriptor of a file
# releases them, and another program would remove the log. So nothing but SQLite and the FileLock
# opens one of these files.
_written: set[Identity] = set()
_written_guard = threading.Lock()


class FileLock:
    """The lock on a file that this program writes, from `take` until `close`.

    It uses flock(2), which does not interfere with SQLite's own locks. Close it after SQLite's
    connections, even if `take` failed: this program may be reading the file.
    """

    def __init__(self, path: Path, expected: Identity | None = None) -> None:
        """Prepare to lock the file `expected`, which must be at `path`; None: to create a file."""
        self._path = path
        self._expected = expected
        self._descriptor: int | None = None
        self._identity: Identity | None = None  # while it is held
        self._trimmed_size = 0  # of the file, in bytes, when the cache was last trimmed

    def take(self) -> None:
        """Lock the file if it is not locked. Raises FileInUseError, FileRemovedError or OSError."""
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
        self._identity, self._trimmed_size = _identity(found), found.st_size
        _written.add(self._identity)

    def _opened(self) -> int:
        create = os.O_CREAT if self._expected is None else 0
        try:
            descriptor = os.open(self._path, os.O_RDWR | create | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            if create:
                raise
            raise FileRemovedError from None
        if self._expected not in (None, _identity(os.fstat(descriptor))):
            os.close(descriptor)
            raise FileRemovedError
        return descriptor

    @property
    def is_in_place(self) -> bool:
        """Whether the lock is held and its file is still at its path."""
        return self._identity is not None and _is(self._path, self._identity)

    def check(self) -> None:
        """Check that the file is still at its path. Raises FileRemovedError."""
        if not self.is_in_place:
            raise FileRemovedError

    def trim_cache(self) -> None:
        """Drop old bytes of a growing file from the system's cache, which a flood would fill."""
        assert self._descriptor is not None
        size, before = os.fstat(self._descriptor).st_size, self._trimmed_size
        if size - before < _TRIMMED_BYTES:
            return
        self._trimmed_size = size
        begin, end = max(before - _CACHED_BYTES, 0), size - _CACHED_BYTES
        if end > begin:
            os.posix_fadvise(self._descriptor, begin, end - begin, os.POSIX_FADV_DONTNEED)

    def close(self) -> None:
        with _written_guard:
            if self._identity is not None:
                _written.discard(self._identity)
            if self._descriptor is not None:
                os.close(self._descriptor)
            self._descriptor = self._identity = None


def identity(path: Path) -> Identity:
    """Return the file's identity, which renaming does not change. Raises OSError."""
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


def files_open_here() -> set[Identity]:
    """Return the identity of every file that is open in this process."""
    found: set[Identity] = set()
    try:
        descriptors = os.listdir("/dev/fd")
    except OSError:
        return found
    for descriptor in descriptors:
        try:
            status = os.fstat(int(descriptor))
        except OSError:  # the listing's own descriptor, or closed since
            continue
        found.add(_identity(status))
    return found


def is_being_written(path: Path) -> bool:
    """Return whether a program, this one included, is writing this recording."""
    if _is_ours(path):
        return True
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # opening a pipe would block
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
    """Open the file for the one thread that writes it; the caller holds its FileLock.

    Raises RecordingError for a file that is not a recording, sqlite3.Error and OSError.
    """
    connection = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
    )
    try:
        if schema.is_empty(connection):
            # This comes first, so that the file is always either empty or a recording.
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


def checkpoint(connection: sqlite3.Connection) -> bool:
    """Copy the log into the file, and sync both; return whether nothing is left to be copied.

    A reader of an earlier state, or a full disk, may prevent it.
    """
    try:
        (_busy, logged, copied) = connection.execute("PRAGMA wal_checkpoint").fetchone()
    except sqlite3.Error:
        return False
    return bool(logged == copied)


def sync_log(path: Path) -> None:
    """Sync the log, where a commit is written first. Raises OSError.

    Closing a descriptor of the log releases no lock of SQLite's: they are on the other files.
    """
    _sync(_log(path), os.fdatasync)


def start_writeback(path: Path) -> None:
    """Start writing the log to the disk, so that syncing it waits for less. Returns at once."""
    start = getattr(ctypes.CDLL(None), "sync_file_range", None)  # Linux has it
    if start is not None:
        whole = ctypes.c_int64(0)
        with suppress(OSError):
            _sync(_log(path), lambda log: start(log, whole, whole, _SYNC_FILE_RANGE_WRITE))


def sync_folder(folder: Path) -> None:
    """Sync the names of the files in a folder, where the file system can."""
    with suppress(OSError):
        _sync(folder, os.fsync)


def _sync(path: Path, sync: Callable[[int], None]) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        sync(descriptor)
    finally:
        os.close(descriptor)


def open_to_read(path: Path) -> sqlite3.Connection:
    """Open a recording to read it, even while it is being written. Raises RecordingError."""
    connection = _open_to_read(path)
    try:
        if not _is_ours(path) and not _is_complete(connection):
            # In between, as closing a descriptor of the file releases SQLite's locks.
            connection.close()
            is_read_here = identity(path) in files_open_here()
            may_be_copy = is_read_here or not is_being_written(path)
            connection = _open_to_read(path)
            if may_be_copy:
                with bounded(connection, path):
                    hide_unreadable_end(connection)
    except READING_ERRORS as error:
        connection.close()
        raise opening_error(error, path) from error
    return connection


def _is_complete(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM fact WHERE name = 'ended'").fetchone() is not None


def _open_to_read(path: Path) -> sqlite3.Connection:
    try:
        _check_readable(path)
        connection = _connect_to_read(path)
        try:
            with bounded(connection, path):
                schema.check(connection, path)
                _check_not_cut(connection, path)
                if schema.is_old(connection):
                    schema.migrate(connection)
                schema.check_tables(connection, path)
        except BaseException:
            connection.close()
            raise
    except READING_ERRORS as error:
        raise opening_error(error, path) from error
    return connection


def _check_not_cut(connection: sqlite3.Connection, path: Path) -> None:
    """Raise RecordingError for a file that ends within a page: SQLite would read zeros.

    A file with a log may end so: the rest of the page is in the log, as its writer was killed.
    """
    (page_size,) = connection.execute("PRAGMA page_size").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    log = _log(path)
    is_logged = os.path.exists(log) and log.stat().st_size > 0
    is_short = path.stat().st_size < page_size * pages
    if is_short and not is_logged and not is_being_written(path):
        raise RecordingError(RecordingFault.CUT_OFF, path)


def _check_readable(path: Path) -> None:
    """Raise OSError or RecordingError for errors that SQLite reports less clearly.

    The file is not opened: if this program writes it, closing it would release SQLite's locks, and
    another reader would remove the log.
    """
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):  # opening a pipe would block
        raise RecordingError(RecordingFault.NOT_A_RECORDING, path)
    if not os.access(path, os.R_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def has_room_for_log(path: Path) -> bool:
    """Return whether the file's name is short enough for the files that SQLite writes beside it."""
    return len(os.fsencode(path.name + "-journal")) <= _MAX_NAME_BYTES


def _connect_to_read(path: Path) -> sqlite3.Connection:
    log = _log(path)
    is_logged = os.path.exists(log)
    is_torn = False
    with suppress(FileNotFoundError):  # its writer may have just removed the log
        is_torn = is_logged and lacks_pages(path, log)
    is_writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    if is_writable and has_room_for_log(path) and not is_torn:
        return _connect(path, "mode=rw")
    if not is_logged or is_torn:
        connection = _connect(path, "immutable=1")
        with bounded(connection, path):
            if not schema.is_old(connection):
                return connection
        connection.close()
    # Reading a log and migrating write to the file, so both are done in a copy.
    with tempfile.TemporaryDirectory(prefix="spacebeam-") as folder:
        copy = Path(folder, "copy" + SUFFIX)
        shutil.copyfile(path, copy)
        if not is_torn:
            with suppress(FileNotFoundError):
                shutil.copyfile(log, _log(copy))
        connection = _connect(copy, "mode=rw")
        connection.execute("PRAGMA journal_mode = MEMORY")  # the folder is removed below
        return connection


def _log(path: Path) -> Path:
    """Return the path of SQLite's write-ahead log."""
    return path.with_name(path.name + "-wal")


def _text(data: bytes) -> str:
    """Decode a text leniently: a damaged byte does not make the file unreadable."""
    return data.decode(errors="replace")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    address = f"file:{quote(os.fsencode(path.absolute()))}?{mode}"
    connection = sqlite3.connect(
        address, timeout=BUSY_TIMEOUT_S, isolation_level=None, uri=True, check_same_thread=False
    )
    connection.text_factory = _text
    try:
        connection.execute("PRAGMA schema_version")  # opens the file and reads the log
    except sqlite3.Error:
        connection.close()
        raise
    return connection
