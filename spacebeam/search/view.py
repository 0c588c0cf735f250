"""The entries of a recording that match a filter, while the recording grows.

The list on screen asks for the number of entries and for the entry at a position. Both are answered
at once, with ten million entries, while the rest of the recording is still being searched.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple, Union

from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.matching import masks
from spacebeam.search.matching.matcher import Matcher

_STEP_ENTRIES = 4096  # between two looks at the clock
_SLOW_STEP_ENTRIES = 512  # the same, for a slow matcher
_SLOW_STEP_BYTES = 64 * 1024  # of payloads


_Places = Union[range, "array[int]"]  # in a block; a range where all or none are among them


@dataclass(slots=True)
class _Part:
    """The matching entries of a block, and the hidden ones."""

    first: int  # number of the block's first entry
    searched: int  # how many of the block's entries were searched
    places: _Places
    hidden: _Places
    hidden_before: int  # number of hidden entries in the parts before


class Found(NamedTuple):
    """The result of searching some entries of a block, from the place `begin` on."""

    block: Block
    begin: int
    shown: masks.Mask
    hidden: masks.Mask | None


def _search(matcher: Matcher, block: Block, begin: int, end: int) -> Found:
    return Found(block, begin, *matcher.masks(block, begin, end))


class FilteredView:
    """The matching entries of a recording, in order: their count, and the number at each position.

    `advance` does the searching. It is called until the view is current, and again when entries
    were appended. While there is a `pending` part, it does nothing: a thread calls `pending`, which
    may take half a second, and `accept` takes its result. Without a matcher all entries match, and
    the view is always current.

    Entry numbers stay the same when earlier entries are dropped: the recording has the entries from
    its `first_number` up to its length.
    """

    def __init__(
        self,
        recording: Recording,
        matcher: Matcher | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._recording = recording
        self._matcher = matcher
        self._clock = clock
        self._parts: list[_Part] = []
        self._firsts: list[int] = []  # positions of the parts' first entries, dropped ones counted
        self._length = 0  # dropped entries counted
        self._dropped = 0  # matching entries that were dropped
        self._hidden = 0  # hidden entries, dropped ones counted
        self._hidden_dropped = 0
        self.pending: Callable[[], Found] | None = None
        self._begin = recording.first_number  # earlier entries were dropped, or forgotten before
        self._next = self._begin  # number of the next entry to search
        self._block = recording.block_index(self._begin)  # index of the next entry's block

    def __len__(self) -> int:
        if self._matcher is None:
            return max(0, len(self._recording) - self._begin)
        return self._length - self._dropped

    @property
    def scanned(self) -> int:
        """Number of entries that were searched and not dropped."""
        if self._matcher is None:
            return len(self)
        return self._next - self._begin

    def hidden(self, number: int) -> int:
        """Return how many of the entries before `number` a hidden filter matches."""
        if (index := self._index(number)) < 0:
            return 0
        part = self._parts[index]
        within = bisect_left(part.hidden, number - part.first)
        return max(0, part.hidden_before + within - self._hidden_dropped)

    @property
    def unsearched(self) -> int:
        """Number of entries that were nested too deeply to be searched."""
        return 0 if self._matcher is None else self._matcher.unsearched

    @property
    def is_current(self) -> bool:
        """Whether all entries were searched."""
        return self._matcher is None or self._next >= len(self._recording)

    def advance(self, seconds: float | None = None) -> bool:
        """Search more entries, for about `seconds`, or all of them.

        In a limited time, payloads that take long become `pending`.

        Returns whether there is more to search. Raises RecordingError for a block that cannot be
        read.
        """
        if self._matcher is None:
            return False
        deadline = None if seconds is None else self._clock() + seconds
        block: Block | None = None
        testable = self._matcher.prepare(len(self._recording), seconds)
        while self._next < testable and self.pending is None:
            if block is None:
                block = self._recording.block(self._block, use_cache=False)
            begin = self._next - block.first
            if begin >= len(block):
                self._block += 1
                block = None
                continue
            if deadline is None:
                end = min(len(block), testable - block.first)
                self.accept(Found(block, begin, *self._matcher.masks(block, begin, end)))
                continue
            end = min(self._step(self._matcher, block, begin), testable - block.first)
            shown, hidden, stop = self._matcher.quick_masks(block, begin, end)
            self.accept(Found(block, begin, shown, hidden))
            if stop < end:
                self.pending = partial(_search, self._matcher, block, stop, end)
            if self._clock() >= deadline:
                break
        return not self.is_current

    def _step(self, matcher: Matcher, block: Block, begin: int) -> int:
        """Return where a short step that starts at `begin` ends."""
        if not matcher.is_slow:
            return min(len(block), begin + _STEP_ENTRIES)
        end = min(len(block), begin + _SLOW_STEP_ENTRIES)
        size = 0
        for place in range(begin, end):
            size += block.ends[place] - block.starts[place]
            if size >= _SLOW_STEP_BYTES:
                return place + 1
        return end

    def accept(self, found: Found) -> None:
        """Take the result of `pending`, if its entries were not dropped in the meantime."""
        self.pending = None
        first, begin = found.block.first, found.begin
        if self._next != first + begin:
            return
        part = self._part(first, begin)
        self._length += masks.passing(found.shown)
        part.places = _joined(part.places, part.searched, found.shown)
        if found.hidden is not None:
            self._hidden += masks.passing(found.hidden)
            part.hidden = _joined(part.hidden, part.searched, found.hidden)
        part.searched = begin + len(found.shown)
        self._next = first + part.searched

    def _part(self, first: int, begin: int) -> _Part:
        """Return the part of the block with the number `first`, from the place `begin` on."""
        if not self._parts or self._parts[-1].first != first:
            none = range(begin, begin)
            self._parts.append(_Part(first, begin, none, none, self._hidden))
            self._firsts.append(self._length)
        return self._parts[-1]

    def show_unreadable_block(self) -> None:
        """Show all entries of the block that `advance` could not read, and go on after it.

        Reading one of them raises the error.
        """
        first, end = self._recording.block_numbers(self._block)
        part = self._part(first, self._next - first)
        self._length += end - self._next
        part.places = _joined(part.places, part.searched, masks.all_pass(end - self._next))
        part.searched = end - first
        self._next = end
        self._block += 1

    def number(self, position: int) -> int:
        """Return the number of the entry at a position, counted from 0. Raises IndexError."""
        if not 0 <= position < len(self):
            raise IndexError(position)
        if self._matcher is None:
            return self._begin + position
        position += self._dropped
        index = bisect_right(self._firsts, position) - 1
        part = self._parts[index]
        return part.first + part.places[position - self._firsts[index]]

    def position(self, number: int) -> int:
        """Return the position of entry `number`, or of the first matching entry after it.

        Returns `len(view)` if there is none.
        """
        if self._matcher is None:
            return min(max(0, number - self._begin), len(self))
        index = self._index(number)
        if index < 0:
            return 0
        part = self._parts[index]
        within = bisect_left(part.places, number - part.first)
        return max(0, self._firsts[index] + within - self._dropped)

    def _index(self, number: int) -> int:
        """Return the index of the part with entry `number`, or of the last one before it, or -1."""
        return bisect_right(self._parts, number, key=lambda part: part.first) - 1

    def drop(self, number: int) -> None:
        """Drop the entries before `number`, which the recording has forgotten."""
        if number > self._begin:
            if self._matcher is not None:
                self._dropped += self.position(number)
                self._hidden_dropped += self.hidden(number)
                gone = bisect_right(
                    self._parts, number, key=lambda part: part.first + part.searched
                )
                del self._parts[:gone], self._firsts[:gone]
                self._next = max(self._next, number)
            self._begin = number
        # The next entry's block may not have existed before.
        self._block = max(self._block, self._recording.block_index(self._next))


def _joined(before: _Places, begin: int, mask: masks.Mask) -> _Places:
    """Return the places with those in the mask of the entries from `begin` on."""
    end = begin + len(mask)
    count = masks.passing(mask)
    if isinstance(before, range):
        if count == len(mask) and (not before or before.stop == begin):
            return range(before.start if before else begin, end)
        if count == 0:
            return before
    elif count == 0:
        return before
    places = before if isinstance(before, array) else array("H", before)
    places.extend(masks.places(mask, begin))
    return places
