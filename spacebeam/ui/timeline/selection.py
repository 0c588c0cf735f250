"""The selected entry, by number, and the keyboard focus of its row.

The list's own selection is a position, which is lost when the list is rebuilt for another filter.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from gi.repository import GObject, Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.timeline.timeline_model import TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow


@weak_handlers
class EntrySelection:
    """Selects at most one entry; calls `on_changed` with its number, or -1 for none."""

    def __init__(self, model: TimelineModel, on_changed: Callable[[int], None]) -> None:
        self.selection = Gtk.SingleSelection(model=model, autoselect=False, can_unselect=True)
        self.selection.connect("notify::selected", self._on_selection_notify_selected)
        self.number = -1  # of the entry that is selected and shown
        self.chosen = -1  # by the person, even while a filter hides it
        self.pending = -1  # to be selected once its position is known
        self._accepts_next = False
        self._model = model
        self._on_changed = on_changed
        self._is_rebuilding = False

    def clear(self) -> None:
        """Unselect, and drop the pending entry."""
        self.selection.set_selected(Gtk.INVALID_LIST_POSITION)
        self.chosen = self.pending = -1
        self._change(-1)

    def select_later(self, number: int) -> None:
        """Select this entry or the next shown one once its position is known."""
        self.pending, self._accepts_next = number, True

    @contextlib.contextmanager
    def preserved(self) -> Iterator[None]:
        """Make the selected entry pending while the list is rebuilt in the `with` block."""
        if self.pending < 0:
            self.pending, self._accepts_next = self.chosen, False
        self._is_rebuilding = True
        try:
            yield
        finally:
            self._is_rebuilding = False

    def settle(self, position: int) -> None:
        """Select the pending entry at its position; -1 if there is none."""
        number, self.pending = self.pending, -1
        if position >= 0 and (self._accepts_next or self._model.number(position) == number):
            self.selection.set_selected(position)
        else:
            self._change(-1)  # another filter may show it again

    def _change(self, number: int) -> None:
        if number != self.number:
            self.number = number
            self._on_changed(number)

    def _on_selection_notify_selected(
        self, selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        if not self._is_rebuilding:
            self.pending = -1
            self.chosen = self._model.number(selection.get_selected())
            self._change(self.chosen)


_MAX_FRAMES = 5  # a row is laid out in the frame after the list scrolled to it


class RowFocus:
    """Gives a row the keyboard focus once it is laid out."""

    def __init__(self, view: Gtk.ListView) -> None:
        self._view = view
        self._frames_left = 0

    @property
    def is_in_list(self) -> bool:
        """Whether a row has the focus."""
        return self._view.get_focus_child() is not None

    @property
    def is_pending(self) -> bool:
        """Whether a row is still to be focused."""
        return self._frames_left > 0

    def request(self) -> None:
        """Focus a row with the next `apply`."""
        self._frames_left = _MAX_FRAMES

    def apply(self, number: int) -> None:
        """Focus the row of this entry if that was requested; -1 drops the request."""
        if self._frames_left:
            is_done = number < 0 or self._grab(number)
            self._frames_left = 0 if is_done else self._frames_left - 1

    def _grab(self, number: int) -> bool:
        item = self._view.get_first_child()
        while item is not None:
            row = item.get_first_child()
            if isinstance(row, TimelineRow) and row.number == number and item.get_mapped():
                return item.grab_focus()
            item = item.get_next_sibling()
        return False
