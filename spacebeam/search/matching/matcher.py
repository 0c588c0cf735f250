"""Finds the entries of a block that match a filter.

Terms are tested in the order of their cost, each on the entries that matched so far.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Set
from dataclasses import replace
from enum import IntEnum

from spacebeam.decode.decoder import Context
from spacebeam.recording.block import Block
from spacebeam.search.clock import microseconds
from spacebeam.search.filter import (
    Case,
    Condition,
    Decode,
    Filter,
    Gap,
    HasQuality,
    Json,
    Latency,
    Pair,
    Pattern,
    Quality,
    Size,
    TimeRange,
    Word,
    is_about_others,
    is_about_pairs,
    is_about_schema,
)
from spacebeam.search.matching import masks
from spacebeam.search.matching.columns import Test, daily_test, quality_test, size_test, time_test
from spacebeam.search.matching.event_text import EventText, with_event_text
from spacebeam.search.matching.gaps import GapTest
from spacebeam.search.matching.json_values import json_test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.pairs import latency_test, pair_test, unanswered_test
from spacebeam.search.matching.payload_values import DeepPayloads
from spacebeam.search.matching.text import PatternTest, word_test
from spacebeam.search.matching.violations import violation_test
from spacebeam.search.pair_index import PairIndex

_NO_CONNECTION = Context()


class _Cost(IntEnum):
    """The cost of a test, by what it reads."""

    RUN = 0
    ENTRY = 1
    BYTES = 2
    PATTERN = 3
    VALUE = 4
    CHECK = 5
    SEQUENCE = 6  # the last, as it is about the entries that match the other terms


class Matcher:
    """Matches the blocks of a recording against a filter.

    `starred` has the numbers of starred entries, and may change. `event_text` returns the sentence
    that words and regular expressions match in an event; without it, they match its payload. A
    filter without valid terms matches all entries.

    Entries that match any filter of `hidden` do not match. A hidden filter with an error hides
    nothing: its other terms alone would hide more than was meant.

    Of `connection`, decoders use the endpoint and the subprotocol, and `is:invalid` the schemas,
    without which it matches nothing. Conditions about questions and
    answers need `pairs`, without which they match nothing; the entries must be read there first.
    """

    def __init__(
        self,
        filter: Filter,
        starred: Set[int] = frozenset(),
        event_text: EventText | None = None,
        hidden: Iterable[Filter] = (),
        connection: Context = _NO_CONNECTION,
        pairs: PairIndex | None = None,
    ) -> None:
        self._pairs = pairs if filter.asks_for_pairs else None
        self._asks_for_unanswered = any(map(_is_unanswered, filter.conditions))
        self.unsearched = 0  # payloads that were too long or nested too deeply for a term, so far
        self._deep = DeepPayloads()  # of the block
        # A term that is written twice is tested once.
        terms = [one for one in dict.fromkeys(filter.terms) if not is_about_others(one.condition)]
        read_as = replace(connection, chosen=filter.decoder) if filter.decoder else connection
        ignores_case = filter.ignores_case
        compiled: list[tuple[_Cost, Test, bool]] = []
        # Together, as `after:23:59 before:00:01` is a span over midnight.
        if together := [one for one in terms if _is_daily(one.condition) and not one.is_negated]:
            compiled.append((_Cost.RUN, _daily_test(one.condition for one in together), False))
        for term in terms:
            if term in together:
                continue
            if is_about_pairs(term.condition):
                cost, test = _Cost.ENTRY, _pairs_test(term.condition, pairs, ignores_case)
            else:
                cost, test = _compile(term.condition, starred, self._deep, ignores_case, read_as)
            if event_text is not None and isinstance(term.condition, Word | Pattern):
                test = with_event_text(test, term.condition, event_text, ignores_case)
            compiled.append((cost, test, term.is_negated))
        compiled.sort(key=lambda one: one[0])
        self._tests: list[tuple[Test, bool]] = [one[1:] for one in compiled]
        self._gaps = sum(cost is _Cost.SEQUENCE for cost, _test, _is_negated in compiled)
        self._cost = max((cost for cost, _test, _is_negated in compiled), default=_Cost.RUN)
        hiding = [
            Matcher(one, starred, event_text, connection=connection, pairs=pairs)
            for one in hidden
            if not one.errors
        ]
        self._hiding = [one for one in hiding if one._tests]

    @property
    def needs_order(self) -> bool:
        """Whether blocks have to be matched from the first on: there is a `gap:` term."""
        return self._gaps > 0 or any(one.needs_order for one in self._hiding)

    @property
    def is_slow(self) -> bool:
        """Whether an entry may take microseconds, and a megabyte ten milliseconds."""
        return self._cost >= _Cost.PATTERN or any(one.is_slow for one in self._hiding)

    def prepare(self, length: int, seconds: float | None = None) -> int:
        """Read on in the index of pairs, for about `seconds`, if the filter is about pairs.

        Return up to which number, at most `length`, entries can be tested.
        """
        for one in (self, *self._hiding):
            pairs = one._pairs
            if pairs is not None:
                pairs.advance(seconds)
                # Which questions are answered is known at the end.
                is_ready = pairs.was_current or not one._asks_for_unanswered
                length = min(length, pairs.read_to if is_ready else 0)
        return length

    def mask(self, block: Block, begin: int = 0, end: int | None = None) -> Mask:
        """Return the mask of the entries at the places from `begin` to `end`."""
        return self.masks(block, begin, len(block) if end is None else end)[0]

    def masks(self, block: Block, begin: int, end: int) -> tuple[Mask, Mask | None]:
        """Return the mask of the matching entries and of the hidden ones; None: none are hidden."""
        hidden: Mask | None = None
        for one in self._hiding:
            mask = one.mask(block, begin, end)
            hidden = mask if hidden is None else masks.either(hidden, mask)
        return self._among(block, begin, end, hidden), hidden

    def quick_masks(self, block: Block, begin: int, end: int) -> tuple[Mask, Mask | None, int]:
        """Return the masks up to the first payload that takes long, and its place, or `end`."""
        deep = [one._deep for one in (self, *self._hiding)]
        for one in deep:
            one.is_postponing = True
        shown, hidden = self.masks(block, begin, end)
        stop = min((place for one in deep for place in one.postponed), default=end)
        for one in deep:
            one.is_postponing = False
            one.postponed.clear()
        return shown[: stop - begin], hidden and hidden[: stop - begin], stop

    def _among(self, block: Block, begin: int, stop: int, hidden: Mask | None) -> Mask:
        """Return the mask of the matching entries that are not hidden."""
        all_pass = passing = masks.all_pass(stop - begin)
        if hidden is not None and not self._gaps:
            passing = masks.inverted(hidden)
        for test, is_negated in self._tests[: len(self._tests) - self._gaps]:
            if not masks.passing(passing):
                break
            found = test(block, begin, stop, passing)
            found = masks.inverted(found) if is_negated else found
            passing = found if passing is all_pass else masks.both(passing, found)
        if self._gaps:
            passing = self._gaps_among(block, begin, stop, passing)
            if hidden is not None:
                passing = masks.both(passing, masks.inverted(hidden))
        if self._deep.unsearched:
            self.unsearched += len(self._deep.unsearched)
            self._deep.unsearched.clear()
        return passing

    def _gaps_among(self, block: Block, begin: int, stop: int, among: Mask) -> Mask:
        """Return the mask after the `gap:` terms: a hidden entry's number is not missing."""
        passing = among
        for test, is_negated in self._tests[-self._gaps :]:
            found = test(block, begin, stop, among)
            passing = masks.both(passing, masks.inverted(found) if is_negated else found)
        return passing

    def matches(self, block: Block, begin: int = 0, end: int | None = None) -> array[int]:
        """Return the places of the matching entries, from `begin` to `end`."""
        return masks.places(self.mask(block, begin, end), begin)


