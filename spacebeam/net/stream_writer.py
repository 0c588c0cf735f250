"""Writes bytes to a connection's stream, in order, as fast as the peer reads."""

from __future__ import annotations

import asyncio
import os

from gi.repository import Gio, GLib

from spacebeam.net.gio_call import WRITABLE, gio_call, socket_descriptor, socket_ready

CLOSE_TIMEOUT_S = 1.0
_PRIORITY = GLib.PRIORITY_DEFAULT


class StreamWriter:
    """Writes to one stream: a plain socket by the system call, everything else through Gio."""

    def __init__(self, stream: Gio.IOStream) -> None:
        self._stream = stream
        self._descriptor = socket_descriptor(stream)

    def write_now(self, data: bytes) -> int:
        """Write what fits without waiting; return the count of bytes. Raise OSError."""
        if self._descriptor is None:
            return 0
        try:
            return os.write(self._descriptor, data)
        except BlockingIOError:
            return 0

    async def write(self, data: bytes) -> None:
        """Write all of `data`. Raise OSError or GLib.Error."""
        if self._descriptor is None:
            await self._write_stream(data)
            return
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(self._descriptor, rest) :]
            except BlockingIOError:
                await socket_ready(self._descriptor, WRITABLE, _PRIORITY)

    async def _write_stream(self, data: bytes) -> None:
        # The bytes variant keeps the buffer alive until it is written; the plain one does not.
        rest = GLib.Bytes.new(data)
        stream = self._stream.get_output_stream()
        while rest.get_size():
            count = await gio_call(
                stream.write_bytes_async, stream.write_bytes_finish, rest, _PRIORITY
            )
            rest = GLib.Bytes.new_from_bytes(rest, count, rest.get_size() - count)


async def close_stream(stream: Gio.IOStream) -> None:
    """Close a stream; give up after CLOSE_TIMEOUT_S."""
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_S):
            await gio_call(stream.close_async, stream.close_finish, GLib.PRIORITY_DEFAULT)
    except (TimeoutError, GLib.Error):
        pass  # the stream's last reference closes it too
