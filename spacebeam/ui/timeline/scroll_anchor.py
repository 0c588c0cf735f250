"""The entry that is to be in sight, until it is: where the person goes, or was before a filter."""

from __future__ import annotations

from gi.repository import Gio, Gtk

# Where a list has just grown, newer versions of GTK reckon with rows that they have not measured,
# and what was scrolled to may be out of sight in the next frame.
_MOST = 5  # times that it is scrolled to


class ScrollAnchor:
    """Holds the number of at most one entry."""

    def __init__(self, sight: VisibleRows) -> None:
        self.number = -1
        self._sight = sight
        self._is_jump = False
        self._times = 0

    @property
    def is_set(self) -> bool:
        """Whether something is still to be brought into sight."""
        return self.number >= 0

    def drop(self) -> None:
        """Bring nothing into sight."""
        self.number = -1

    def set(self, number: int, *, is_jump: bool = False) -> None:
        """Have this entry in sight, or the next that is shown; what stands around it too, where it
        is a jump."""
        self.number, self._is_jump, self._times = number, is_jump, 0

    def hold(self, number: int) -> None:
        """Have this entry in sight still, though there is less room."""
        self.set(number, is_jump=self._is_jump and number == self.number)

    def aim(self, position: int) -> int | None:
        """Which position to bring into sight next, for an entry that stands at this one; None where
        it is in sight. Perhaps none of the list: what is behind its end is its end."""
        is_seen = self._sight.holds(position, 0 if self._times else -1)
        if (is_seen and (self._times or self._is_jump)) or self._times == _MOST:
            self.drop()
            return None
        self._times += 1
        if not self._is_jump:
            return position
        half = self._sight.rows // 2
        return position + half if position > self._sight.first else max(position - half, 0)


class VisibleRows:
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
