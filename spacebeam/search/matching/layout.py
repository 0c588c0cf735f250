"""Which entry a byte of a block belongs to.

Mostly entries lie in a block in their order. What was put together from pieces lies behind the
rest, so a search through the bytes cannot rely on it.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from spacebeam.recording.block import Block


class Layout:
    """Where a block's payloads lie; valid until the block grows."""

    def __init__(self, block: Block) -> None:
        self._starts = block.starts
        self._ends = block.ends
        self._length = len(block.data)

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The place of the entry whose payload holds these bytes; -1 if none does.

        And the next offset at which another entry's payload may begin: a search goes on there.
        """
        place = bisect_right(self._starts, start) - 1
        # Where entries are not in order, this place may be wrong; but not if the bytes are in it.
        if place >= 0 and self._starts[place] <= start and end <= self._ends[place]:
            return place, self._ends[place]
        return self._locate_anywhere(start, end)

    def entry_at(self, offset: int) -> tuple[int, int]:
        """The place of the entry whose payload the byte is in, or -1; and where another begins."""
        return self.locate(offset, offset + 1)

    def _locate_anywhere(self, start: int, end: int) -> tuple[int, int]:
        order, starts = self._in_order
        rank = bisect_right(starts, start) - 1
        if rank >= 0 and end <= self._ends[order[rank]]:
            return order[rank], self._ends[order[rank]]
        return -1, starts[rank + 1] if rank + 1 < len(starts) else self._length

    @cached_property
    def _in_order(self) -> tuple[list[int], list[int]]:
        """The places as their payloads lie, and where each starts."""
        starts, ends = self._starts, self._ends
        # An empty payload starts where another does; it comes first, as it holds nothing.
        order = sorted(range(len(starts)), key=lambda place: (starts[place], ends[place]))
        return order, [starts[place] for place in order]


def region(block: Block, begin: int, end: int) -> tuple[int, int]:
    """Between which bytes the payloads lie that are at the places from `begin` to `end`."""
    if begin == 0 and end == len(block):
        return 0, len(block.data)
    return min(block.starts[begin:end]), max(block.ends[begin:end])
