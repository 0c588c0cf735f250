"""Which entries of a recording the timeline shows: those that match and were not removed."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.highlights import has_highlights
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.matching.remaining import RemainingMatcher
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.pair_index import PairIndex
from spacebeam.search.parser import parse
from spacebeam.wording.events import event_words


class Wanted:
    """A filter, filters of what is hidden, and the entries that were removed from the view."""

    def __init__(self) -> None:
        self.filter: Filter | None = None  # None: all entries
        self.hidden: tuple[Filter, ...] = ()  # what matches one of them is not shown
        self.removed = NumberRanges()
        self.pairs: Callable[[Recording], PairIndex] = PairIndex  # of a recording

    @property
    def highlighted(self) -> Filter | None:
        """The filter, if its matches are highlighted."""
        return self.filter if self.filter is not None and has_highlights(self.filter) else None

    def asks_for(self, quality: Quality) -> bool:
        """Return whether an entry that gains or loses a quality changes what is shown."""
        filters = self.hidden if self.filter is None else (self.filter, *self.hidden)
        asked = (one for filter_ in filters for one in filter_.conditions)
        return any(isinstance(one, HasQuality) and one.quality is quality for one in asked)

    @property
    def asks_for_pairs(self) -> bool:
        """Whether what is shown depends on questions and answers."""
        filters = self.hidden if self.filter is None else (self.filter, *self.hidden)
        return any(one.asks_for_pairs for one in filters)

    @property
    def is_filtered(self) -> bool:
        """Whether the filter has a term."""
        return self.filter is not None and bool(self.filter.terms)

    def matcher(self, recording: Recording) -> Matcher | None:
        """Return a matcher of the wanted entries; None if all are."""
        if not self.removed and not self.hidden and not self.is_filtered:
            return None
        wanted, connection = self.filter or parse(""), connection_of(recording)
        pairs = self.pairs(recording) if self.asks_for_pairs else None
        return RemainingMatcher(
            self.removed, wanted, recording.stars, event_words, self.hidden, connection, pairs
        )
