"""The selected time span of the rate graph, made with the pointer or the keyboard."""

from __future__ import annotations

from typing import NamedTuple

from spacebeam.ui.rates.bars import TimeWindow


class TimeSpan(NamedTuple):
    """A time span in whole steps of the graph."""

    began: float  # Unix time in seconds
    ended: float


class RateSelection:
    """The chosen span, the pending one, and the steps under the pointer and the keys' cursor.

    All are whole steps of the graph, so that a span counts exactly what is drawn in it.
    """

    def __init__(self) -> None:
        self.chosen: TimeSpan | None = None
        self.pending: TimeSpan | None = None  # until the pointer is released or Enter is pressed
        self.pointed: TimeSpan | None = None  # the step under the pointer
        self._cursor: int | None = None  # index of a step
        self._anchor: int | None = None  # the step where `pending` began
        self._view = TimeWindow(0.0, 1.0)
        self._step = 1

    @property
    def shown(self) -> TimeSpan | None:
        """The pending span, or else the chosen one."""
        return self.pending or self.chosen

    @property
    def cursor(self) -> TimeSpan | None:
        """The step under the keys' cursor."""
        return None if self._cursor is None else self._span(self._cursor, self._cursor)

    def show(self, view: TimeWindow, step: int) -> None:
        """Set the visible time and the length of a step in seconds."""
        if step != self._step:
            self._cursor = self._anchor = self.pending = self.pointed = None
        self._view, self._step = view, step

    def point(self, at: float | None) -> bool:
        """Set the time under the pointer; return whether the step changed."""
        before = self.pointed
        step = None if at is None else int(at // self._step)
        self.pointed = None if step is None else self._span(step, step)
        return self.pointed != before

    def drag(self, origin: float, to: float) -> None:
        """Make the span between two visible times pending."""
        low, high = sorted((origin, to))
        self._cursor = self._anchor = None
        # A step at whose beginning the span ends is not part of it.
        last = max(-int(-high // self._step) - 1, int(low // self._step))
        self.pending = self._span(int(low // self._step), last)

    def move(self, steps: int, extend: bool) -> None:
        """Move the cursor by steps; with `extend`, add what it passes to the pending span."""
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
        """Choose the pending span, or else the step under the cursor; return it, or None."""
        span = self.pending or self.cursor
        if span is not None:
            self.chosen = span
        self.pending = self._anchor = None
        return span

    def clear(self) -> bool:
        """Clear everything; return whether there was anything."""
        was_there = self.shown is not None or self._cursor is not None
        self.chosen = self.pending = self._cursor = self._anchor = None
        return was_there

    def _span(self, first: int, last: int) -> TimeSpan:
        return TimeSpan(float(first * self._step), float((last + 1) * self._step))

    def _bounds(self) -> tuple[int, int]:
        """Return the first and the last visible step."""
        first = int(self._view.began // self._step)
        return first, max(-int(-self._view.ended // self._step) - 1, first)
