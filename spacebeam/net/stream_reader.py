"""Reads a connection's stream, one bounded block at a time, at a lower priority than GTK's redraws.

A plain socket is read by the system call, everything else through Gio.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from gi.repository import Gio, GLib

from spacebeam.net.gio_call import READABLE, Readiness, gio_call, socket_descriptor, turn

READ_SIZE = 128 * 1024  # bytes; a block and its index stay in the processor's cache
LONG_READ_SIZE = 512 * 1024  # bytes, inside a long message, so that most arrive in one block
# Lower than GTK's redraws: a flood never delays a frame of the window.
READ_PRIORITY = GLib.PRIORITY_DEFAULT_IDLE
_DRAINING_SIZE = 16 * 1024  # bytes; a shorter block was all that there was


class StreamReader:
    """Reads one stream; `unread` was read from it before. `stop` it before the stream is closed."""

    def __init__(self, stream: Gio.IOStream, unread: bytes = b"") -> None:
        self._stream = stream
        self._unread = unread
        self._descriptor = descriptor = socket_descriptor(stream)
        self._readiness = Readiness(descriptor or 0, READABLE, READ_PRIORITY)
        self._is_drained = False  # another system call would only find that nothing is there
        self.has_waited = False  # in the last read, so that other work had its turn
        self._may_be_buffered = True  # Soup.Server may hold bytes that followed the handshake

    async def read(self, size: int = READ_SIZE) -> bytes:
        """Return the next block, empty at the stream's end. Raise OSError or GLib.Error."""
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
        while True:
            if self._is_drained:
                await self._readiness.wait()
                self._is_drained, self.has_waited = False, True
            try:
                block = os.read(self._descriptor, size)
            except BlockingIOError:
                self._is_drained = True
            else:
                self._is_drained = len(block) < _DRAINING_SIZE
                return block

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
