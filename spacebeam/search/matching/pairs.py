"""Tests of questions and answers, which read the columns of an index of pairs."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.recording.block import Block
from spacebeam.search.filter import Comparison, Pair
from spacebeam.search.matching.columns import COMPARISONS, Test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.pair_index import IS_QUESTION, PairIndex


def unanswered_test(pairs: PairIndex | None) -> Test:
    """Return the test for questions without an answer so far; without `pairs`, for nothing."""

    def passes(pairs: PairIndex, row: int) -> bool:
        return pairs.flags[row] & IS_QUESTION and not pairs.others[row]  # type: ignore[return-value]

    return _test(pairs, passes)


def latency_test(pairs: PairIndex | None, comparison: Comparison, limit: float) -> Test:
    """Return the test for the latencies of first answers in seconds."""
    compare = COMPARISONS[comparison]

    def passes(pairs: PairIndex, row: int) -> bool:
        latency = pairs.latencies[row]
        return latency >= 0 and not pairs.flags[row] & IS_QUESTION and compare(limit, latency)

    return _test(pairs, passes)


def pair_test(pairs: PairIndex | None, condition: Pair, ignores_case: bool) -> Test:
    """Return the test for the questions with a name, or in an entry, and their answers."""
    if condition.number is not None:
        number = condition.number

        def is_of_entry(pairs: PairIndex, row: int) -> bool:
            is_question = pairs.flags[row] & IS_QUESTION
            question = pairs.numbers[row] if is_question else pairs.others[row] - 1
            return question == number

        return _test(pairs, is_of_entry)

    known: tuple[int, frozenset[int]] = (0, frozenset())  # the number of names, and those like it

    def has_name(pairs: PairIndex, row: int) -> bool:
        nonlocal known
        if known[0] != pairs.name_count:
            like = pairs.names_like(condition.name, ignores_case=ignores_case)
            known = pairs.name_count, like
        return pairs.names[row] in known[1]

    return _test(pairs, has_name)


def _test(pairs: PairIndex | None, passes: Callable[[PairIndex, int], bool]) -> Test:
    """Return the test for entries of which a row passes."""

    def test(block: Block, begin: int, end: int, _among: Mask) -> Mask:
        mask = bytearray(end - begin)
        if pairs is not None:
            first = block.first + begin
            for row in pairs.rows(first, block.first + end):
                if passes(pairs, row):
                    mask[pairs.numbers[row] - first] = 1
        return mask

    return test
