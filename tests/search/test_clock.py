"""Local times, also where the clocks change."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from datetime import time as time_of_day

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.search.clock import DayClock, microseconds, unix_time, unix_times

SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@given(st.floats(0, 4e9))
def test_a_time_of_day_is_what_a_row_shows(when: float) -> None:
    assert DayClock().at(when) == microseconds(datetime.fromtimestamp(when).time())


@pytest.mark.usefixtures("berlin")
def test_the_time_of_day_follows_the_clocks() -> None:
    clock, midnight = DayClock(), datetime(2026, 10, 25).timestamp()
    shown = [clock.at(midnight + hour * 3600) // 3_600_000_000 for hour in range(5)]
    assert shown == [0, 1, 2, 2, 3]


@pytest.mark.usefixtures("berlin")
def test_an_hour_that_occurs_twice_is_the_first() -> None:
    midnight = datetime(2026, 10, 25).timestamp()
    assert unix_time(AUTUMN, time_of_day(2, 30)) == midnight + 2.5 * 3600


@pytest.mark.usefixtures("berlin")
def test_a_time_of_an_hour_that_occurs_twice_has_two_moments() -> None:
    first = datetime(2026, 10, 25).timestamp() + 2.5 * 3600
    assert unix_times(AUTUMN, time_of_day(2, 30)) == [first, first + 3600]
    assert unix_times(AUTUMN, time_of_day(4)) == [first + 2.5 * 3600]
    assert len(unix_times(SPRING, time_of_day(2, 30))) == 1


@pytest.mark.usefixtures("berlin")
def test_an_hour_that_is_skipped_is_the_moment_of_the_skip() -> None:
    midnight = datetime(2026, 3, 29).timestamp()
    assert unix_time(SPRING, time_of_day(2, 30)) == midnight + 2 * 3600
    assert unix_time(SPRING, time_of_day(3)) == midnight + 2 * 3600
