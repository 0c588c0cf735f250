"""How long recordings are kept, and which are to go: decided here, done elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacebeam.library.kept import Kept, State

DAY = 86_400.0  # seconds
GIB = 2**30  # bytes


@dataclass(frozen=True, slots=True)
class Keeping:
    """For how long, and how much of them together; None for without an end."""

    max_age: int | None = 30  # days since they ended
    max_size: int | None = 10 * GIB  # bytes


def to_be_removed(kept: Iterable[Kept], keeping: Keeping, now: float) -> list[Kept]:
    """Which recordings go at the Unix time `now`, the oldest first.

    Starred ones stay, and do not count for the size. What is being written or open stays, and so
    does what cannot be read: it may be another program's. The newest is never too large to stay.
    """
    counted = sorted(
        (one for one in kept if not one.is_starred and one.state is not State.DAMAGED),
        key=lambda one: one.ended,
    )
    removable = [one for one in counted if not _is_in_use(one)]
    gone = [one for one in removable if _is_old(one, keeping, now)]
    if keeping.max_size is not None:
        rest = [one for one in removable if one not in gone and one is not counted[-1]]
        size = sum(one.size for one in counted) - sum(one.size for one in gone)
        while rest and size > keeping.max_size:
            size -= rest[0].size
            gone.append(rest.pop(0))
    return gone


def _is_in_use(one: Kept) -> bool:
    return one.is_open or one.state is State.BEING_WRITTEN


def _is_old(one: Kept, keeping: Keeping, now: float) -> bool:
    return keeping.max_age is not None and now - one.ended > keeping.max_age * DAY
