"""Matches the entries that a person has not removed from the view."""

from __future__ import annotations

from collections.abc import Iterable, Set

from spacebeam.decode.decoder import Context
from spacebeam.recording.block import Block
from spacebeam.search.filter import Filter
from spacebeam.search.matching.event_text import EventText
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.pair_index import PairIndex

_NO_CONNECTION = Context()


class RemainingMatcher(Matcher):
    """Matches as a filter does, without the entries whose numbers are in `removed`."""

    def __init__(
        self,
        removed: NumberRanges,
        filter: Filter,
        starred: Set[int] = frozenset(),
        event_text: EventText | None = None,
        hidden: Iterable[Filter] = (),
        connection: Context = _NO_CONNECTION,
        pairs: PairIndex | None = None,
    ) -> None:
        super().__init__(filter, starred, event_text, hidden, connection, pairs)
        self._removed = removed

    def masks(self, block: Block, begin: int, end: int) -> tuple[Mask, Mask | None]:
        mask, hidden = super().masks(block, begin, end)
        first = block.first + begin
        for low, high in self._removed.within(first, block.first + end):
            mask = bytearray(mask)
            mask[low - first : high - first] = bytes(high - low)
        return mask, hidden
