"""Reads a connection's stream, one bounded block at a time, at a lower priority than GTK's redraws.

A plain socket is read by the system call, everything else through Gio.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial

from gi.repository import Gio, GLib

from spacebeam.net.gio_call import READABLE, Readiness, gio_call, socket_descriptor, turn

READ_SIZE = 128 * 1024  # bytes; a block and its index stay in the processor's cache
LONG_READ_SIZE = 512 * 1024  # bytes, inside a long message, so that most arrive in one block
# Lower than GTK's redraws: a flood never delays a frame of the window.
READ_PRIORITY = GLib.PRIORITY_DEFAULT_IDLE
_DRAINING_SIZE = 16 * 1024  # bytes; a shorter block was all that there was
Take = Callable[[bytes], bool]


def _take_none(_block: bytes) -> bool:
    return False


class StreamReader:
    """Reads one stream; `unread` was read from it before. `stop` it before the stream is closed."""

    def __init__(self, stream: Gio.IOStream, unread: bytes = b"") -> None:
        self._stream = stream
        self._unread = unread
        self._descriptor = descriptor = socket_descriptor(stream)
        self._readiness = Readiness[bytes](descriptor or 0, READABLE, READ_PRIORITY)
        self._is_drained = False  # another system call would only find that nothing is there
        self.has_waited = False  # in the last read, so that other work had its turn
        self._may_be_buffered = True  # Soup.Server may hold bytes that followed the handshake

    async def read(self, size: int = READ_SIZE, take: Take = _take_none) -> bytes:
        """Return the next block, empty at the stream's end. Raise OSError or GLib.Error.

        A short block that had to be waited for is given to `take` at once. If that returns True,
        the next block is waited for; else this one is returned.
        """
        self.has_waited = False
        if self._unread:
            await turn(READ_PRIORITY)  # as for any other block
            unread, self._unread = self._unread, b""
            return unread
        if self._descriptor is None:
            return await self._read_stream()
        if self._may_be_buffered:
            self._may_be_buffered = False
            if _has_buffered(self._stream.get_input_stream()):
                return await self._read_stream()
        block = None if self._is_drained else self._read_now(size)
        if block is not None:
            return block
        return await self._readiness.first(partial(self._read_and_give, size, take))

    def _read_now(self, size: int) -> bytes | None:
        """Return what is there; None if nothing is."""
        assert self._descriptor is not None
        try:
            block = os.read(self._descriptor, size)
        except BlockingIOError:
            return None
        self._is_drained = len(block) < _DRAINING_SIZE
        return block

    def _read_and_give(self, size: int, take: Take) -> bytes | None:
        self.has_waited = True
        block = self._read_now(size)
        is_taken = bool(block) and self._is_drained and take(block or b"")
        return None if is_taken else block

    async def read_to_end(self) -> None:
        """Read and discard everything until the stream's end. Raise OSError or GLib.Error."""
        try:
            while await self.read():
                pass
        finally:
            self.stop()

    def stop(self) -> None:
        """Wait for no further block."""
        self._readiness.stop()

    async def _read_stream(self) -> bytes:
        self.has_waited = True
        stream = self._stream.get_input_stream()
        block = await gio_call(
            stream.read_bytes_async, stream.read_bytes_finish, READ_SIZE, READ_PRIORITY
        )
        return block.get_data() or b""


def _has_buffered(stream: Gio.InputStream) -> bool:
    is_readable: Callable[[], bool] | None = getattr(stream, "is_readable", None)
    return is_readable is not None and is_readable()
