"""Writes to standard output without blocking the loop.

While the reader is slow, the connection pauses reading: nothing is lost and memory is bounded. The
descriptor stays in blocking mode, because other programs may share it; a pipe that is writable by
`poll` takes PIPE_BUF bytes without blocking (pipe(7)).
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import stat
import sys
from collections import deque
from collections.abc import Callable
from typing import TextIO

MAX_PENDING_BYTES = 0  # more pending bytes pause reading
# While closing, reading must go on: the peer's close frame is behind other frames.
MAX_PENDING_BYTES_WHILE_CLOSING = 64 * 1024 * 1024


class Output:
    """Writes to a file descriptor in order; data that would block is pending.

    `on_full` is called when more than `max_pending` bytes are pending, `on_room` when all are
    written, and `on_failed` once, when writing fails: see `has_reader_left` and `failure`.
    """

    def __init__(self, descriptor: int) -> None:
        self.max_pending = MAX_PENDING_BYTES
        self.on_full: Callable[[], None] = _ignore
        self.on_room: Callable[[], None] = _ignore
        self.on_failed: Callable[[], None] = _ignore
        self.failure: str | None = None  # why writing failed; None if the reader closed the pipe
        self.has_reader_left = False
        self.is_terminal = os.isatty(descriptor)
        self._descriptor = descriptor
        self._poll = _poll(descriptor)
        self._pending: deque[memoryview] = deque()
        self._size = 0  # pending bytes
        self._drained: asyncio.Event = asyncio.Event()
        self._drained.set()

    def write(self, data: bytes) -> None:
        """Write data; a part that would block is written later."""
        if self.failure is not None or self.has_reader_left or not data:
            return
        self._pending.append(memoryview(data))
        self._size += len(data)
        if self._drained.is_set():
            self._write()
        if self._size and self._drained.is_set():
            self._drained.clear()
            asyncio.get_running_loop().add_writer(self._descriptor, self._on_writable)
        if self._size > self.max_pending:
            self.on_full()

    async def drain(self) -> None:
        """Wait until all data is written, or writing has failed."""
        await self._drained.wait()

    def forget(self) -> None:
        """Discard the pending data."""
        self._pending.clear()
        self._size = 0
        self._settle()

    def _on_writable(self) -> None:
        self._write()
        if not self._size:
            self._settle()
            self.on_room()

    def _settle(self) -> None:
        if not self._drained.is_set():
            asyncio.get_running_loop().remove_writer(self._descriptor)
            self._drained.set()

    def _write(self) -> None:
        try:
            while self._pending and (size := self._accepted()):
                piece = self._pending.popleft()
                count = os.write(self._descriptor, piece[:size])
                self._size -= count
                if count < len(piece):
                    self._pending.appendleft(piece[count:])
        except BlockingIOError:
            pass  # another program made the descriptor non-blocking
        except OSError as error:
            self._fail(error)

    def _accepted(self) -> int:
        """Return how many bytes can be written without blocking."""
        if self._poll is None:
            return len(self._pending[0])
        return select.PIPE_BUF if self._poll.poll(0) else 0

    def _fail(self, error: OSError) -> None:
        if isinstance(error, BrokenPipeError):
            self.has_reader_left = True
        else:
            self.failure = error.strerror or "unknown error"
        self.forget()
        self.on_failed()


def descriptor() -> int:
    """Return the file descriptor of standard output, or of /dev/null without one."""
    return _descriptor(sys.stdout)


def open_descriptor() -> int:
    """Return the file descriptor of standard output. Raise OSError if it is closed."""
    if sys.stdout is None:
        raise closed()
    return sys.stdout.fileno()


def closed() -> OSError:
    """Return the error of a stream that was closed before the program began."""
    return OSError(errno.EBADF, os.strerror(errno.EBADF))


def error_descriptor() -> int:
    """Return the file descriptor of standard error, or of /dev/null without one."""
    return _descriptor(sys.stderr)


def _descriptor(stream: TextIO | None) -> int:
    return os.open(os.devnull, os.O_WRONLY) if stream is None else stream.fileno()


def _poll(descriptor: int) -> select.poll | None:
    """Return a poll object for a pipe, socket or terminal; None for files, which never block."""
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(descriptor)):
        return None
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return poll


def _ignore() -> None:
    """Do nothing."""
