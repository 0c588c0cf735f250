"""The thread that writes a recording's file, one transaction after another.

A job that cannot be written is retried: nothing is dropped. The caller watches the amount of
pending data and pauses reading when it is too much.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from time import monotonic

from spacebeam.recording.errors import FileRemovedError, StorageError, storage_error
from spacebeam.recording.file import (
    FileLock,
    Identity,
    checkpoint,
    identity,
    open_to_read,
    open_to_write,
    start_writeback,
    sync_folder,
    sync_log,
)
from spacebeam.recording.jobs import WriteJob, execute

_log = logging.getLogger(__name__)

_RETRY_DELAY_S = 1.0  # after a storage error
_CHECK_INTERVAL_S = 1.0  # between checks of the file while nothing is pending
_SYNC_INTERVAL_S = 1.0  # after a commit; a power cut loses what is not synced
_FLOOD_JOBS = 5  # pending jobs that make a flood
# With more jobs in a transaction, the receiving thread and this one would wait for each other.
_MAX_JOBS_PER_TRANSACTION = 16


def _ignore(*_about: object) -> None:
    """Do nothing."""


class Writer:
    """Writes jobs to a file in order, in its own thread.

    The callbacks are called in that thread: `on_written(count)` with the number of written jobs,
    `on_storage_error(error)` when the error changed (None: it is resolved), and
    `on_moved(path, error)` after a move (None: it succeeded).
    """

    def __init__(
        self,
        path: Path,
        on_written: Callable[[int], None],
        on_storage_error: Callable[[StorageError | None], None],
        on_moved: Callable[[Path, StorageError | None], None],
        expected: Identity | None = None,
    ) -> None:
        """Create a writer of the file `expected`, which must be at `path`, or of a new file."""
        self._path = path
        self._expected = expected
        self._on_written = on_written
        self._on_storage_error = on_storage_error
        self._on_moved = on_moved
        self._jobs: deque[WriteJob] = deque()
        self._changed = threading.Condition()
        self._is_stopping = False
        self._must_retry = False
        self._must_report = False
        self._target: Path | None = None  # of a move
        self._storage_error: StorageError | None = None
        self._lock = FileLock(path, expected)
        self._connection: sqlite3.Connection | None = None
        self._sync_due: float | None = None  # on the monotonic clock; None: all is synced
        self._thread = threading.Thread(target=self._run, name="recording")
        self._thread.start()

    def put(self, job: WriteJob) -> None:
        """Queue a job."""
        with self._changed:
            self._jobs.append(job)
            self._changed.notify()

    def retry(self) -> None:
        """Try again at once after a storage error, and report the next one even if it is equal."""
        with self._changed:
            self._must_retry = self._must_report = True
            self._changed.notify()

    def move(self, path: Path) -> None:
        """Copy the file to `path`, and continue in the copy."""
        with self._changed:
            self._target = path
            self._must_retry = True
            self._changed.notify()

    def stop(self) -> None:
        """Write what is pending, with one retry after a storage error, and close the file."""
        with self._changed:
            self._is_stopping = self._must_retry = True
            self._changed.notify()

    @property
    def storage_error(self) -> StorageError | None:
        """Why the last attempt to write failed; None if it succeeded."""
        return self._storage_error

    def join(self, timeout: float) -> bool:
        """Wait, after `stop`, for `timeout` seconds at most. Returns whether all is written."""
        self._thread.join(timeout)
        return not self._thread.is_alive() and not self._jobs

    # In the thread

    def _run(self) -> None:
        limit, is_over = _MAX_JOBS_PER_TRANSACTION, False
        while not is_over:
            jobs, target, is_last = self._next()
            part = jobs[:limit]
            # After an error, a single small job may still fit.
            is_resolved = len(part) == len(jobs) or limit == _MAX_JOBS_PER_TRANSACTION
            is_done = self._attempt(partial(self._write, part), is_resolved=is_resolved)
            if is_done and part:
                with self._changed:
                    for _ in part:
                        self._jobs.popleft()
                self._on_written(len(part))
            is_over = is_last and (not self._jobs or (not is_done and limit == 1))
            # If not all jobs can be written, write as many as possible.
            limit = min(2 * limit, _MAX_JOBS_PER_TRANSACTION) if is_done else 1
            if target is not None:
                self._move(target)
                is_over = False  # try again in the new file
        self._close()
        # Their owner holds this object.
        self._on_written = self._on_storage_error = self._on_moved = _ignore

    def _next(self) -> tuple[list[WriteJob], Path | None, bool]:
        """Wait for work. Returns the pending jobs, the target of a move, and whether to end."""
        with self._changed:
            if not (self._jobs or self._is_stopping or self._target):
                self._changed.wait(self._wait_time())
            target, self._target = self._target, None
            # The program must be able to exit when its main thread has ended.
            is_last = self._is_stopping or not threading.main_thread().is_alive()
            self._must_retry |= is_last
            return list(self._jobs), target, is_last

    def _wait_time(self) -> float:
        """Return the seconds until the file is to be checked or synced."""
        if self._sync_due is None:
            return _CHECK_INTERVAL_S
        return min(max(self._sync_due - monotonic(), 0.0), _CHECK_INTERVAL_S)

    def _attempt(self, act: Callable[[], None], *, is_resolved: bool) -> bool:
        """Call `act`, and wait a moment if it fails; return whether it succeeded.

        With `is_resolved`, success ends a storage error.
        """
        try:
            act()
        except Exception as error:  # noqa: BLE001  # no error may end the thread
            self._report(storage_error(error, self._path), type(error).__name__)
            with self._changed:
                self._changed.wait_for(lambda: self._must_retry, _RETRY_DELAY_S)
                self._must_retry = self._is_stopping
            return False
        if is_resolved:
            self._report(None)
        return True

    def _report(self, error: StorageError | None, cause: str = "") -> None:
        """Report a new storage error, or None when it is resolved."""
        if error != self._storage_error or self._must_report:
            if error is not None:
                _log.warning("the recording cannot be written: %s", cause)
            elif self._storage_error is not None:
                _log.info("the recording is written again")
            self._storage_error, self._must_report = error, False
            self._on_storage_error(error)

    def _open(self) -> None:
        if self._connection is None:
            self._lock.take()
            connection = open_to_write(self._path)
            is_new = self._expected is None
            if is_new and connection.execute("SELECT first FROM block LIMIT 1").fetchone():
                connection.close()
                self._lock.close()
                raise FileExistsError
            self._connection = connection
            _log.debug("the recording's file is open for writing")

    def _write(self, jobs: list[WriteJob]) -> None:
        """Write jobs in one transaction."""
        self._open()
        connection, lock = self._connection, self._lock
        assert connection is not None
        lock.check()
        if jobs:
            self._commit(connection, jobs)
            lock.trim_cache()
            if len(jobs) >= _FLOOD_JOBS:
                start_writeback(self._path)
        if self._sync_due is not None and monotonic() >= self._sync_due:
            self._sync(connection)

    def _commit(self, connection: sqlite3.Connection, jobs: list[WriteJob]) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            execute(connection, jobs)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        if self._sync_due is None:
            self._sync_due = monotonic() + _SYNC_INTERVAL_S

    def _sync(self, connection: sqlite3.Connection) -> None:
        """Put everything that is committed on the disk, and into the file itself if possible."""
        if not checkpoint(connection):
            sync_log(self._path)
        self._sync_due = None

    def _move(self, path: Path) -> None:
        lock = FileLock(path)
        try:
            lock.take()
            if path.stat().st_size:
                raise FileExistsError
            connection = self._copy_to(path)
        except Exception as error:  # noqa: BLE001  # no error may end the thread
            lock.close()
            _log.warning("the recording cannot be moved: %s", type(error).__name__)
            self._on_moved(path, storage_error(error, path))
            return
        self._leave_file()
        self._path, self._lock, self._connection = path, lock, connection
        self._report(None)
        _log.info("the recording was moved to another file")
        self._on_moved(path, None)

    def _copy_to(self, path: Path) -> sqlite3.Connection:
        """Copy the written data to `path` and open that file; remove it if that fails."""
        try:
            with closing(sqlite3.connect(path)) as copy:
                if self._connection is not None:
                    self._connection.backup(copy)
                elif self._expected is not None:  # an existing file that was never opened
                    with closing(open_to_read(self._path)) as source:
                        if identity(self._path) != self._expected:
                            raise FileRemovedError
                        source.backup(copy)
            sync_folder(path.parent)  # before the old file is removed
            return open_to_write(path)
        except BaseException:
            path.unlink(missing_ok=True)
            _remove_companions(path)
            raise

    def _leave_file(self) -> None:
        """Close the old file after a move; remove it if this writer created it."""
        with suppress(OSError):  # where writing fails, removing fails too
            if self._expected is None and self._lock.is_in_place:
                self._path.unlink()
        self._close()
        with suppress(OSError):
            # SQLite does not remove the log of a removed file.
            if self._expected is None and not self._path.exists():
                _remove_companions(self._path)

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):  # the file was removed, or the disk is broken
                self._sync(self._connection)
            self._connection.close()
        self._lock.close()
        self._connection = None


def _remove_companions(path: Path) -> None:
    """Remove the files that SQLite writes beside a database."""
    for suffix in ("-journal", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
