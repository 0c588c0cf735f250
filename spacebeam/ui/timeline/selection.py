"""The selected entries, by number, and the keyboard focus of a row."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from gi.repository import Gtk

from spacebeam.ui.focus import has_focus
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.timeline.selected_rows import SelectedRows
from spacebeam.ui.timeline.timeline_model import TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow


@weak_handlers
class EntrySelection:
    """The selected entries, and the one whose payload is shown if it is the only one.

    Calls `on_several` with the number of selected entries whenever several are selected, or no
    longer are (with 0), and `on_changed` with the number of the only one, or -1.
    """

    def __init__(
        self,
        model: TimelineModel,
        on_changed: Callable[[int], None],
        on_several: Callable[[int], None] = lambda _count: None,
        view: Gtk.ListView | None = None,
    ) -> None:
        self.rows = SelectedRows(model, view)
        self.rows.connect("selection-changed", self._on_rows_selection_changed)
        self.rows.connect("items-changed", self._on_rows_items_changed)
        self.number = -1  # of the entry that is selected alone and shown
        self.several = 0  # how many are selected, if not one alone
        self.chosen = -1  # by the person, even while a filter hides it
        self.pending = -1  # to be selected once its position is known
        self._accepts_next = False
        self._model = model
        self._on_changed = on_changed
        self._on_several = on_several
        self._is_rebuilding = False

    @property
    def is_hidden(self) -> bool:
        """Whether a filter hides the entry that the person chose."""
        return self.number < 0 <= self.chosen and not self._accepts_next

    def clear(self) -> None:
        """Unselect all, and drop the pending entry."""
        self.rows.clear()
        self.chosen = self.pending = -1
        self._change(-1)

    def select_later(self, number: int) -> None:
        """Select this entry or the next shown one once its position is known."""
        self.pending, self._accepts_next = number, True

    @contextlib.contextmanager
    def preserved(self) -> Iterator[None]:
        """Make the chosen entry pending while the list is rebuilt in the `with` block.

        Of several selected entries, the one that was selected first stays so.
        """
        if self.pending < 0:
            self.pending, self._accepts_next = self.chosen, False
        self._is_rebuilding = True
        self.rows.clear()
        try:
            yield
        finally:
            self._is_rebuilding = False
        if self.several:
            self._change(-1)

    def settle(self, position: int) -> None:
        """Select the pending entry at its position; -1 if there is none."""
        number, self.pending = self.pending, -1
        if position >= 0 and (self._accepts_next or self._model.number(position) == number):
            self.rows.select(position)
        else:
            self._change(-1)  # another filter may show it again

    def _change(self, number: int, several: int = 0) -> None:
        before = self.number, self.several
        self.number, self.several = number, several
        if several != before[1]:
            self._on_several(several)
        if number != before[0]:
            self._on_changed(number)

    def _update(self) -> None:
        """Take up which rows are selected."""
        rows, only = self.rows, self.rows.only
        is_there = self._model.position(rows.anchor) >= 0
        self.chosen = only if only >= 0 else rows.anchor if is_there else -1
        self._change(only, 0 if only >= 0 else rows.count)

    def _on_rows_selection_changed(self, _rows: SelectedRows, _position: int, _count: int) -> None:
        if not self._is_rebuilding:
            self.pending = -1
            self._update()

    def _on_rows_items_changed(
        self, _rows: SelectedRows, _position: int, removed: int, added: int
    ) -> None:
        if removed and not added and not self._is_rebuilding:
            self._update()  # selected entries may have been discarded


_MAX_FRAMES = 5  # a row is laid out in the frame after the list scrolled to it


class RowFocus:
    """Gives a row the keyboard focus once it is laid out."""

    def __init__(self, view: Gtk.ListView) -> None:
        self._view = view
        self._number = -1  # of the entry
        self._frames_left = 0

    @property
    def is_in_list(self) -> bool:
        """Whether a row has the focus."""
        return has_focus(self._view)

    @property
    def is_pending(self) -> bool:
        """Whether a row is still to be focused."""
        return self._frames_left > 0

    def request(self, number: int = -1) -> None:
        """Focus the row of this entry with the next `apply`; -1 leaves it to that."""
        self._number, self._frames_left = number, _MAX_FRAMES

    def apply(self, number: int) -> None:
        """Focus the requested row, or that of this entry; -1 drops the request."""
        if self._frames_left:
            is_done = number < 0 or self._grab(number if self._number < 0 else self._number)
            self._frames_left = 0 if is_done else self._frames_left - 1

    def _grab(self, number: int) -> bool:
        item = self._view.get_first_child()
        while item is not None:
            row = item.get_first_child()
            if isinstance(row, TimelineRow) and row.number == number and item.get_mapped():
                return item.grab_focus()
            item = item.get_next_sibling()
        return False
