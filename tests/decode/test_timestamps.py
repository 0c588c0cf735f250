"""Times of any year, both ways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.timestamps import read_timestamp, written_timestamp


@pytest.mark.parametrize(
    ("seconds", "nanoseconds", "text"),
    [
        (0, 0, "1970-01-01T00:00:00Z"),
        (-1, 5, "1969-12-31T23:59:59.000000005Z"),
        (1767323045, 678_000_000, "2026-01-02T03:04:05.678Z"),
        (1099511627776, 0, "+036812-02-20T00:36:16Z"),
        (-(2**63), 0, "-292277022657-01-27T08:29:52Z"),
    ],
)
def test_times_are_written_and_read(seconds: int, nanoseconds: int, text: str) -> None:
    assert written_timestamp(seconds, nanoseconds) == text
    assert read_timestamp(text) == (seconds, nanoseconds)


@given(st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31), timezones=st.just(UTC)))
def test_times_are_those_of_the_library(time: datetime) -> None:
    text = written_timestamp(
        (time - datetime(1970, 1, 1, tzinfo=UTC)) // (datetime.resolution * 1_000_000),
        time.microsecond * 1000,
    )
    assert datetime.fromisoformat(text) == time


@given(st.integers(-(2**63), 2**63 - 1), st.integers(0, 10**9 - 1))
def test_any_time_comes_back(seconds: int, nanoseconds: int) -> None:
    assert read_timestamp(written_timestamp(seconds, nanoseconds)) == (seconds, nanoseconds)


def test_an_offset_is_taken_into_account() -> None:
    assert read_timestamp("2026-01-02T03:04:05+01:00") == read_timestamp("2026-01-02T02:04:05Z")


@pytest.mark.parametrize(
    "text",
    ["", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01", "2026-13-01T00:00:00Z"],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|day"):
        read_timestamp(text)
