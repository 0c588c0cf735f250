"""The entry that is to be in sight, until it is: where the person goes, or was before a filter."""

from __future__ import annotations

from spacebeam.ui.timeline.sight import Sight

# Where a list has just grown, newer versions of GTK reckon with rows that they have not measured,
# and what was scrolled to may be out of sight in the next frame.
_MOST = 5  # times that it is scrolled to


class Anchor:
    """Holds the number of at most one entry."""

    def __init__(self, sight: Sight) -> None:
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
