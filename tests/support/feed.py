"""A server that sends numbered messages, as fast as they are read or at a pace."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

from tests.support.batches import numbered
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade

_AT_ONCE = 2000  # messages of a flood
SIZE = 120  # bytes of each message


def _frames(first: int, count: int) -> bytes:
    head = bytes((0x82, SIZE))
    return b"".join([head + numbered(number, SIZE) for number in range(first, first + count)])


@contextlib.contextmanager
def feed_server(rate: float | None = None) -> Iterator[str]:
    """The address of a server that sends `rate` messages a second, or all it can."""
    is_over = threading.Event()

    def feed(peer: socket.socket) -> None:
        upgrade(peer)
        number = 0
        count = _AT_ONCE if rate is None else 1
        while not is_over.wait(0 if rate is None else 1 / rate):
            peer.sendall(_frames(number, count))
            number += count

    with raw_server(feed) as server:
        try:
            yield f"ws://{LOOPBACK}:{server.port}/"
        finally:
            is_over.set()
