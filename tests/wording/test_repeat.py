"""A repetition's progress and end in words."""

from __future__ import annotations

import pytest

from spacebeam.wording.repeat import repeat_end_words, repeat_words


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ((12, 100, 0), "12 of 100 sent"),
        ((1200, None, 0), "1,200 sent"),
        ((12, 100, 3), "12 of 100 sent, 3 skipped"),
        ((0, None, 1000), "0 sent, 1,000 skipped"),
    ],
)
def test_progress_has_its_goal_and_what_was_skipped(
    progress: tuple[int, int | None, int], words: str
) -> None:
    assert repeat_words(*progress) == words


def test_an_early_end_says_why() -> None:
    assert repeat_end_words(None) == "Repeating ended with the connection."
    assert repeat_end_words(30) == "Repeating ended: the server has not read for 30 s."
