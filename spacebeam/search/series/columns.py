"""Divides a chart's time into as many columns as it has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from spacebeam.search.series.buckets import Bucket, Buckets


@dataclass(slots=True)
class Column:
    """The values of a column; `is_held` if there is none, and the last one still counts."""

    low: float = inf
    high: float = -inf
    last: float | None = None
    states: int = 0  # a bit for each
    last_state: int = -1
    breaks: int = 0  # bits of Break
    is_held: bool = False

    @property
    def has_number(self) -> bool:
        """Whether there is a number to draw."""
        return self.last is not None


def columns(buckets: Buckets, began: float, ended: float, count: int) -> list[Column]:
    """Return `count` columns of a time. A value counts until the next one, and not before it."""
    found = [Column() for _ in range(count)]
    if ended <= began or count <= 0:
        return found
    scale = count / (ended - began)
    held: Bucket | None = None
    for bucket in buckets:
        if bucket.ended <= began:
            held = bucket
        elif bucket.began < ended:
            at = min(max(int((bucket.began - began) * scale), 0), count - 1)
            _add(found[at], bucket)
    _hold(found, held)
    return found


def _add(column: Column, bucket: Bucket) -> None:
    column.low = min(column.low, bucket.low)
    column.high = max(column.high, bucket.high)
    if bucket.low != inf:
        column.last = bucket.last
    column.states |= bucket.states
    if bucket.states:
        column.last_state = bucket.last_state
    column.breaks |= bucket.breaks


def _hold(found: Sequence[Column], before: Bucket | None) -> None:
    """Give columns without values the value before them, up to the last one with values."""
    last: float | None = None
    state = -1
    if before is not None:
        last = before.last if before.low != inf else None
        state = before.last_state
    newest = max(
        (at for at, one in enumerate(found) if one.last is not None or one.states), default=-1
    )
    for column in found[: newest + 1]:
        if column.last is None and last is not None:
            column.low = column.high = column.last = last
            column.is_held = True
        if not column.states and state >= 0:
            column.states, column.last_state = 1 << state, state
            column.is_held = True
        last, state = column.last, column.last_state
