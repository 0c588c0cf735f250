"""A server that sends numbered messages, as fast as they are read or at a rate."""

from __future__ import annotations

import contextlib
import math
import socket
import threading
from collections.abc import Iterator

from tests.support.batches import numbered
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade

_MESSAGES_PER_WRITE = 2000  # in a flood
SIZE = 120  # bytes of each message


def _frames(first: int, count: int) -> bytes:
    head = bytes((0x82, SIZE))
    return b"".join([head + numbered(number, SIZE) for number in range(first, first + count)])


@contextlib.contextmanager
def feed_server(rate: float | None = None, count: float = math.inf) -> Iterator[str]:
    """Run a server; yield its address.

    It sends `count` messages, `rate` a second or as fast as they are read, and stays open.
    """
    is_over = threading.Event()

    def feed(peer: socket.socket) -> None:
        upgrade(peer)
        number = 0
        step = _MESSAGES_PER_WRITE if rate is None else 1
        while number < count and not is_over.wait(0 if rate is None else 1 / rate):
            peer.sendall(_frames(number, step))
            number += step
        is_over.wait()

    with raw_server(feed) as server:
        try:
            yield f"ws://{LOOPBACK}:{server.port}/"
        finally:
            is_over.set()
