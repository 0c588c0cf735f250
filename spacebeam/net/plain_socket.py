"""A connection's own socket, where nothing stands between it and the frames.

Reading and writing it by the system call saves an allocation, a copy and a turn of the main loop
each time, compared with Gio's streams.
"""

from __future__ import annotations

import asyncio

from gi.repository import Gio, GLib

_ENDED = GLib.IOCondition.HUP | GLib.IOCondition.ERR
READABLE = GLib.IOCondition.IN | _ENDED
WRITABLE = GLib.IOCondition.OUT | _ENDED


def descriptor(stream: Gio.IOStream) -> int | None:
    """The socket's file descriptor; None for TLS and anything else that is no plain socket."""
    base = getattr(stream.props, "base_iostream", stream)  # libsoup wraps it
    if isinstance(base, Gio.TcpWrapperConnection):  # a way through a proxy that is spoken to in TLS
        return None
    return base.get_socket().get_fd() if isinstance(base, Gio.SocketConnection) else None


async def ready(descriptor: int, condition: GLib.IOCondition, priority: int) -> None:
    """Wait until the socket is ready, among what has this priority on the main loop."""
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def on_ready(*_arguments: object) -> bool:
        if not future.done():
            future.set_result(None)
        return GLib.SOURCE_REMOVE

    source = GLib.unix_fd_add_full(priority, descriptor, condition, on_ready)
    try:
        await future
    except asyncio.CancelledError:
        GLib.source_remove(source)
        raise
