"""Matching whole blocks has the same results as matching each entry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch, Kind
from spacebeam.recording.recording import Recording
from spacebeam.search.filter import Filter
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from tests.support.filtering import batch, batches, passes, texts

TERMS = (
    "need",
    "NeedLE",
    "needle",
    "e",
    "É",
    "Né",
    "case:yes",
    "case:no",
    "json:b~NEED",
    '"d b"',
    '""',
    "/need/",
    "/need[a-z]*[0-9]/",
    "/NEED/i",
    "/^need$/",
    r"/\bneed\b/",
    r"/\Aneed|d\z/",
    "/^$/",
    "/a*/",
    "/a+b/",
    "/n.*d/",
    "/(?s)e.*n/",
    r"/need\B/",
    "/[^n]eed|é/",
    *(f"is:{name}" for name in ("sent", "received", "text", "binary", "ping", "pong", "close")),
    "is:event",
    "is:starred",
    "size>4",
    "size>=4",
    "size<4",
    "size<=4",
    "size=4",
    "after:@1700000000",
    "before:@1700000001.5",
    "json:a",
    "json:b",
    "json:a=10",
    "json:b=need",
    'json:a="10"',
    "json:b.c=need",
    "json:b~need",
    "json:a~1",
    "json:a~Inf",
    "json:b[1]=true",
    "json:[*].a=need",
    "json:a[*].b=1",
    "json:a[*].b=true",
    "json:[*].a",
    "json:length(@)=2",
)
FILTERS = st.lists(
    st.tuples(st.sampled_from(("", "-")), st.sampled_from(TERMS))
    .map("".join)
    .filter(lambda term: not term.startswith("-case:")),
    max_size=3,
).map(lambda terms: parse(" ".join(terms)))


def recorded(given: list[Batch]) -> Recording:
    recording = Recording()
    for one in given:
        recording.append(one)
    return recording


@given(
    st.lists(batches(), min_size=1, max_size=6),
    st.lists(FILTERS, min_size=1, max_size=6),
    st.sets(st.integers(0, 20)),
    st.data(),
)
def test_a_block_matches_like_each_of_its_entries(
    given: list[Batch], filters: list[Filter], starred: set[int], data: st.DataObject
) -> None:
    recording = recorded(given)
    for filter in filters:
        assert not filter.errors
        matcher = Matcher(filter, starred)
        for index in range(recording.block_count):
            block = recording.block(index)
            begin = data.draw(st.integers(0, len(block)))
            end = data.draw(st.integers(begin, len(block)))
            for first, last in ((0, len(block)), (begin, end)):
                expected = [
                    place
                    for place in range(first, last)
                    if passes(filter, block.entry(place), starred)
                ]
                assert list(matcher.matches(block, first, last)) == expected, filter.text


def test_an_invalid_term_matches_everything() -> None:
    block = texts(b"one", b"two")
    assert list(Matcher(parse("size>abc")).matches(block)) == [0, 1]
    assert list(Matcher(parse("size>abc two")).matches(block)) == [1]


def test_changed_stars_are_matched() -> None:
    starred: set[int] = set()
    matcher = Matcher(parse("is:starred"), starred)
    block = texts(b"one", b"two")
    assert list(matcher.matches(block)) == []
    starred.add(1)
    assert list(matcher.matches(block)) == [1]


def test_places_in_a_full_block_have_two_bytes() -> None:
    recording = recorded([batch([(Kind.TEXT, b"xy")] * 65_535 + [(Kind.TEXT, b"z")])])
    found = Matcher(parse("z")).matches(recording.block(0))
    assert (list(found), found.itemsize) == ([65_535], 2)


@pytest.mark.parametrize(
    ("text", "is_slow"), [("a is:sent", False), ("a /b/", True), ("json:a", True)]
)
def test_a_slow_filter_is_known(text: str, is_slow: bool) -> None:
    assert Matcher(parse(text)).is_slow is is_slow
