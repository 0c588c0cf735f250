"""Reads series from a recording: first a sample, then all, then what comes."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from spacebeam.decode.decoder import Context
from spacebeam.decode.registry import MAX_DEEP_SIZE
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.measured import Measured, method_of
from spacebeam.recording.recording import Recording
from spacebeam.search.json_path import MISSING
from spacebeam.search.matching import masks
from spacebeam.search.matching.gaps import with_connections
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.payload_values import MESSAGE_KINDS, BlockValues
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.series.buckets import MAX_BUCKETS
from spacebeam.search.series.measured import Latencies
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

    Latencies are those of `pairs`, which is read on with the recording; without it there are none.
    """

    def __init__(
        self,
        recording: Recording,
        paths: Sequence[str],
        connection: Context,
        clock: Callable[[], float] = time.monotonic,
        pairs: PairIndex | None = None,
    ) -> None:
        """Begin with nothing read. Raises PathError."""
        self._recording = recording
        self._connection = connection
        self._clock = clock
        step = max(recording.ended - recording.began, 0.0) / _FIRST_BUCKETS
        self.series = [Series(path, step if step < 1e9 else 0.0) for path in paths]
        for one in self.series:
            one.recent_from = recording.ended - MAX_BUCKETS * RECENT_STEP_S
        self._measures = [
            (at, one.measured, Latencies(pairs, method_of(one.path)) if pairs is not None else None)
            for at, one in enumerate(self.series)
            if one.measured is not None
        ]
        has_latency = any(one is Measured.LATENCY for _at, one, _latencies in self._measures)
        self._pairs = pairs if has_latency else None
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
        readable = self._read_pairs(seconds)
        while self._next < readable:
            if block is None and (block := self._block(self._index)) is None:
                self._go_to(recording.block_numbers(self._index)[1])
                continue
            begin = self._next - block.first
            if begin >= len(block):
                self._index += 1
                block = None
                continue
            end = len(block) if deadline is None else _step(block, begin)
            end = min(end, readable - block.first)
            self.read(block, begin, end, None, is_quick=deadline is not None)
            self._next = block.first + end
            if deadline is not None and self._clock() >= deadline:
                break
        return not self.is_current

    def _read_pairs(self, seconds: float | None) -> int:
        """Read on in the index of pairs; return up to which number entries can be read."""
        if self._pairs is None:
            return len(self._recording)
        with suppress(IndexError):  # discarded since the slice before
            self._pairs.advance(seconds)
        return min(len(self._recording), self._pairs.read_to)

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
        readable = self._readable(block, begin, end, among)
        wanted = readable
        if self._measures:
            among = masks.both(among, block.kinds[begin:end].translate(MESSAGE_KINDS))
            wanted = masks.either(readable, among)
        if is_in_order:
            wanted = with_connections(wanted, block, begin, end)
        values = BlockValues(block, self._connection)
        for place in masks.candidates(wanted, begin):
            if block.kinds[place] == Kind.EVENT:
                for series in self.series:
                    series.sequences.connect()
                continue
            yield from self._measured_at(block, place)
            is_long = is_quick and block.ends[place] - block.starts[place] > _MAX_QUICK
            if readable[place - begin] and not is_long:
                yield from self._found_at(values, place, 0 if is_quick else MAX_DEEP_SIZE)

    def _readable(self, block: Block, begin: int, end: int, among: Mask) -> Mask:
        """Return the mask of the messages that may have a value at a path."""
        readable: Mask = bytes(end - begin)
        for one in self.series:
            if one.hints is not None:
                readable = masks.either(readable, one.hints.narrowed(block, begin, end, among))
        return readable

    def _found_at(
        self, values: BlockValues, place: int, max_deep_size: int
    ) -> Iterator[tuple[int, int, Any]]:
        """Yield what is at the paths in a message, as `found` does."""
        try:
            value = values.read(place, max_deep_size)
            for at, series in enumerate(self.series):
                if (found := series.find(value)) is not MISSING:
                    yield place, at, found
        except (ValueError, RecursionError):  # no such value, or one that is too deep
            return

    def _measured_at(self, block: Block, place: int) -> Iterator[tuple[int, int, Any]]:
        """Yield what is measured of a message, as `found` does; several latencies as a list."""
        for at, measured, latencies in self._measures:
            if measured is Measured.SIZE:
                yield place, at, block.ends[place] - block.starts[place]
            elif latencies is not None and (found := latencies.at(block.first + place)):
                yield place, at, found[0] if len(found) == 1 else found

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
