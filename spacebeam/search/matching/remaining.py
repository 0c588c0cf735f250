"""Matches the entries that a person has not removed from the view."""

from __future__ import annotations

from collections.abc import Set

from spacebeam.recording.block import Block
from spacebeam.search.filter import Filter
from spacebeam.search.matching.event_text import EventText
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.number_ranges import NumberRanges


class RemainingMatcher(Matcher):
    """Matches as a filter does, without the entries whose numbers are in `removed`."""

    def __init__(
        self,
        removed: NumberRanges,
        filter: Filter,
        starred: Set[int] = frozenset(),
        event_text: EventText | None = None,
    ) -> None:
        super().__init__(filter, starred, event_text)
        self._removed = removed

    def mask(self, block: Block, begin: int = 0, end: int | None = None) -> Mask:
        stop = len(block) if end is None else end
        mask = super().mask(block, begin, stop)
        first = block.first + begin
        for low, high in self._removed.within(first, block.first + stop):
            mask = bytearray(mask)
            mask[low - first : high - first] = bytes(high - low)
        return mask
