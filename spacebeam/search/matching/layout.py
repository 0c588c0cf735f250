"""Finds the entry that a byte of a block belongs to.

Payloads are mostly in the order of their entries. But a message that was joined from fragments is
stored after the others, so a search through the bytes cannot rely on the order.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from spacebeam.recording.block import Block


class Layout:
    """The positions of a block's payloads. Valid until the block grows."""

    def __init__(self, block: Block) -> None:
        self._starts = block.starts
        self._ends = block.ends
        self._length = len(block.data)

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return the place of the entry whose payload contains these bytes, or -1.

        Also returns the offset at which a search continues: the next payload may begin there.
        """
        place = bisect_right(self._starts, start) - 1
        # If payloads are not in order, this place may be wrong, unless its payload has the bytes.
        if place >= 0 and self._starts[place] <= start and end <= self._ends[place]:
            return place, self._ends[place]
        return self._locate_anywhere(start, end)

    def entry_at(self, offset: int) -> tuple[int, int]:
        """Return the place of the entry whose payload has the byte, and where to continue."""
        return self.locate(offset, offset + 1)

    def _locate_anywhere(self, start: int, end: int) -> tuple[int, int]:
        order, starts = self._in_order
        rank = bisect_right(starts, start) - 1
        if rank >= 0 and end <= self._ends[order[rank]]:
            return order[rank], self._ends[order[rank]]
        return -1, starts[rank + 1] if rank + 1 < len(starts) else self._length

    @cached_property
    def _in_order(self) -> tuple[list[int], list[int]]:
        """The places in the order of their payloads, and where each payload starts."""
        starts, ends = self._starts, self._ends
        # An empty payload starts where another one does. It comes first, as it has no bytes.
        order = sorted(range(len(starts)), key=lambda place: (starts[place], ends[place]))
        return order, [starts[place] for place in order]


def region(block: Block, begin: int, end: int) -> tuple[int, int]:
    """Return the range of bytes that has the payloads at the places from `begin` to `end`."""
    if begin == 0 and end == len(block):
        return 0, len(block.data)
    return min(block.starts[begin:end]), max(block.ends[begin:end])
