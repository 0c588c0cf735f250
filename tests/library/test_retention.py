"""Which recordings go: the old, then the oldest; never a starred one, nor one in use."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention import DAY_S, RetentionPolicy, expired

NOW = 1_700_000_000.0
FOREVER = RetentionPolicy(None, None)


def kept(
    days: float, size: int = 10, state: RecordingState = RecordingState.COMPLETE, **more: Any
) -> RecordingInfo:
    """One that ended so many days ago."""
    return RecordingInfo(Path(f"{days}.beam"), state, size, ended=NOW - days * DAY_S, **more)


def ages(found: list[RecordingInfo]) -> list[str]:
    return [one.path.stem for one in found]


def gone(keeping: RetentionPolicy, *every: RecordingInfo) -> list[str]:
    return ages(expired(every, keeping, NOW))


def test_without_limits_all_stay() -> None:
    assert gone(FOREVER, kept(10_000, 10**15)) == []


def test_without_recordings_nothing_goes() -> None:
    assert gone(RetentionPolicy()) == []


def test_what_is_older_than_the_age_goes_the_oldest_first() -> None:
    assert gone(RetentionPolicy(30, None), kept(29.9), kept(30.1), kept(40)) == ["40", "30.1"]


def test_the_oldest_go_until_the_rest_fits() -> None:
    every = kept(1), kept(4), kept(3), kept(2)
    assert gone(RetentionPolicy(None, 40), *every) == []
    assert gone(RetentionPolicy(None, 39), *every) == ["4"]
    assert gone(RetentionPolicy(None, 20), *every) == ["4", "3"]


def test_what_goes_by_age_makes_room() -> None:
    assert gone(RetentionPolicy(30, 20), kept(1), kept(2), kept(31)) == ["31"]


def test_the_newest_is_never_too_large() -> None:
    assert gone(RetentionPolicy(None, 5), kept(1), kept(2)) == ["2"]
    assert gone(RetentionPolicy(None, 5), kept(1)) == []


def test_a_starred_one_stays_and_does_not_count() -> None:
    assert gone(RetentionPolicy(30, 20), kept(90, 10**9, is_starred=True), kept(1), kept(2)) == []


@pytest.mark.parametrize(
    "used",
    [{"is_open": True}, {"state": RecordingState.BEING_WRITTEN}, {"state": RecordingState.DAMAGED}],
)
def test_what_is_in_use_or_cannot_be_read_stays(used: dict[str, Any]) -> None:
    assert gone(RetentionPolicy(30, 1), kept(90, **used)) == []


def test_one_that_is_being_written_takes_the_room_of_others() -> None:
    live = kept(0, 100, RecordingState.BEING_WRITTEN)
    assert gone(RetentionPolicy(None, 50), live, kept(1), kept(2)) == ["2", "1"]


def test_one_that_ended_abruptly_goes_as_others_do() -> None:
    assert gone(RetentionPolicy(30, None), kept(31, state=RecordingState.ENDED_ABRUPTLY)) == ["31"]


def test_many_are_decided_on_at_once() -> None:
    every = [kept(31 + number) for number in range(20_000)]
    began = time.process_time()
    assert len(gone(RetentionPolicy(30, 0), *every)) == 20_000
    assert time.process_time() - began < 3


@given(
    st.lists(
        st.builds(
            kept,
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
def test_none_goes_that_must_stay_and_the_rest_fits(
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
