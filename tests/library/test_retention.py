"""Expired recordings: by age, then by size; never starred ones or those in use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention import DAY_S, RetentionPolicy, expired
from tests.support.cost import executed_lines

NOW = 1_700_000_000.0
FOREVER = RetentionPolicy(None, None)


def recording(
    days: float, size: int = 10, state: RecordingState = RecordingState.COMPLETE, **more: Any
) -> RecordingInfo:
    """Return the info of a recording that ended `days` ago."""
    return RecordingInfo(Path(f"{days}.beam"), state, size, ended=NOW - days * DAY_S, **more)


def ages(found: list[RecordingInfo]) -> list[str]:
    return [one.path.stem for one in found]


def expired_ages(keeping: RetentionPolicy, *every: RecordingInfo) -> list[str]:
    return ages(expired(every, keeping, NOW))


def test_without_limits_nothing_expires() -> None:
    assert expired_ages(FOREVER, recording(10_000, 10**15)) == []


def test_without_recordings_nothing_expires() -> None:
    assert expired_ages(RetentionPolicy()) == []


def test_recordings_over_the_age_expire_the_oldest_first() -> None:
    assert expired_ages(
        RetentionPolicy(30, None), recording(29.9), recording(30.1), recording(40)
    ) == ["40", "30.1"]


def test_the_oldest_expire_until_the_size_is_within_the_limit() -> None:
    every = recording(1), recording(4), recording(3), recording(2)
    assert expired_ages(RetentionPolicy(None, 40), *every) == []
    assert expired_ages(RetentionPolicy(None, 39), *every) == ["4"]
    assert expired_ages(RetentionPolicy(None, 20), *every) == ["4", "3"]


def test_recordings_expired_by_age_do_not_count() -> None:
    assert expired_ages(RetentionPolicy(30, 20), recording(1), recording(2), recording(31)) == [
        "31"
    ]


def test_the_newest_recording_is_never_too_large() -> None:
    assert expired_ages(RetentionPolicy(None, 5), recording(1), recording(2)) == ["2"]
    assert expired_ages(RetentionPolicy(None, 5), recording(1)) == []


def test_a_starred_recording_stays_and_does_not_count() -> None:
    assert (
        expired_ages(
            RetentionPolicy(30, 20),
            recording(90, 10**9, is_starred=True),
            recording(1),
            recording(2),
        )
        == []
    )


@pytest.mark.parametrize(
    "used",
    [{"is_open": True}, {"state": RecordingState.BEING_WRITTEN}, {"state": RecordingState.DAMAGED}],
)
def test_recordings_in_use_or_damaged_stay(used: dict[str, Any]) -> None:
    assert expired_ages(RetentionPolicy(30, 1), recording(90, **used)) == []


def test_the_size_of_a_recording_being_written_counts() -> None:
    live = recording(0, 100, RecordingState.BEING_WRITTEN)
    assert expired_ages(RetentionPolicy(None, 50), live, recording(1), recording(2)) == ["2", "1"]


def test_an_incomplete_recording_expires_like_others() -> None:
    assert expired_ages(
        RetentionPolicy(30, None), recording(31, state=RecordingState.ENDED_ABRUPTLY)
    ) == ["31"]


def test_the_cost_of_many_recordings_is_linear() -> None:
    def cost(count: int) -> int:
        every = [recording(31 + number) for number in range(count)]

        def decide() -> None:
            assert len(expired(every, RetentionPolicy(30, 0), NOW)) == count

        return executed_lines(decide)

    assert cost(10_000) < 11 * cost(1000)


@given(
    st.lists(
        st.builds(
            recording,
            st.integers(0, 60),
            st.integers(0, 50),
            st.sampled_from(RecordingState),
            is_starred=st.booleans(),
            is_open=st.booleans(),
        ),
        max_size=12,
    ),
    st.one_of(st.none(), st.integers(0, 60)),
    st.one_of(st.none(), st.integers(0, 200)),
)
def test_any_expired_recordings_are_allowed_to_go_and_the_rest_fits(
    every: list[RecordingInfo], days: int | None, size: int | None
) -> None:
    found = expired(every, RetentionPolicy(days, size), NOW)
    for one in found:
        assert (one.is_starred, one.is_open) == (False, False)
        assert one.state in (RecordingState.COMPLETE, RecordingState.ENDED_ABRUPTLY)
    stays = [one for one in every if one not in found]
    free = [
        one
        for one in stays
        if not (one.is_starred or one.is_open)
        and one.state in (RecordingState.COMPLETE, RecordingState.ENDED_ABRUPTLY)
    ]
    if days is not None:
        assert all(one.ended >= NOW - days * DAY_S for one in free)
    counted = [
        one for one in stays if not one.is_starred and one.state is not RecordingState.DAMAGED
    ]
    if size is not None and len(free) > 1:
        assert sum(one.size for one in counted) <= size
