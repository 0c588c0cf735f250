"""A block: a stored range of entries, in columns.

A large batch becomes a block as it is. Small batches are gathered in one block, so that a million
single messages do not cost a million objects.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from spacebeam.protocol.batch import Batch, Data, Direction, Kind, Origin, origin_of
from spacebeam.recording.entry import Entry

GATHERED_BYTES = 64 * 1024  # a batch of at least this size is a block of its own
_GATHERED_ENTRIES = 4096  # a block with at least as many takes no more batches
MAX_ENTRIES = 65_536  # in a block, so that a place fits in two bytes

# Approximate memory.
_ENTRY_BYTES = 9  # kind, start and end
_ORIGIN_BYTES = 100  # the origin and its item in a dictionary
_FRAGMENT_BYTES = 40


def memory_size(data: Data, kinds: bytes | bytearray, origins: Mapping[int, Origin | int]) -> int:
    """Return the approximate memory of entries in bytes. A peer may send many tiny ones."""
    fragments = sum(len(one.fragments) for one in origins.values() if isinstance(one, Origin))
    return (
        len(data)
        + _ENTRY_BYTES * len(kinds)
        + _ORIGIN_BYTES * len(origins)
        + _FRAGMENT_BYTES * fragments
    )


class BlockSummary(NamedTuple):
    """A block's entry counts, times and payload sizes."""

    entries: int  # events included
    began: float  # Unix time in seconds, of the earliest entry
    ended: float  # of the latest
    sent: int
    sent_size: int  # bytes
    received: int
    received_size: int


class Block:
    """Entries from the number `first` on, in order. Batches can be gathered into it.

    `data[starts[i]:ends[i]]` is the payload of the entry at place `i` and `kinds[i]` its kind, as
    in a Batch; bytes between payloads are ignored. All entries of a run, which is a gathered
    batch, have the same time and direction: run `r` begins at place `run_places[r]`, and has the
    time `run_times[r]` (Unix time in seconds) and the direction `run_directions[r]`.
    Readers must not change the columns.
    """

    __slots__ = (
        "_batch",
        "data",
        "ends",
        "first",
        "kinds",
        "origins",
        "run_directions",
        "run_places",
        "run_times",
        "starts",
    )

    def __init__(self, first: int, batch: Batch) -> None:
        self.first = first
        self._batch: Batch | None = batch  # until a second batch is gathered
        self.data: Data = batch.data
        self.kinds: bytes | bytearray = batch.kinds
        self.starts = batch.starts
        self.ends = batch.ends
        self.origins: dict[int, Origin | int] = dict(batch.origins)
        self.run_places = array("I", (0,))
        self.run_times = array("d", (batch.time,))
        self.run_directions = bytearray((batch.direction,))

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def has_room(self) -> bool:
        """Whether batches can be gathered into this block."""
        return len(self.data) < GATHERED_BYTES and len(self.kinds) < _GATHERED_ENTRIES

    def has_room_for(self, batch: Batch) -> bool:
        """Return whether this batch fits into the block: it may have too many entries."""
        return self.has_room and len(self.kinds) + len(batch) <= MAX_ENTRIES

    def gather(self, batch: Batch) -> None:
        """Add a batch's entries to this block."""
        if not isinstance(self.data, bytearray) or not isinstance(self.kinds, bytearray):
            self.data, self.kinds = bytearray(self.data), bytearray(self.kinds)
            # The columns so far are the batch's own.
            self.starts, self.ends = array("I", self.starts), array("I", self.ends)
        self._batch = None
        low, high = min(batch.starts), max(batch.ends)
        place, shift = len(self.kinds), len(self.data) - low
        self.data += batch.data[low:high]
        self.kinds += batch.kinds
        self.starts.extend([start + shift for start in batch.starts])
        self.ends.extend([end + shift for end in batch.ends])
        for at, origin in batch.origins.items():
            self.origins[place + at] = origin
        self.run_places.append(place)
        self.run_times.append(batch.time)
        self.run_directions.append(batch.direction)

    def runs(self) -> Iterator[tuple[int, int, float, Direction]]:
        """Yield each run's first place, the place after its last, its time and direction."""
        bounds = (*self.run_places[1:], len(self))
        for run, end in enumerate(bounds):
            yield (
                self.run_places[run],
                end,
                self.run_times[run],
                Direction(self.run_directions[run]),
            )

    def summary(self) -> BlockSummary:
        """Return the block's counts, times and sizes."""
        counts, sizes = [0, 0, 0], [0, 0, 0]
        for begin, end, _time, direction in self.runs():
            counts[direction] += end - begin
            if self._batch is not None and end - begin == len(self):
                sizes[direction] = self._batch.size
            else:
                sizes[direction] += sum(self.ends[begin:end]) - sum(self.starts[begin:end])
        return BlockSummary(
            len(self),
            min(self.run_times),
            max(self.run_times),
            counts[Direction.SENT],
            sizes[Direction.SENT],
            counts[Direction.RECEIVED],
            sizes[Direction.RECEIVED],
        )

    def entry(self, place: int, limit: int | None = None) -> Entry:
        """Return the entry at `place`, with at most `limit` bytes of its payload."""
        start, end = self.starts[place], self.ends[place]
        cut = end if limit is None else min(end, start + limit)
        is_all = start == 0 and cut == len(self.data) and not self.has_room
        run = bisect_right(self.run_places, place) - 1
        return Entry(
            self.first + place,
            self.run_times[run],
            Kind(self.kinds[place]),
            Direction(self.run_directions[run]),
            end - start,
            # A message that fills its block is not copied.
            self.data if is_all else bytes(self.data[start:cut]),
            origin_of(self.origins.get(place)),
        )
