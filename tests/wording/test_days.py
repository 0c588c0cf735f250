"""The date of an entry with which a day begins."""

from __future__ import annotations

from datetime import datetime

from spacebeam.wording.days import new_day

LATE = datetime(2026, 11, 28, 23, 59, 59).timestamp()


def test_an_entry_of_another_day_has_a_date() -> None:
    assert new_day(LATE + 1, LATE) == "2026-11-29"
    assert new_day(LATE, LATE + 1) == "2026-11-28"  # the clock was set back


def test_an_entry_of_the_same_day_and_the_first_have_none() -> None:
    assert new_day(LATE + 2, LATE + 1) == ""
    assert new_day(LATE, None) == ""
