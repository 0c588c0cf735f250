"""Which entries of a recording the timeline shows: those that match and were not removed."""

from __future__ import annotations

from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of
from spacebeam.search.filter import Filter, HasQuality, Quality
from spacebeam.search.highlights import has_highlights
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.matching.remaining import RemainingMatcher
from spacebeam.search.number_ranges import NumberRanges
from spacebeam.search.parser import parse
from spacebeam.wording.events import event_words


class Wanted:
    """A filter, filters of what is hidden, and the entries that were removed from the view."""

    def __init__(self) -> None:
        self.filter: Filter | None = None  # None: all entries
        self.hidden: tuple[Filter, ...] = ()  # what matches one of them is not shown
        self.removed = NumberRanges()

    @property
    def highlighted(self) -> Filter | None:
        """The filter, if its matches are highlighted."""
        return self.filter if self.filter is not None and has_highlights(self.filter) else None

    @property
    def asks_for_stars(self) -> bool:
        """Whether a star changes what is shown."""
        filters = self.hidden if self.filter is None else (self.filter, *self.hidden)
        asked = (one for filter_ in filters for one in filter_.conditions)
        return any(isinstance(one, HasQuality) and one.quality is Quality.STARRED for one in asked)

    @property
    def is_filtered(self) -> bool:
        """Whether the filter has a term."""
        return self.filter is not None and bool(self.filter.terms)

    def matcher(self, recording: Recording) -> Matcher | None:
        """Return a matcher of the wanted entries; None if all are."""
        if not self.removed and not self.hidden and not self.is_filtered:
            return None
        wanted, removed = self.filter or parse(""), self.removed
        return RemainingMatcher(
            removed, wanted, recording.stars, event_words, self.hidden, connection_of(recording)
        )
