"""What of the timeline is in sight.

The list does not tell which rows those are. But all are of one height, whatever they show, so that
it can be reckoned from where it is scrolled to.
"""

from __future__ import annotations

from gi.repository import Gio, Gtk


class Sight:
    """The rows of a list that can be seen; positions are counted from 0."""

    def __init__(self, adjustment: Gtk.Adjustment, model: Gio.ListModel) -> None:
        self._adjustment = adjustment
        self._model = model

    @property
    def first(self) -> int:
        """The position of the first row in sight."""
        return int(self._adjustment.get_value() / self._row_height)

    def rows_in(self, pixels: float) -> int:
        """How many rows are as high, the last one perhaps in part."""
        return int(max(pixels, 0.0) / self._row_height) + 1

    @property
    def rows(self) -> int:
        """How many rows can be seen, the last one perhaps in part."""
        return self.rows_in(self._adjustment.get_page_size())

    @property
    def is_part(self) -> bool:
        """Whether there is more than can be seen."""
        return self._adjustment.get_upper() > self._adjustment.get_page_size()

    @property
    def is_at_end(self) -> bool:
        """Whether the list's end is in sight."""
        seen = self._adjustment.get_value() + self._adjustment.get_page_size()
        return seen >= self._adjustment.get_upper() - 1

    def holds(self, position: int, around: int = 0) -> bool:
        """Whether some of the row at this position is in sight, or so many rows away from that."""
        height, value = self._row_height, self._adjustment.get_value()
        begin, end = value - (around + 1) * height, value + around * height
        return begin < position * height < end + self._adjustment.get_page_size()

    @property
    def _row_height(self) -> float:
        """In pixels."""
        return max(1.0, self._adjustment.get_upper() / max(1, self._model.get_n_items()))
