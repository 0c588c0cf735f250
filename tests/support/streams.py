"""A Gio stream whose other end is a plain socket of the test."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

from gi.repository import Gio

_PATIENCE = 15.0


@contextlib.contextmanager
def stream_pair(buffer: int | None = None) -> Iterator[tuple[Gio.IOStream, socket.socket]]:
    """Connect a pair; `buffer` limits the bytes between them, roughly."""
    ours, theirs = socket.socketpair()
    if buffer is not None:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    theirs.settimeout(_PATIENCE)
    stream = Gio.Socket.new_from_fd(ours.detach()).connection_factory_create_connection()
    try:
        yield stream, theirs
    finally:
        theirs.close()
        stream.close()


def read_exactly(peer: socket.socket, count: int) -> bytes:
    """Read `count` bytes, or fewer at the end of the stream."""
    data = bytearray()
    while len(data) < count:
        piece = peer.recv(count - len(data))
        if not piece:
            break
        data += piece
    return bytes(data)
