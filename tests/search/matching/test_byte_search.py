"""A byte search has the same results as `bytes.find`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.matching.byte_search import rare_search_function, search_function

LONG = 20_000


@given(st.binary(max_size=30), st.binary(min_size=1, max_size=3), st.data())
def test_a_search_finds_the_first_place_within_its_bounds(
    some: bytes, word: bytes, data: st.DataObject
) -> None:
    text = some + bytes(LONG) + some + word + some
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(0, len(text)))
    for search in (rare_search_function(text, word), rare_search_function(bytearray(text), word)):
        assert search(start, end) == text.find(word, start, end)
    assert search_function(text, word)(start, end) == text.find(word, start, end)


@pytest.mark.parametrize("word", [b"\x00", b"a\x00b", b"\xff\xfe"])
def test_any_byte_can_be_searched_for(word: bytes) -> None:
    text = b"x" * LONG + word
    assert rare_search_function(text, word)(0, len(text)) == LONG
    assert rare_search_function(text, word)(0, len(text) - 1) == -1


def test_a_search_retains_the_searched_bytes() -> None:
    search = rare_search_function(b"x" * LONG + b"needle", b"needle")
    others = [bytes([value]) * LONG for value in range(50)]
    assert search(0, LONG + 6) == LONG
    assert len(others) == 50
