"""Reads the values at paths from a recording: first a sample, then all, then those that come."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import MAX_DEEP_SIZE
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.json_path import MISSING
from spacebeam.search.matching import masks
from spacebeam.search.matching.gaps import with_connections
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.payload_values import BlockValues
from spacebeam.search.series.buckets import MAX_BUCKETS
from spacebeam.search.series.series import RECENT_STEP_S, Series

_FIRST_BUCKETS = 1500  # of a recording that is there when reading begins
_SAMPLED_BLOCKS = 600
_SAMPLED_ENTRIES = 24  # of a block
_SAMPLE_S = 1.0
_MIN_SAMPLED = 32  # blocks; with fewer, reading all takes little longer
_GOLDEN = 0.6180339887498949  # its multiples are spread evenly
_STEP_ENTRIES = 256  # between two looks at the clock
_STEP_BYTES = 32 * 1024  # of payloads
_MAX_QUICK = 256 * 1024  # bytes of a payload that is read in a limited time
_NEWEST_ENTRIES = 64


class SeriesReader:
    """Reads series of a recording, which may grow.

    Call `sample` until it returns False, for a chart that is nearly right; then `advance` until it
    returns False, and again when entries were appended. In a limited time, payloads of more than
    256 KiB are not read. Blocks that cannot be read are passed over.
    """

    def __init__(
        self,
        recording: Recording,
        paths: Sequence[str],
        connection: Context,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nothing read. Raises PathError."""
        self._recording = recording
        self._connection = connection
        self._clock = clock
        step = max(recording.ended - recording.began, 0.0) / _FIRST_BUCKETS
        self.series = [Series(path, step if step < 1e9 else 0.0) for path in paths]
        for one in self.series:
            one.recent_from = recording.ended - MAX_BUCKETS * RECENT_STEP_S
        self._next = recording.first_number  # number of the next entry to read
        self._index = recording.block_index(self._next)  # of its block
        self._peeked = 0  # number of the entry up to which `peek` has looked
        self._sampled_until: float | None = None  # by the clock
        count = recording.block_count - self._index
        self._samples = iter(self._spread(count) if count >= _MIN_SAMPLED else ())

    @property
    def is_current(self) -> bool:
        """Whether all entries were read."""
        return self._next >= len(self._recording)

    @property
    def share(self) -> float:
        """How much of the recording was read, from 0 to 1."""
        return self._next / max(len(self._recording), 1)

    def sample(self, seconds: float) -> bool:
        """Read some entries of some blocks, for about `seconds`; return whether there are more.

        After a second there are no more: the blocks so far are spread over the whole recording.
        """
        began = self._clock()
        if self._sampled_until is None:
            self._sampled_until = began + _SAMPLE_S
        for index in self._samples:
            self._sample_block(index)
            now = self._clock()
            if now > self._sampled_until:
                break
            if now >= began + seconds:
                return True
        return False

    def advance(self, seconds: float | None = None) -> bool:
        """Read further entries, for about `seconds`, or all; return whether there are more."""
        deadline = None if seconds is None else self._clock() + seconds
        recording = self._recording
        if self._next < recording.first_number:  # the entries between were forgotten
            self._go_to(recording.first_number)
        block: Block | None = None
        while not self.is_current:
            if block is None and (block := self._block(self._index)) is None:
                self._go_to(recording.block_numbers(self._index)[1])
                continue
            begin = self._next - block.first
            if begin >= len(block):
                self._index += 1
                block = None
                continue
            end = len(block) if deadline is None else _step(block, begin)
            self.read(block, begin, end, None, is_quick=deadline is not None)
            self._next = block.first + end
            if deadline is not None and self._clock() >= deadline:
                break
        return not self.is_current

    def peek(self) -> None:
        """Read the newest entries, ahead of their turn, so that the newest values are known."""
        end = len(self._recording)
        begin = max(self._peeked, self._next, end - _NEWEST_ENTRIES)
        self._peeked = end
        while begin < end:
            index = self._recording.block_index(begin)
            block = self._block(index)
            if block is None:
                return
            stop = min(end, block.first + len(block))
            self._sample_places(block, range(begin - block.first, stop - block.first))
            begin = max(stop, begin + 1)

    def read(
        self, block: Block, begin: int, end: int, places: Mask | None, *, is_quick: bool = False
    ) -> None:
        """Take the entries between two places of a block; with `places`, those in the mask."""
        for place, at, found in self.found(
            block, begin, end, places, is_quick=is_quick, is_in_order=True
        ):
            run = bisect_right(block.run_places, place) - 1
            direction = Direction(block.run_directions[run])
            size = block.ends[place] - block.starts[place]
            when = block.run_times[run]
            self.series[at].add(block.first + place, when, direction, found, size)

    def found(
        self,
        block: Block,
        begin: int,
        end: int,
        places: Mask | None = None,
        *,
        is_quick: bool = False,
        is_in_order: bool = False,
    ) -> Iterator[tuple[int, int, Any]]:
        """Yield the places of entries, and which series finds what there.

        In order, the series also hear of connections.
        """
        among = masks.all_pass(end - begin) if places is None else places
        wanted: Mask = bytes(end - begin)
        for one in self.series:
            wanted = masks.either(wanted, one.hints.narrowed(block, begin, end, among))
        if is_in_order:
            wanted = with_connections(wanted, block, begin, end)
        values = BlockValues(block, self._connection)
        max_deep_size = 0 if is_quick else MAX_DEEP_SIZE
        for place in masks.candidates(wanted, begin):
            if block.kinds[place] == Kind.EVENT:
                for series in self.series:
                    series.sequences.connect()
                continue
            if is_quick and block.ends[place] - block.starts[place] > _MAX_QUICK:
                continue
            try:
                value = values.read(place, max_deep_size)
                for at, series in enumerate(self.series):
                    if (found := series.find(value)) is not MISSING:
                        yield place, at, found
            except (ValueError, RecursionError):  # no such value, or one that is too deep
                continue

    def _spread(self, count: int) -> Iterator[int]:
        """Yield indexes of the last `count` blocks, evenly spread however many are taken."""
        wanted = min(count, _SAMPLED_BLOCKS)
        seen: set[int] = set()
        for number in range(2 * wanted):
            at = int(number * _GOLDEN % 1.0 * count)
            if at not in seen:
                seen.add(at)
                yield self._index + at

    def _sample_block(self, index: int) -> None:
        block = self._block(index) if index < self._recording.block_count else None
        if block is not None and block.first >= self._next:
            self._sample_places(block, range(0, len(block), max(len(block) // _SAMPLED_ENTRIES, 1)))

    def _sample_places(self, block: Block, places: range) -> None:
        among = bytearray(len(block))
        for place in places:
            among[place] = 1
        for place, at, found in self.found(block, 0, len(block), among, is_quick=True):
            when = block.run_times[bisect_right(block.run_places, place) - 1]
            self.series[at].add_sample(block.first + place, when, found)

    def _block(self, index: int) -> Block | None:
        try:
            return self._recording.block(index, use_cache=False)
        except (RecordingError, IndexError):
            return None

    def _go_to(self, number: int) -> None:
        self._next = number
        self._index = self._recording.block_index(number)


def _step(block: Block, begin: int) -> int:
    """Return where a short step that starts at `begin` ends."""
    end = min(len(block), begin + _STEP_ENTRIES)
    size = 0
    for place in range(begin, end):
        size += block.ends[place] - block.starts[place]
        if size >= _STEP_BYTES:
            return place + 1
    return end