def _is_unanswered(condition: Condition) -> bool:
    return isinstance(condition, HasQuality) and condition.quality is Quality.UNANSWERED


def _pairs_test(condition: Condition, pairs: PairIndex | None, ignores_case: bool) -> Test:
    """Return the test of a condition about questions and answers."""
    match condition:
        case Latency(comparison=comparison, seconds=seconds):
            return latency_test(pairs, comparison, seconds)
        case Pair():
            return pair_test(pairs, condition, ignores_case)
    return unanswered_test(pairs)


def _is_daily(condition: Condition) -> bool:
    return isinstance(condition, TimeRange) and condition.moment.unix_time is None


def _daily_test(conditions: Iterable[Condition]) -> Test:
    """Return the test for entries that are within all times of day."""
    found = [one for one in conditions if isinstance(one, TimeRange)]
    after = [microseconds(one.moment.of_day) for one in found if one.is_after]
    before = [microseconds(one.moment.of_day) for one in found if not one.is_after]
    return daily_test(max(after, default=None), min(before, default=None))


def _compile(
    condition: Condition,
    starred: Set[int],
    deep: DeepPayloads,
    ignores_case: bool,
    connection: Context,
) -> tuple[_Cost, Test]:
    match condition:
        case Case() | Decode() | Latency() | Pair():
            raise AssertionError("it is compiled elsewhere")
        case HasQuality() if is_about_schema(condition):
            return _Cost.CHECK, violation_test(deep, connection)
        case HasQuality(quality=quality):
            return _Cost.RUN, quality_test(quality, starred)
        case TimeRange(is_after=is_after, moment=moment):
            when = moment.unix_time
            test = _daily_test((condition,)) if when is None else time_test(is_after, when)
            return _Cost.RUN, test
        case Size(comparison=comparison, size=size):
            return _Cost.ENTRY, size_test(comparison, size)
        case Word(word=word):
            return _Cost.BYTES, word_test(word, ignores_case)
        case Pattern(pattern=pattern, ignores_case=ignores_case):
            return _Cost.PATTERN, PatternTest(pattern, ignores_case)
        case Json():
            return _Cost.VALUE, json_test(condition, deep, ignores_case, connection)
        case Gap(path=path):
            return _Cost.SEQUENCE, GapTest(path, deep, connection)
