"""Sequences are aligned: what both have stays, with bounded work."""

from __future__ import annotations

import random
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import pytest

from spacebeam.compare.alignment import MAX_EDITS, Alignment, Run


def runs(before: Sequence[int], after: Sequence[int], max_work: int = 1_000_000) -> list[Run]:
    """Return the runs, which must cover both sequences and be as they say."""
    found = list(Alignment(max_work).runs(before, after))
    old: list[int] = []
    new: list[int] = []
    for is_same, one, other in found:
        assert one or other
        assert not is_same or [before[x] for x in one] == [after[y] for y in other]
        old += one
        new += other
    assert (old, new) == (list(range(len(before))), list(range(len(after))))
    flags = [one.is_same for one in found]
    assert all(one is not other for one, other in pairwise(flags))
    return found


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("abc", "abc", ["=abc"]),
        ("", "ab", ["+ab"]),
        ("ab", "", ["-ab"]),
        ("abc", "axc", ["=a", "-b+x", "=c"]),
        ("abcd", "xabcd", ["+x", "=abcd"]),
        ("abcabba", "cbabac", ["-ab", "=c", "+b", "=ab", "-b", "=a", "+c"]),
    ],
)
def test_runs(before: str, after: str, expected: list[str]) -> None:
    found = []
    for is_same, one, other in runs(list(map(ord, before)), list(map(ord, after))):
        old = "".join(before[x] for x in one)
        new = "".join(after[y] for y in other)
        found.append(f"={old}" if is_same else (old and f"-{old}") + (new and f"+{new}"))
    assert found == expected


def test_no_less_is_the_same_than_difflib_finds() -> None:
    chance = random.Random(7)
    for _ in range(300):
        before = [chance.randrange(6) for _ in range(chance.randrange(25))]
        after = [chance.randrange(6) for _ in range(chance.randrange(25))]
        same = sum(len(one.before) for one in runs(before, after) if one.is_same)
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
        assert same >= sum(block.size for block in blocks)


def test_unique_items_divide_what_needs_too_many_edits() -> None:
    before = [number for place in range(2000) for number in (place + 10, 1)]
    after = [number for place in range(2000) for number in (place + 10, 2)]
    assert MAX_EDITS < 2 * 2000
    found = runs(before, after)
    assert sum(len(one.before) for one in found if one.is_same) == 2000


@pytest.mark.parametrize("size", [20_000])
def test_the_work_is_bounded(size: int) -> None:
    chance = random.Random(1)
    before = [chance.randrange(2) for _ in range(size)]
    after = [chance.randrange(2, 4) for _ in range(size)]
    assert [one.is_same for one in runs(before, after)] == [False]
    mixed = [chance.randrange(2) for _ in range(size)]
    runs(before, mixed, max_work=1000)
