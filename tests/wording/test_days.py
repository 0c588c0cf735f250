"""The date of an entry with which a day begins."""

from __future__ import annotations

from datetime import datetime

import pytest

from spacebeam.wording.days import ago_words, new_day

LATE = datetime(2026, 11, 28, 23, 59, 59).timestamp()


def test_an_entry_of_another_day_has_a_date() -> None:
    assert new_day(LATE + 1, LATE) == "2026-11-29"
    assert new_day(LATE, LATE + 1) == "2026-11-28"  # the clock was set back


def test_an_entry_of_the_same_day_and_the_first_have_none() -> None:
    assert new_day(LATE + 2, LATE + 1) == ""
    assert new_day(LATE, None) == ""


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "just now"),
        (-5, "just now"),
        (61, "1 minute ago"),
        (600, "10 minutes ago"),
        (3 * 3600, "3 hours ago"),
        (24 * 3600, "yesterday"),
        (9 * 24 * 3600, "9 days ago"),
        (90 * 24 * 3600, "2023-08-16"),
    ],
)
def test_how_long_ago_something_was(seconds: float, expected: str) -> None:
    now = datetime(2023, 11, 14, 22).timestamp()
    assert ago_words(now - seconds, now) == expected
