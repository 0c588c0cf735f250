"""Parses a place in a recording: a number, a time, first or last."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.search.jump import JumpError, JumpTo, parse_jump


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> float:
    """Unix time of a local time."""
    return datetime(2026, 3, day, hour, minute, second).timestamp()


BEGAN, ENDED = at(4, 12, 30, 20), at(4, 13, 0, 10)
NIGHT_BEGAN, NIGHT_ENDED = at(4, 23, 50), at(5, 8, 0)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", JumpTo(number=0)),
        ("12345", JumpTo(number=12344)),
        (" #12345 ", JumpTo(number=12344)),
        ("12,345", JumpTo(number=12344)),
        ("first", JumpTo(number=0)),
        ("Last", JumpTo(is_last=True)),
        ("12:45:05", JumpTo(time=at(4, 12, 45, 5))),
        ("12:45", JumpTo(time=at(4, 12, 45))),
        ("12:45:05.5", JumpTo(time=at(4, 12, 45, 5) + 0.5)),
        ("2026-03-04 12:45:05", JumpTo(time=at(4, 12, 45, 5))),
        ("2026-03-04T12:45", JumpTo(time=at(4, 12, 45))),
        ("12:30", JumpTo(time=BEGAN)),  # the minute in which it began
        ("13:00:10", JumpTo(time=ENDED)),
    ],
)
def test_a_place_is_parsed(text: str, wanted: JumpTo) -> None:
    assert parse_jump(text, BEGAN, ENDED, 20_000) == wanted


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("23:55", at(4, 23, 55)),
        ("07:00", at(5, 7)),
        ("0:00", at(5, 0)),
        ("2026-03-05 7:00", at(5, 7)),
    ],
)
def test_a_time_before_the_start_is_on_the_next_day(text: str, time: float) -> None:
    assert parse_jump(text, NIGHT_BEGAN, NIGHT_ENDED, 9) == JumpTo(time=time)


@pytest.mark.parametrize("text", ["2:20", "2026-10-25 2:20"])
def test_a_time_is_found_in_the_second_of_two_equal_hours(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Berlin")
        time.tzset()
        second = datetime(2026, 10, 25, 2, fold=1).timestamp()
        found = parse_jump(text, second + 600, second + 2100, 9)
    time.tzset()
    assert found == JumpTo(time=second + 1200)


def test_a_time_on_several_days_is_on_the_first() -> None:
    assert parse_jump("12:00", at(4, 13), at(9, 13), 9) == JumpTo(time=at(5, 12))
    assert parse_jump("14:00", at(4, 13), at(9, 13), 9) == JumpTo(time=at(4, 14))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a number, a time such as 12:30:05, first or last."),
        ("soon", "Type a number, a time such as 12:30:05, first or last."),
        ("-1", "Type a number, a time such as 12:30:05, first or last."),
        ("4 March 12:30", "Type a number, a time such as 12:30:05, first or last."),
        ("0", "Entries are numbered from 1 to 20,000."),
        ("20001", "Entries are numbered from 1 to 20,000."),
        ("25:00", "This time does not exist."),
        ("12:61", "This time does not exist."),
        ("2026-02-30 12:00", "This time does not exist."),
        ("12:29", "The entries are from 12:30:20 to 13:00:10."),
        ("13:01", "The entries are from 12:30:20 to 13:00:10."),
        ("2026-03-05 12:45", "The entries are from 12:30:20 to 13:00:10."),
    ],
)
def test_an_invalid_place_is_explained(text: str, words: str) -> None:
    with pytest.raises(JumpError) as caught:
        parse_jump(text, BEGAN, ENDED, 20_000)
    assert str(caught.value) == words


def test_the_explanation_names_days_of_a_long_recording() -> None:
    with pytest.raises(JumpError, match="2026-03-04 23:50:00 to 2026-03-05 08:00:00"):
        parse_jump("12:00", NIGHT_BEGAN, NIGHT_ENDED, 9)


def test_a_recording_of_no_or_one_entry_is_explained() -> None:
    with pytest.raises(JumpError, match="no entries yet"):
        parse_jump("1", 0.0, 0.0, 0)
    with pytest.raises(JumpError, match="only one entry"):
        parse_jump("2", BEGAN, BEGAN, 1)
    assert parse_jump("12:30:20", BEGAN, BEGAN, 1) == JumpTo(time=BEGAN)


@given(st.text(max_size=30) | st.from_regex(r"[0-9:#., T-]{0,25}", fullmatch=True))
def test_any_text_is_a_place_or_explained(text: str) -> None:
    found = explained = None
    try:
        found = parse_jump(text, BEGAN, ENDED, 20_000)
    except JumpError as error:
        explained = str(error)
    if found is None:
        assert explained
    else:
        is_number = found.number in range(20_000)
        assert found.is_last or is_number or BEGAN <= (found.time or 0) <= ENDED
