"""The count above the timeline: recorded entries, and why some are not in the list."""

from __future__ import annotations

import pytest

from spacebeam.ui.timeline.timeline_model import count_words


@pytest.mark.parametrize(
    ("kept", "size", "gone", "shown", "held_back", "words"),
    [
        (0, 0, 0, 0, 0, ""),
        (1, 0, 0, 1, 0, "1 entry, 0 B"),
        (1200, 3482, 0, 1200, 0, "1,200 entries, 3.4 KiB"),
        (1200, 3482, 0, 0, 0, "1,200 entries, 3.4 KiB · 0 shown"),
        (1200, 3482, 0, 17, 0, "1,200 entries, 3.4 KiB · 17 shown"),
        (1200, 3482, 200, 1000, 0, "1,200 entries, 3.4 KiB · 200 discarded"),
        (1200, 3482, 200, 999, 0, "1,200 entries, 3.4 KiB · 200 discarded · 999 shown"),
        (1200, 3482, 0, 1000, 200, "1,200 entries, 3.4 KiB"),
        (
            1_200_000,
            3482,
            100_000,
            5,
            90_000,
            "1,200,000 entries, 3.4 KiB · 100,000 discarded · 5 shown",
        ),
    ],
)
def test_hidden_entries_are_counted_with_their_reason(
    kept: int, size: int, gone: int, shown: int, held_back: int, words: str
) -> None:
    assert count_words(kept, size, gone, shown, held_back) == words
