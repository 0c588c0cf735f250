"""Keeps an entry in view while the list is rebuilt or laid out."""

from __future__ import annotations

from gi.repository import Gio, Gtk

from spacebeam.ui.timeline.timeline_model import TimelineModel

# Newer versions of GTK scroll by the estimated height of rows that they have not measured, so the
# target may be out of view in the next frame.
_MAX_SCROLLS = 5


class ScrollAnchor:
    """The entry to scroll to, until it is visible, and the previous one."""

    def __init__(self, visible: VisibleRows, model: TimelineModel) -> None:
        self.number = -1  # of the entry to scroll to, or -1
        self._saved = -1  # number of the previous entry to scroll to
        self._top: float | None = None  # pixels from the list's top edge to the saved entry
        self._row_height = 0.0  # pixels
        self._is_placed = True  # False: scroll until it is that far from the edge again
        self._value: float | None = None  # of the list after a row could not be placed yet
        self._visible = visible
        self._model = model
        self._is_jump = False
        self._scrolls = 0

    @property
    def is_set(self) -> bool:
        """Whether there is still an entry to scroll to."""
        return self.number >= 0

    def drop(self) -> None:
        """Scroll to no entry."""
        self.number = -1

    def forget(self) -> None:
        """Scroll to no entry, and forget the saved one."""
        self._saved = self.number = -1

    def set(self, number: int, *, is_jump: bool = False) -> None:
        """Scroll to this entry or the next shown one; a jump also shows the entries around it."""
        self._saved, self._top = number, None
        self._set(number, is_jump=is_jump)

    def hold(self, number: int) -> None:
        """Scroll to this entry again after the list became lower."""
        self._set(number, is_jump=self._is_jump and number == self.number)

    def remember(self, number: int) -> None:
        """Save this entry as the one to return to when the list is rebuilt."""
        self._saved = number

    def save(self) -> None:
        """Scroll to the entry that is visible now, once the list has been rebuilt."""
        # If the person has not scrolled since the last time, use the same entry again, even if a
        # filter hid it.
        position = self._model.position_from(self._saved)
        is_scrolled = self._saved < 0 or not self._visible.contains(position)
        if self._model.get_n_items() and is_scrolled:
            self._saved = self._model.number(self._visible.first)
        position = self._model.position(self._saved)
        if self._visible.is_scrollable:
            # Later, while rows are added, the height that the adjustment gives is out of date.
            self._row_height = self._visible.row_height
        if position >= 0 and self._row_height and self._visible.contains(position):
            self._top = position * self._row_height - self._visible.value
        self._set(self._saved)
        self._is_placed = self._top is None

    def next_target(self, position: int, *, is_complete: bool) -> int | None:
        """Return the position to scroll to for an entry at `position`; None if it is visible.

        The target may be after the end of the list, which gets no more rows if it `is_complete`.
        """
        is_visible = self._visible.contains(position, 0 if self._scrolls else -1)
        is_reached = is_visible and (self._scrolls > 0 or self._is_jump)
        if is_reached or self._scrolls == _MAX_SCROLLS:
            if self._is_placed or self._has_moved or self._place(position) or is_complete:
                self.drop()
            else:
                self._value = self._visible.value  # there are too few rows below it yet
            return None
        self._scrolls += 1
        if not self._is_jump:
            return position
        half = self._visible.rows // 2
        return position + half if position > self._visible.first else max(position - half, 0)

    def _set(self, number: int, *, is_jump: bool = False) -> None:
        self.number, self._is_jump, self._scrolls, self._is_placed = number, is_jump, 0, True
        self._value = None

    def _place(self, position: int) -> bool:
        """Scroll until a row is as far from the edge as it was; return whether it could be done."""
        value = max(position * self._row_height - (self._top or 0.0), 0.0)
        return self._visible.scroll_to(value)

    @property
    def _has_moved(self) -> bool:
        """Whether the person scrolled while there were too few rows."""
        return self._value is not None and abs(self._visible.value - self._value) > 1


class VisibleRows:
    """The rows of a list that are visible; positions count from 0."""

    def __init__(self, adjustment: Gtk.Adjustment, model: Gio.ListModel) -> None:
        self._adjustment = adjustment
        self._model = model

    @property
    def first(self) -> int:
        """The position of the first visible row."""
        return int(self._adjustment.get_value() / self.row_height)

    def rows_in(self, pixels: float) -> int:
        """Return the number of rows in a height, including a partial one."""
        return int(max(pixels, 0.0) / self.row_height) + 1

    @property
    def rows(self) -> int:
        """The number of visible rows, including a partial one."""
        return self.rows_in(self._adjustment.get_page_size())

    @property
    def is_scrollable(self) -> bool:
        """Whether the list is higher than its window."""
        return self._adjustment.get_upper() > self._adjustment.get_page_size()

    @property
    def is_at_end(self) -> bool:
        """Whether the end of the list is visible."""
        bottom = self._adjustment.get_value() + self._adjustment.get_page_size()
        return bottom >= self._adjustment.get_upper() - 1

    def contains(self, position: int, margin: int = 0) -> bool:
        """Return whether the row at a position is at least partly visible.

        `margin` adds rows above and below; -1 asks for a wholly visible row.
        """
        first, end = self.bounds(margin)
        return first < position < end

    def bounds(self, margin: int = 0) -> tuple[float, float]:
        """Return between which two positions, exclusively, the rows of `contains` are."""
        height, value = self.row_height, self._adjustment.get_value()
        first = value / height - (margin + 1)
        return first, (value + self._adjustment.get_page_size()) / height + margin

    @property
    def value(self) -> float:
        """The position to which the list is scrolled, in pixels."""
        return self._adjustment.get_value()

    def scroll_to(self, value: float) -> bool:
        """Scroll to a position in pixels; return whether the list is long enough."""
        self._adjustment.set_value(value)
        return abs(self.value - value) <= 1

    @property
    def row_height(self) -> float:
        """In pixels."""
        return max(1.0, self._adjustment.get_upper() / max(1, self._model.get_n_items()))
