"""Choosing a time in the rate graph, with the pointer or with keys: what is chosen, and how far."""

from __future__ import annotations

from typing import NamedTuple

from spacebeam.ui.rates.bars import TimeWindow


class TimeSpan(NamedTuple):
    """A time that is chosen, in whole steps."""

    began: float  # Unix time in seconds
    ended: float


class RateSelection:
    """What the person is choosing, what they chose, and where the keys' cursor is.

    All in whole steps of the graph, so that what is counted in a span is what is drawn in it.
    """

    def __init__(self) -> None:
        self.chosen: TimeSpan | None = None
        self.pending: TimeSpan | None = None  # until the pointer is released, or Enter pressed
        self.pointed: TimeSpan | None = None  # the step that the pointer is over
        self._cursor: int | None = None  # number of a step
        self._anchor: int | None = None  # where `pending` was begun
        self._view = TimeWindow(0.0, 1.0)
        self._step = 1

    @property
    def shown(self) -> TimeSpan | None:
        """What to show as chosen."""
        return self.pending or self.chosen

    @property
    def cursor(self) -> TimeSpan | None:
        """The step that the keys are at."""
        return None if self._cursor is None else self._span(self._cursor, self._cursor)

    def show(self, view: TimeWindow, step: int) -> None:
        """The time that can be seen, in steps of so many seconds."""
        if step != self._step:
            self._cursor = self._anchor = self.pending = self.pointed = None
        self._view, self._step = view, step

    def point(self, at: float | None) -> bool:
        """The pointer is over this time, or over none. Whether that is another step."""
        before = self.pointed
        step = None if at is None else int(at // self._step)
        self.pointed = None if step is None else self._span(step, step)
        return self.pointed != before

    def drag(self, origin: float, to: float) -> None:
        """Choose from one time to another, of those that can be seen."""
        low, high = sorted((origin, to))
        self._cursor = self._anchor = None
        # Nothing is taken of a step at whose beginning the span ends.
        last = max(-int(-high // self._step) - 1, int(low // self._step))
        self.pending = self._span(int(low // self._step), last)

    def move(self, steps: int, extend: bool) -> None:
        """Move the cursor; with `extend`, what it passes is chosen."""
        first, last = self._bounds()
        if self._cursor is None:
            before = self._cursor = last
        else:
            before = self._cursor
            self._cursor = min(max(self._cursor + steps, first), last)
        if not extend:
            self._anchor = self.pending = None
            return
        if self._anchor is None:
            self._anchor = min(max(before, first), last)
        self.pending = self._span(min(self._anchor, self._cursor), max(self._anchor, self._cursor))

    def choose(self) -> TimeSpan | None:
        """Have what is pending chosen, or the step at the cursor; None where there is neither."""
        span = self.pending or self.cursor
        if span is not None:
            self.chosen = span
        self.pending = self._anchor = None
        return span

    def clear(self) -> bool:
        """Choose nothing. Whether anything was there to let go of."""
        was_there = self.shown is not None or self._cursor is not None
        self.chosen = self.pending = self._cursor = self._anchor = None
        return was_there

    def _span(self, first: int, last: int) -> TimeSpan:
        return TimeSpan(float(first * self._step), float((last + 1) * self._step))

    def _bounds(self) -> tuple[int, int]:
        """The first and the last step that can be seen."""
        first = int(self._view.began // self._step)
        return first, max(-int(-self._view.ended // self._step) - 1, first)
