"""Locks a folder against other programs that write the files in it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

LOCK_TIMEOUT_S = 0.5  # for another program that writes
_LOCK_INTERVAL_S = 0.005


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Lock the folder; give False after LOCK_TIMEOUT_S without a lock. Raises OSError.

    A file system that has no locks gives True.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    deadline = time.monotonic() + LOCK_TIMEOUT_S
    is_locked = False
    try:
        while time.monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                is_locked = True
                break
            except BlockingIOError:
                time.sleep(_LOCK_INTERVAL_S)
            except OSError:  # the file system has no locks
                is_locked = True
                break
        yield is_locked
    finally:
        os.close(descriptor)
