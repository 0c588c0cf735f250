"""The entries of a recording that a filter lets through, while more come.

The list on screen asks how many there are and which stands at a position; both must be answered at
once, with ten million entries, while the rest of the recording is still being looked at.
"""

from __future__ import annotations

import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.matching import masks
from spacebeam.search.matching.matcher import Matcher

_STEP = 4096  # entries between two looks at the clock
_SLOW_STEP = 512
_SLOW_BYTES = 64 * 1024  # of payloads


@dataclass(slots=True)
class _Part:
    """What is shown of a block."""

    first: int  # number of the block's first entry
    seen: int  # how many of the block's entries were looked at
    places: range | array[int]  # in the block; a range where all or none are shown


class View:
    """What a filter shows of a recording, in order: `len`, and the number at each position.

    Nothing happens but in `advance`, which is called until the view is current, and again when
    entries were appended. Without a matcher everything is shown, and at once.

    Entries keep their numbers when earlier ones are dropped: the recording has those from its
    `first_number` up to its length.
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
        self._firsts: list[int] = []  # positions of the parts' first entries, had none been dropped
        self._length = 0  # as if none had been dropped
        self._dropped = 0  # shown entries that were forgotten
        self._begin = recording.first_number  # what is below was forgotten, or never there
        self._next = self._begin  # number of the next entry to look at
        self._block = recording.block_index(
            self._begin
        )  # index of the block that holds it, or will

    def __len__(self) -> int:
        if self._matcher is None:
            return max(0, len(self._recording) - self._begin)
        return self._length - self._dropped

    @property
    def scanned(self) -> int:
        """How many of the entries that are there were looked at."""
        if self._matcher is None:
            return len(self)
        return self._next - self._begin

    @property
    def is_current(self) -> bool:
        """Whether all entries were looked at."""
        return self._matcher is None or self._next >= len(self._recording)

    def advance(self, seconds: float | None = None) -> bool:
        """Look at more entries until so much time has passed, or at all of them.

        Returns whether there is more to do.
        """
        if self._matcher is None:
            return False
        deadline = None if seconds is None else self._clock() + seconds
        block: Block | None = None
        while self._next < len(self._recording):
            if block is None:
                block = self._recording.block(self._block, use_cache=False)
            begin = self._next - block.first
            if begin >= len(block):
                self._block += 1
                block = None
                continue
            end = len(block) if deadline is None else self._step(self._matcher, block, begin)
            self._look(self._matcher, block, begin, end)
            if deadline is not None and self._clock() >= deadline:
                break
        return not self.is_current

    def _step(self, matcher: Matcher, block: Block, begin: int) -> int:
        """Where to stop after `begin`, for a step that is short enough."""
        if not matcher.is_slow:
            return min(len(block), begin + _STEP)
        end = min(len(block), begin + _SLOW_STEP)
        size = 0
        for place in range(begin, end):
            size += block.ends[place] - block.starts[place]
            if size >= _SLOW_BYTES:
                return place + 1
        return end

    def _look(self, matcher: Matcher, block: Block, begin: int, end: int) -> None:
        mask = matcher.mask(block, begin, end)
        if not self._parts or self._parts[-1].first != block.first:
            self._parts.append(_Part(block.first, begin, range(begin, begin)))
            self._firsts.append(self._length)
        part = self._parts[-1]
        self._length += masks.passing(mask)
        part.places = _joined(part, mask)
        part.seen = end
        self._next = block.first + end

    def pass_unread(self) -> None:
        """Show what `advance` could not read: whoever looks at an entry of it is told why."""
        first, end = self._recording.block_numbers(self._block)
        if not self._parts or self._parts[-1].first != first:
            begin = self._next - first
            self._parts.append(_Part(first, begin, range(begin, begin)))
            self._firsts.append(self._length)
        part = self._parts[-1]
        self._length += end - self._next
        part.places = _joined(part, masks.all_pass(end - self._next))
        part.seen = end - first
        self._next = end
        self._block += 1

    def number(self, position: int) -> int:
        """The number of the entry at a position, counted from 0.

        Raises IndexError for a position that is not there.
        """
        if not 0 <= position < len(self):
            raise IndexError(position)
        if self._matcher is None:
            return self._begin + position
        position += self._dropped
        index = bisect_right(self._firsts, position) - 1
        part = self._parts[index]
        return part.first + part.places[position - self._firsts[index]]

    def position(self, number: int) -> int:
        """The position of the entry with this number, or of the first shown behind it.

        It is `len(view)` where none is.
        """
        if self._matcher is None:
            return min(max(0, number - self._begin), len(self))
        index = bisect_right(self._parts, number, key=lambda part: part.first) - 1
        if index < 0:
            return 0
        part = self._parts[index]
        within = bisect_left(part.places, number - part.first)
        return max(0, self._firsts[index] + within - self._dropped)

    def drop(self, number: int) -> None:
        """Forget the entries below `number`, which the recording no longer has."""
        if number > self._begin:
            if self._matcher is not None:
                self._dropped += self.position(number)
                gone = bisect_right(self._parts, number, key=lambda part: part.first + part.seen)
                del self._parts[:gone], self._firsts[:gone]
                self._next = max(self._next, number)
            self._begin = number
        # The next entry may not have been there when its block was looked for.
        self._block = max(self._block, self._recording.block_index(self._next))


def _joined(part: _Part, mask: masks.Mask) -> range | array[int]:
    """A part's places and those behind it that pass."""
    before, begin, end = part.places, part.seen, part.seen + len(mask)
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
