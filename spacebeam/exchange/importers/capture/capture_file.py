"""Imports the WebSockets of a packet capture: pcapng or pcap, of connections without TLS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from spacebeam.exchange.importers.capture.connection import Connection, State
from spacebeam.exchange.importers.capture.packets import packets
from spacebeam.exchange.importers.capture.segments import End, Segment, segment
from spacebeam.exchange.importers.importer import (
    MAX_CONVERSATIONS,
    ImportFault,
    ImportFileError,
    Item,
)
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.recording.codec import LATEST_TIME

_MAX_CONNECTIONS = 16_384  # that are remembered at once, without WebSockets
_MAX_OPEN = 128  # WebSockets at once; each has a file
_MAX_HELD = 256 * 2**20  # bytes of incomplete messages, and of segments out of order


def read(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the conversations of a capture. Raises ImportFileError."""
    capture = _Capture(losses, file)
    time = 0.0
    try:
        for packet in packets(file, losses):
            if packet.time is None:
                losses[Loss.WRONG_TIMES] += 1
            elif 0 <= packet.time < LATEST_TIME:
                time = packet.time
            found = segment(packet, losses)
            if found is not None:
                yield from capture.take(found, time)
    except ImportFileError:
        yield from capture.rest()
        raise
    yield from capture.end()


class _Capture:
    """The connections of a capture, by their two ends."""

    def __init__(self, losses: Losses, file: BinaryIO) -> None:
        self._losses = losses
        self._file = file
        self._known: dict[tuple[End, End], Connection] = {}
        self._open: dict[tuple[End, End], Connection] = {}  # those that are WebSockets
        self._held = 0  # bytes, of all
        self._count = 0  # of WebSockets so far

    def take(self, found: Segment, time: float) -> Iterator[Item]:
        """Yield what a segment adds to its connection. Raises ImportFileError."""
        first, second = sorted((found.source, found.target))
        ends = first, second
        connection = self._open.get(ends) or self._known.get(ends)
        if connection is not None and connection.begins_again(found):
            yield from connection.finish()
            self._remove(ends)
            connection = None
        if connection is None:
            connection = self._new(ends)
            yield from self._make_room()
        yield from connection.take(found, time)
        self._count_held(connection)
        if self._held > _MAX_HELD:
            raise ImportFileError(ImportFault.TOO_LARGE, offset=self._file.tell())
        is_known = ends in self._known
        if is_known and connection.state is State.WEBSOCKET:
            self._open[ends] = self._known.pop(ends)
        elif not is_known and connection.state is State.OVER:
            self._known[ends] = self._open.pop(ends)  # for what comes late

    def rest(self) -> Iterator[Item]:
        """Yield what waits for bytes that the capture does not have."""
        for connection in self._open.values():
            yield from connection.rest()

    def end(self) -> Iterator[Item]:
        """End all connections at the end of the capture."""
        for connection in (*self._known.values(), *self._open.values()):
            yield from connection.finish()

    def _new(self, ends: tuple[End, End]) -> Connection:
        self._known[ends] = Connection(ends, self._losses, self._new_key)
        return self._known[ends]

    def _new_key(self) -> str:
        if len(self._open) >= _MAX_OPEN:
            return ""
        self._count += 1
        if self._count > MAX_CONVERSATIONS:
            raise ImportFileError(ImportFault.TOO_MANY, offset=self._file.tell())
        return str(self._count)

    def _make_room(self) -> Iterator[Item]:
        """Forget the oldest connection that is no WebSocket, if there are too many."""
        if len(self._known) > _MAX_CONNECTIONS:
            oldest = next(iter(self._known))
            yield from self._known[oldest].finish()
            self._remove(oldest)

    def _remove(self, ends: tuple[End, End]) -> None:
        connection = self._known.pop(ends, None) or self._open.pop(ends, None)
        if connection is not None:
            self._count_held(connection)

    def _count_held(self, connection: Connection) -> None:
        held = connection.held
        self._held += held - connection.counted
        connection.counted = held
