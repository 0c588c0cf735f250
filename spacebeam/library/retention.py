"""How long recordings are kept, and which are to go: decided here, done elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacebeam.library.recording_info import RecordingInfo, RecordingState

DAY = 86_400.0  # seconds
GIB = 2**30  # bytes


@dataclass(frozen=True, slots=True)
class RetentionPolicy:
    """For how long, and how much of them together; None for without an end."""

    max_age: int | None = 30  # days since they ended
    max_size: int | None = 10 * GIB  # bytes


def expired(
    kept: Iterable[RecordingInfo], keeping: RetentionPolicy, now: float
) -> list[RecordingInfo]:
    """Which recordings go at the Unix time `now`, the oldest first.

    Starred ones stay, and do not count for the size. What is being written or open stays, and so
    does what cannot be read: it may be another program's. The newest is never too large to stay.
    """
    counted = sorted(
        (one for one in kept if not one.is_starred and one.state is not RecordingState.DAMAGED),
        key=lambda one: one.ended,
    )
    size, newest = sum(one.size for one in counted), counted[-1] if counted else None
    gone = []
    for one in counted:
        is_too_much = keeping.max_size is not None and size > keeping.max_size
        is_to_go = _is_old(one, keeping, now) or (is_too_much and one is not newest)
        if is_to_go and not _is_in_use(one):
            size -= one.size
            gone.append(one)
    return gone


def _is_in_use(one: RecordingInfo) -> bool:
    return one.is_open or one.state is RecordingState.BEING_WRITTEN


def _is_old(one: RecordingInfo, keeping: RetentionPolicy, now: float) -> bool:
    return keeping.max_age is not None and now - one.ended > keeping.max_age * DAY
