"""The thread that writes a recording's file, a transaction after the other.

What cannot be written now is tried again until it can: nothing is dropped. Whoever gives it work
looks at how much waits, and makes the server wait in its turn.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from spacebeam.recording.errors import FileRemovedError, StorageError, storage_error
from spacebeam.recording.file import FileLock, Identity, identity, open_to_read, open_to_write

_RETRY_TIME = 1.0  # seconds
_UPKEEP_TIME = 1.0  # seconds after which a look is taken at the file where nothing is to be written
# A flood is written twice as fast when the disk need not say that it has each part of it. Then a
# power failure may damage the file; the end of this program, however sudden, may not. So it is
# left out while blocks wait in a row, and made up for when it has been calm for a while.
_FLOOD_JOBS = 5
_CALM_TIME = 2.0  # seconds
_ROWS_AT_ONCE = 16
# More in one transaction, and whoever gives the jobs would come to wait for the whole of it, and
# this thread then for the next ones: both by turns on one processor.
_JOBS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class WriteJob:
    """A row to be written.

    One that `is_apart` from all that is not of its statement, which ends with its values, may be
    written together with others.
    """

    statement: str
    values: tuple[Any, ...]
    is_apart: bool = False


class Writer:
    """Writes jobs in order.

    `on_written(count)`, of what was `put`, `on_fault(fault or None)` and `on_moved(path, why not)`
    are called in the thread, and have to bring themselves to wherever they belong.
    """

    def __init__(
        self,
        path: Path,
        on_written: Callable[[int], None],
        on_fault: Callable[[StorageError | None], None],
        on_moved: Callable[[Path, str], None],
        expected: Identity | None = None,
    ) -> None:
        """`expected` is which file it is, where there is one already; without, it is made."""
        self._path = path
        self._expected = expected
        self._on_written = on_written
        self._on_fault = on_fault
        self._on_moved = on_moved
        self._jobs: deque[Sequence[WriteJob]] = deque()  # each whole or not at all
        self._changed = threading.Condition()
        self._is_stopping = False
        self._must_try = False
        self._must_tell = False
        self._target: Path | None = None
        self._fault: StorageError | None = None
        self._lock = FileLock(path, expected)
        self._connection: sqlite3.Connection | None = None
        self._is_hurrying = False
        self._flood_seen = 0.0  # on the monotonic clock
        self._thread = threading.Thread(target=self._run, name="recording")
        self._thread.start()

    def put(self, jobs: Sequence[WriteJob]) -> None:
        """Have these rows written, in one transaction."""
        with self._changed:
            self._jobs.append(jobs)
            self._changed.notify()

    def try_again(self) -> None:
        """Wait no longer after a fault, and tell of the next one though it be the same."""
        with self._changed:
            self._must_try = self._must_tell = True
            self._changed.notify()

    def move(self, path: Path) -> None:
        """Copy what is written to a new file, and go on there."""
        with self._changed:
            self._target = path
            self._must_try = True
            self._changed.notify()

    def stop(self) -> None:
        """Write what waits, with a fault once more, and close the file."""
        with self._changed:
            self._is_stopping = self._must_try = True
            self._changed.notify()

    @property
    def storage_error(self) -> StorageError | None:
        """Why nothing could be written the last time, if that is so."""
        return self._fault

    def join(self, patience: float) -> bool:
        """Wait for the end, after `stop`, so many seconds; returns whether all is written."""
        self._thread.join(patience)
        return not self._thread.is_alive() and not self._jobs

    # In the thread

    def _run(self) -> None:
        share, is_over = _JOBS_AT_ONCE, False
        while not is_over:
            jobs, target, is_last = self._next()
            part = jobs[:share]
            # One of many may be written where there is room for no other.
            is_well = len(part) == len(jobs) or share == _JOBS_AT_ONCE
            is_done = self._attempt(partial(self._write, part), is_well=is_well)
            if is_done and part:
                with self._changed:
                    for _ in part:
                        self._jobs.popleft()
                self._on_written(len(part))
            is_over = is_last and (not self._jobs or (not is_done and share == 1))
            # Where not all can be written, as much as can.
            share = min(2 * share, _JOBS_AT_ONCE) if is_done else 1
            if target is not None:
                self._move(target)
                is_over = False  # it is tried there once more
        self._close()

    def _next(self) -> tuple[list[Sequence[WriteJob]], Path | None, bool]:
        """Wait for something to do; returns what, where to go, and whether that is the end."""
        with self._changed:
            if not (self._jobs or self._is_stopping or self._target):
                self._changed.wait(_UPKEEP_TIME)
            target, self._target = self._target, None
            # A program that ends without saying so is not kept from ending.
            is_last = self._is_stopping or not threading.main_thread().is_alive()
            self._must_try |= is_last
            return list(self._jobs), target, is_last

    def _attempt(self, act: Callable[[], None], *, is_well: bool) -> bool:
        """Do it; on a fault say so and wait a little. Returns whether it was done, and says that
        all is well if that is to be said then."""
        try:
            act()
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not end the thread
            self._tell(storage_error(error, self._path))
            with self._changed:
                self._changed.wait_for(lambda: self._must_try, _RETRY_TIME)
                self._must_try = self._is_stopping
            return False
        if is_well:
            self._tell(None)
        return True

    def _tell(self, found: StorageError | None) -> None:
        if found != self._fault or self._must_tell:
            self._fault, self._must_tell = found, False
            self._on_fault(found)

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

    def _write(self, jobs: list[Sequence[WriteJob]]) -> None:
        self._open()
        connection, lock = self._connection, self._lock
        assert connection is not None
        lock.check()
        self._hurry(is_flood=len(jobs) >= _FLOOD_JOBS)
        if not jobs:
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            _execute(connection, chain.from_iterable(jobs))
            connection.execute("COMMIT")
            if self._is_hurrying:
                lock.hasten()
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _hurry(self, *, is_flood: bool) -> None:
        assert self._connection is not None
        now = time.monotonic()
        if is_flood:
            self._flood_seen = now
            if not self._is_hurrying:
                self._is_hurrying = True
                self._connection.execute("PRAGMA synchronous = OFF")
        elif self._is_hurrying and now - self._flood_seen > _CALM_TIME:
            self._settle()

    def _settle(self) -> None:
        """Let the disk have all of what was written in a hurry."""
        if self._is_hurrying and self._connection is not None:
            self._is_hurrying = False
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA wal_checkpoint")

    def _move(self, path: Path) -> None:
        lock = FileLock(path)
        try:
            lock.take()
            if path.stat().st_size:
                raise FileExistsError
            connection = self._copied(path)
        except Exception as error:  # noqa: BLE001  # whatever it is, it must not end the thread
            lock.close()
            self._on_moved(path, storage_error(error, path).what)
            return
        self._leave()
        self._path, self._lock, self._connection = path, lock, connection
        self._tell(None)
        self._on_moved(path, "")

    def _copied(self, path: Path) -> sqlite3.Connection:
        try:
            with closing(sqlite3.connect(path)) as copy:
                if self._connection is not None:
                    self._connection.backup(copy)
                elif self._expected is not None:  # one of earlier, that could not be written
                    with closing(open_to_read(self._path)) as source:
                        if identity(self._path) != self._expected:
                            raise FileRemovedError
                        source.backup(copy)
            return open_to_write(path)
        except BaseException:
            path.unlink(missing_ok=True)
            _remove_beside(path)
            raise

    def _leave(self) -> None:
        """Let go of the file, all of which is elsewhere now; nothing is left of one of our own."""
        with suppress(OSError):  # where nothing can be written, nothing can be removed
            if self._expected is None and self._lock.is_in_place:
                self._path.unlink()
        self._close()
        with suppress(OSError):
            # SQLite leaves the log of a file that was removed.
            if self._expected is None and not self._path.exists():
                _remove_beside(self._path)

    def _close(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._settle()
            self._connection.close()
        self._lock.close()
        self._connection = None


def _execute(connection: sqlite3.Connection, jobs: Iterable[WriteJob]) -> None:
    """Do the jobs; those that are apart with as few calls as can be.

    With each call the interpreter's lock goes to the thread that receives and has to come back.
    """
    apart: dict[str, list[tuple[Any, ...]]] = {}
    for job in jobs:
        if job.is_apart:
            apart.setdefault(job.statement, []).append(job.values)
        else:
            connection.execute(job.statement, job.values)
    for statement, rows in apart.items():
        more = f", ({', '.join('?' * len(rows[0]))})"
        for first in range(0, len(rows), _ROWS_AT_ONCE):
            some = rows[first : first + _ROWS_AT_ONCE]
            connection.execute(statement + more * (len(some) - 1), [*chain.from_iterable(some)])


def _remove_beside(path: Path) -> None:
    """Remove what SQLite has beside a file."""
    for ending in ("-journal", "-wal", "-shm"):
        with suppress(OSError):
            path.with_name(path.name + ending).unlink(missing_ok=True)
