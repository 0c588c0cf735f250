"""The keyboard's cursor in the list: it stands where the person was brought.

GTK keeps a place of its own for it. After a jump to another entry the arrow keys would go on from
there, however far it is from what is selected and seen.
"""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.timeline.timeline_row import TimelineRow

_PATIENCE = 5  # frames; a row that was scrolled to is laid out in the next one


class Cursor:
    """Puts the cursor on a row, once that is laid out."""

    def __init__(self, view: Gtk.ListView) -> None:
        self._view = view
        self._frames_left = 0

    @property
    def is_in_list(self) -> bool:
        """Whether keys go to one of the rows."""
        return self._view.get_focus_child() is not None

    @property
    def is_awaited(self) -> bool:
        """Whether it is still to be put somewhere."""
        return self._frames_left > 0

    def ask(self) -> None:
        """Have it put on a row."""
        self._frames_left = _PATIENCE

    def put(self, number: int) -> None:
        """Put it on the row of the entry with this number, if it was asked for; -1 for none."""
        if self._frames_left:
            is_put = number < 0 or self._grab(number)
            self._frames_left = 0 if is_put else self._frames_left - 1

    def _grab(self, number: int) -> bool:
        item = self._view.get_first_child()
        while item is not None:
            row = item.get_first_child()
            if isinstance(row, TimelineRow) and row.number == number and item.get_mapped():
                return item.grab_focus()
            item = item.get_next_sibling()
        return False
