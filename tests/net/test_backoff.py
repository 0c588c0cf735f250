"""The wait before each attempt, the number of attempts, and the close reasons that allow one."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.net.backoff import AttemptSeries, Backoff, may_come_back
from spacebeam.net.close_reason import CloseCause, CloseReason, closed, refused
from spacebeam.protocol.batch import Direction
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError


def test_waits_double_up_to_the_longest() -> None:
    waits = [Backoff().delay(attempt, 0.0) for attempt in range(1, 11)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_jitter_shortens_a_wait() -> None:
    assert [Backoff().delay(3, chance) for chance in (0.0, 0.5, 1.0)] == [2.0, 1.5, 1.0]
    assert Backoff(jitter=1).delay(3, 1.0) == 0
    assert Backoff(jitter=0).delay(3, 1.0) == 2


@given(st.integers(1, 100_000), st.floats(0, 1))
def test_no_wait_exceeds_the_longest(attempt: int, chance: float) -> None:
    assert 0 < Backoff().delay(attempt, chance) <= 30


def test_a_factor_of_one_waits_the_same_each_time() -> None:
    assert Backoff(first=2, factor=1).delay(99, 0.0) == 2


def test_attempts_are_counted_and_end() -> None:
    series = AttemptSeries(Backoff(attempts=3))
    assert [series.next(0.0) for _ in range(4)] == [0.5, 1, 2, None]
    assert series.attempt == 3


def test_zero_attempts_means_unlimited() -> None:
    assert Backoff(attempts=0).allows(10**9)


def test_only_a_long_connection_resets_the_count() -> None:
    series = AttemptSeries(Backoff())
    series.next(0.0)
    series.next(0.0)
    series.lasted(29.9)
    assert series.next(0.0) == 2
    series.lasted(30.0)
    assert series.next(0.0) == 0.5
    assert series.attempt == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": -1},
        {"first": 0},
        {"first": -1},
        {"first": 31},
        {"factor": 0.9},
        {"longest": math.inf},
        {"first": math.nan},
        {"jitter": 1.1},
        {"jitter": -0.1},
    ],
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Backoff(**wrong)


@pytest.mark.parametrize(
    ("ending", "comes_back"),
    [
        (CloseReason(CloseCause.STREAM_CLOSED), True),
        (closed(CloseCode.GOING_AWAY, "", Direction.RECEIVED), True),
        (closed(CloseCode.NORMAL, "", Direction.RECEIVED), True),
        (closed(CloseCode.NORMAL, "", Direction.SENT), False),
        (CloseReason(CloseCause.CLOSE_UNANSWERED, closed_by=Direction.SENT), False),
        (refused(ProtocolError(CloseCode.PROTOCOL_ERROR, "a masked frame"), 9), False),
        (refused(ProtocolError(CloseCode.INVALID_PAYLOAD, "not UTF-8"), 9), False),
        (refused(ProtocolError(CloseCode.MESSAGE_TOO_BIG, "too big"), 9), False),
    ],
)
def test_a_connection_closed_by_this_side_is_not_reconnected(
    ending: CloseReason, comes_back: bool
) -> None:
    assert may_come_back(ending) is comes_back
