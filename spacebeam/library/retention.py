"""The retention policy, and the recordings that have expired under it."""

from __future__ import annotations

from collections.abc import Iterable

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.library.retention_policy import RetentionPolicy as RetentionPolicy

DAY_S = 86_400.0


def expired(
    recordings: Iterable[RecordingInfo], policy: RetentionPolicy, now: float
) -> list[RecordingInfo]:
    """Return the recordings to remove at the Unix time `now`, the oldest first.

    Starred recordings do not expire or count towards the size. Open recordings do not expire, and
    neither do damaged ones: they may be files of another program. The newest recording does not
    expire by its size.
    """
    counted = sorted(
        (
            one
            for one in recordings
            if not one.is_starred and one.state is not RecordingState.DAMAGED
        ),
        key=lambda one: one.ended,
    )
    size, newest = sum(one.size for one in counted), counted[-1] if counted else None
    removed = []
    for one in counted:
        is_too_large = policy.max_size is not None and size > policy.max_size
        is_expired = _is_old(one, policy, now) or (is_too_large and one is not newest)
        if is_expired and not _is_in_use(one):
            size -= one.size
            removed.append(one)
    return removed


def _is_in_use(one: RecordingInfo) -> bool:
    return one.is_open or one.state is RecordingState.BEING_WRITTEN


def _is_old(one: RecordingInfo, policy: RetentionPolicy, now: float) -> bool:
    return policy.max_age is not None and now - one.ended > policy.max_age * DAY_S
