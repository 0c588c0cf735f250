"""A search finds what `bytes.find` finds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.matching.byte_search import searching, searching_rare

LONG = 20_000


@given(st.binary(max_size=30), st.binary(min_size=1, max_size=3), st.data())
def test_a_search_finds_the_first_place_within_its_bounds(
    some: bytes, word: bytes, data: st.DataObject
) -> None:
    text = some + bytes(LONG) + some + word + some
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(0, len(text)))
    for search in (searching_rare(text, word), searching_rare(bytearray(text), word)):
        assert search(start, end) == text.find(word, start, end)
    assert searching(text, word)(start, end) == text.find(word, start, end)


@pytest.mark.parametrize("word", [b"\x00", b"a\x00b", b"\xff\xfe"])
def test_any_byte_may_be_looked_for(word: bytes) -> None:
    text = b"x" * LONG + word
    assert searching_rare(text, word)(0, len(text)) == LONG
    assert searching_rare(text, word)(0, len(text) - 1) == -1


def test_a_search_keeps_what_it_searches() -> None:
    search = searching_rare(b"x" * LONG + b"needle", b"needle")
    others = [bytes([value]) * LONG for value in range(50)]
    assert search(0, LONG + 6) == LONG
    assert len(others) == 50
