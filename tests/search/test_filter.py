"""Terms as values, with their position in the filter."""

from __future__ import annotations

from datetime import date, datetime, time

from spacebeam.search.filter import ClockTime, HasQuality, Quality, Term, Word

NOON = datetime(2026, 11, 25, 12, 0).timestamp()


def test_terms_are_equal_if_their_conditions_are() -> None:
    quoted = Term(Word("a"), written='"a"', start=7)
    assert quoted == Term(Word("a"), written="a")
    assert {quoted} == {Term(Word("a"))}
    assert quoted != Term(Word("a"), is_negated=True)
    assert (str(quoted), quoted.end) == ('"a"', 10)


def test_conditions_of_different_kinds_are_not_equal() -> None:
    assert Term(Word("text")) != Term(HasQuality(Quality.TEXT))
    assert Term(Word("text")) != "text"


def test_a_time_of_day_is_of_every_day() -> None:
    assert ClockTime(time(9, 30, 0, 250_000)).unix_time is None


def test_a_dated_time_is_on_its_date() -> None:
    assert ClockTime(time(12), date(2026, 11, 25)).unix_time == NOON


def test_a_unix_time_is_unchanged() -> None:
    assert ClockTime(unix=1732500000.125).unix_time == 1732500000.125
