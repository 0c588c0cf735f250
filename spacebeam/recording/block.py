"""A block: a stored run of entries.

A flood's batches become blocks as they are. Small batches are gathered, so that a million single
messages do not cost a million objects.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right

from spacebeam.recording.entry import Entry
from spacebeam.wire.batch import Batch, Data, Direction, Kind, Origin, origin_of

GATHERED_BYTES = 64 * 1024  # a batch from this size on is a block of its own
_GATHERED_ENTRIES = 4096


class Block:
    """Entries from the number `first` on, in order; batches can be gathered into it."""

    def __init__(self, first: int, batch: Batch) -> None:
        self.first = first
        self._data: Data = batch.data
        self._kinds: bytes | bytearray = batch.kinds
        self._starts = batch.starts
        self._ends = batch.ends
        self._origins: dict[int, Origin | int] = dict(batch.origins)
        # Where each gathered batch begins, and what is the same for all entries in it.
        self._places = array("I", (0,))
        self._times = array("d", (batch.time,))
        self._directions = bytearray((batch.direction,))

    def __len__(self) -> int:
        return len(self._kinds)

    @property
    def has_room(self) -> bool:
        """Whether more can be gathered into this block."""
        return len(self._data) < GATHERED_BYTES and len(self._kinds) < _GATHERED_ENTRIES

    def gather(self, batch: Batch) -> None:
        """Add a batch's entries to this block."""
        if not isinstance(self._data, bytearray) or not isinstance(self._kinds, bytearray):
            self._data, self._kinds = bytearray(self._data), bytearray(self._kinds)
            # The columns were the batch's own.
            self._starts, self._ends = array("I", self._starts), array("I", self._ends)
        low, high = min(batch.starts), max(batch.ends)
        place, shift = len(self._kinds), len(self._data) - low
        self._data += batch.data[low:high]
        self._kinds += batch.kinds
        self._starts.extend([start + shift for start in batch.starts])
        self._ends.extend([end + shift for end in batch.ends])
        for at, origin in batch.origins.items():
            self._origins[place + at] = origin
        self._places.append(place)
        self._times.append(batch.time)
        self._directions.append(batch.direction)

    def entry(self, place: int, limit: int | None = None) -> Entry:
        """The entry at `place`; with `limit`, at most so many bytes of its payload."""
        start, end = self._starts[place], self._ends[place]
        cut = end if limit is None else min(end, start + limit)
        is_all = start == 0 and cut == len(self._data) and not self.has_room
        run = bisect_right(self._places, place) - 1
        return Entry(
            self.first + place,
            self._times[run],
            Kind(self._kinds[place]),
            Direction(self._directions[run]),
            end - start,
            # A long message is not copied; its block takes no other entries.
            self._data if is_all else bytes(self._data[start:cut]),
            origin_of(self._origins.get(place)),
        )
