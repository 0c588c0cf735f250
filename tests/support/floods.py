"""A server that sends messages as fast as they are read, and counts them."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.support.batches import numbered
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, read_request, switching, wait_for_end

SIZE = 120  # bytes of each message
_MESSAGES_PER_WRITE = 1000


class Flood:
    """Sends each client messages numbered from 0; `sent` counts those of all clients."""

    def __init__(self, count: int) -> None:
        self.url = ""
        self.count = count
        self.sent = 0

    def talk(self, peer: socket.socket) -> None:
        # A small buffer: only a part of the flood is on its way.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * 1024)
        peer.sendall(switching(read_request(peer)))
        head = bytes((0x82, SIZE))
        for first in range(0, self.count, _MESSAGES_PER_WRITE):
            numbers = range(first, min(first + _MESSAGES_PER_WRITE, self.count))
            peer.sendall(b"".join([head + numbered(number, SIZE) for number in numbers]))
            self.sent += len(numbers)
        peer.sendall(b"\x88\x02\x03\xe8")
        wait_for_end(peer)


@contextlib.contextmanager
def flood_server(count: int) -> Iterator[Flood]:
    """Run a server that sends each client `count` messages and a close frame."""
    flood = Flood(count)
    with raw_server(flood.talk) as server:
        flood.url = f"ws://{LOOPBACK}:{server.port}/"
        yield flood


class BlockedFolder:
    """A file in place of the folder of recordings, so that nothing can be written."""

    def __init__(self, data: Path) -> None:
        self._path = data / "spacebeam"
        data.mkdir(parents=True, exist_ok=True)
        self._path.write_text("in the way")

    def unblock(self) -> None:
        """Make the folder, so that recordings can be written."""
        self._path.unlink()
        (self._path / "recordings").mkdir(parents=True)
