"""Which of how many matches, told truly."""

from __future__ import annotations

import pytest

from spacebeam.ui.inspector.match_words import match_words


@pytest.mark.parametrize(
    ("current", "count", "is_done", "is_all", "is_whole", "words"),
    [
        (2, 17, True, True, True, "3 of 17 in this message"),
        (-1, 17, True, True, True, "17 in this message"),
        (2, 17, True, True, False, "3 of 17 in the part shown"),
        (2, 17, False, True, True, "3 of 17 so far"),
        (-1, 10_000, True, False, True, "the first 10,000 in this message"),
        (4, 10_000, True, False, True, "5 of the first 10,000 in this message"),
        (-1, 0, True, True, True, "No match in this view"),
        (-1, 0, True, True, False, "No match in the part shown"),
        (-1, 0, False, True, True, "Looking for matches…"),
    ],
)
def test_the_words_say_no_more_than_is_known(
    current: int, count: int, is_done: bool, is_all: bool, is_whole: bool, words: str
) -> None:
    said = match_words(current, count, is_done=is_done, is_all=is_all, is_whole=is_whole)
    assert said == words
