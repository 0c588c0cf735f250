"""The number of the current match and of all matches, in words."""

from __future__ import annotations

import pytest

from spacebeam.ui.inspector.match_words import match_words


@pytest.mark.parametrize(
    ("current", "count", "is_done", "is_all", "is_whole", "words"),
    [
        (2, 17, True, True, True, "3 of 17 in this message"),
        (-1, 17, True, True, True, "17 in this message"),
        (2, 17, True, True, False, "3 of 17 in the part shown"),
        (2, 17, False, True, True, "3 of 17 so far, 43%"),
        (-1, 10_000, True, False, True, "the first 10,000 in this message"),
        (4, 10_000, True, False, True, "5 of the first 10,000 in this message"),
        (-1, 0, True, True, True, "No match in this view"),
        (-1, 0, True, True, False, "No match in the part shown"),
        (-1, 0, False, True, True, "Looking for matches… 43%"),
    ],
)
def test_the_words_tell_a_partial_count_from_a_complete_one(
    current: int, count: int, is_done: bool, is_all: bool, is_whole: bool, words: str
) -> None:
    said = match_words(
        current,
        count,
        is_done=is_done,
        is_all=is_all,
        is_whole=is_whole,
        progress=1 if is_done else 0.439,
    )
    assert said == words


@pytest.mark.parametrize(
    ("count", "words"), [(0, "No match in the first 43%"), (17, "3 of 17 in the first 43%")]
)
def test_a_stopped_search_says_how_much_was_searched(count: int, words: str) -> None:
    current = 2 if count else -1
    said = match_words(current, count, is_done=True, is_all=True, is_whole=True, progress=0.439)
    assert said == words
