"""Puts the segments of one direction of a TCP connection in order (RFC 9293, section 3.4).

What was sent again is taken once, as it came first. Where a capture lacks bytes that the other side
has acknowledged, they are passed over and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from spacebeam.exchange.importers.capture.segments import FIN, SYN, Segment

_WRAP = 2**32
_MAX_WINDOW = 2**30  # bytes (RFC 7323, section 2.3)
_MAX_EARLY_BYTES = 4 * 2**20
_MAX_EARLY_SEGMENTS = 4096
# Packets of the two directions may be captured in another order than they were sent in.
_REORDERED_S = 0.01


class Chunk(NamedTuple):
    """Bytes of a stream, in order."""

    data: bytes
    time: float  # Unix time in seconds
    missing: int = 0  # bytes before it that the capture does not have


class TcpStream:
    """One direction of a connection. Offsets count from its first byte."""

    def __init__(self) -> None:
        self._base = -1  # sequence number of the first byte
        self._next = 0  # offset of the next byte
        self._end = 0  # offset after the last byte that is known to have been sent
        self._finish = -1  # offset of the end of the stream
        # Segments that came before others that belong in front of them, by their offsets.
        self._early: list[tuple[int, int, bytes, float]] = []
        self._count = 0  # segments, so that equal offsets keep their order
        self.early_bytes = 0

    @property
    def is_finished(self) -> bool:
        """Whether everything was delivered, and no more follows."""
        return 0 <= self._finish <= self._next

    def begins_with(self, segment: Segment) -> bool:
        """Return whether a segment with SYN is the one that begins this stream."""
        return self._base in (-1, (segment.number + 1) % _WRAP)

    def add(self, segment: Segment, time: float) -> Iterator[Chunk]:
        """Return what a segment adds to the stream: nothing, or everything up to a gap."""
        number = segment.number + bool(segment.flags & SYN)
        if self._base < 0:
            self._base = number % _WRAP
        offset = self._offset(number)
        if offset > self._next + _MAX_WINDOW:
            return
        end = offset + segment.size
        self._end = max(self._end, end)
        if segment.flags & FIN and self._finish < 0:
            self._finish = end
        if segment.payload and offset + len(segment.payload) > self._next:
            if offset <= self._next and not self._early:  # nearly all
                yield self._deliver(offset, segment.payload, time)
                return
            self._count += 1
            heappush(self._early, (offset, self._count, segment.payload, time))
            self.early_bytes += len(segment.payload)
        yield from self._in_order(time)
        while self.early_bytes > _MAX_EARLY_BYTES or len(self._early) > _MAX_EARLY_SEGMENTS:
            yield from self._pass_over()

    def acknowledge(self, number: int, time: float) -> Iterator[Chunk]:
        """Pass over a gap if the other side has received what the capture lacks."""
        early = self._early
        if not early or self._base < 0 or time - early[0][3] < _REORDERED_S:
            return
        while early and early[0][0] <= self._offset(number):
            yield from self._pass_over()

    def rest(self, time: float) -> Iterator[Chunk]:
        """Return what came before bytes that will not come, at the end of the capture."""
        while self._early:
            yield from self._pass_over()
        missing = max(self._end, self._finish) - self._next
        if 0 < missing <= _MAX_WINDOW:
            self._next += missing
            yield Chunk(b"", time, missing)

    def _offset(self, number: int) -> int:
        ahead = (number - self._base - self._next) % _WRAP
        return self._next + (ahead if ahead < _WRAP // 2 else ahead - _WRAP)

    def _in_order(self, time: float = 0.0) -> Iterator[Chunk]:
        early = self._early
        while early and early[0][0] <= self._next:
            offset, _count, data, at = heappop(early)
            self.early_bytes -= len(data)
            if offset + len(data) > self._next:
                yield self._deliver(offset, data, max(at, time))

    def _pass_over(self) -> Iterator[Chunk]:
        missing = self._early[0][0] - self._next
        self._next += missing
        chunks = self._in_order()
        first = next(chunks)
        yield first._replace(missing=missing)
        yield from chunks

    def _deliver(self, offset: int, data: bytes, time: float) -> Chunk:
        new = data[self._next - offset :] if offset < self._next else data
        self._next += len(new)
        return Chunk(new, time)
