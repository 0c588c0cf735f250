"""A time without a date is meant of every day: what the rows show is what is found."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView


def recorded(*times: datetime) -> Recording:
    recording = Recording()
    for one in times:
        recording.append(single(one.timestamp(), Direction.RECEIVED, Kind.TEXT, b"x"))
    return recording


def found(recording: Recording, text: str) -> list[int]:
    filter = parse(text)
    assert not filter.errors
    view = FilteredView(recording, Matcher(filter))
    while not view.is_current:
        view.advance(1.0)
    return [view.number(place) for place in range(len(view))]


NIGHT = (
    datetime(2026, 11, 28, 23, 58),
    datetime(2026, 11, 28, 23, 59, 30),
    datetime(2026, 11, 29, 0, 0, 0, 100_000),
    datetime(2026, 11, 29, 0, 0, 1),
    datetime(2026, 11, 29, 0, 0, 2),
    datetime(2026, 11, 29, 23, 59, 59, 999_000),
    datetime(2026, 11, 30, 12, 0),
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("after:00:00:00 before:00:00:02", [2, 3]),
        ("after:23:59", [1, 5]),
        ("before:00:00:02", [2, 3]),
        ("after:23:59 before:00:00:01", [1, 2, 5]),
        ("before:00:00:01 after:23:59", [1, 2, 5]),
        ("after:00:00:00.1 before:00:00:00.101", [2]),
        ("after:12:00 before:12:00", []),
        ("-after:23:59", [0, 2, 3, 4, 6]),
        ("-before:12:00", [0, 1, 5, 6]),
        ("after:2026-11-29T00:00:00 before:00:00:02", [2, 3]),
        ("after:2026-11-29T00:00:00 before:2026-11-29T00:00:02", [2, 3]),
        ("before:2026-11-29", [0, 1]),
        ("-after:2026-11-29", [0, 1]),
    ],
)
def test_times_are_found_on_every_day(text: str, numbers: list[int]) -> None:
    assert found(recorded(*NIGHT), text) == numbers


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("berlin")
def test_an_hour_that_occurs_twice_is_found_twice() -> None:
    twice = datetime(2026, 10, 25, 2, 30)
    recording = recorded(twice, twice.replace(hour=2, minute=50), twice.replace(fold=1))
    assert found(recording, "after:02:20 before:02:40") == [0, 2]
    assert found(recording, "after:2026-10-25T02:40") == [1, 2]


@pytest.mark.usefixtures("berlin")
def test_a_date_with_an_hour_that_is_skipped_begins_after_it() -> None:
    recording = recorded(datetime(2026, 3, 29, 1, 59), datetime(2026, 3, 29, 3, 5))
    assert found(recording, "after:2026-03-29T02:30") == [1]
    assert found(recording, "after:02:00 before:03:00") == []
