"""The entry that the person selected: by its number, whatever becomes of the list it stands in.

The list's own selection is a position. It is lost when the list is made anew for another filter,
and with it what is being read would be gone.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from gi.repository import GObject, Gtk

from spacebeam.ui.timeline.timeline_model import TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow


class EntrySelection:
    """Holds at most one entry; `tell` hears the number of each other one, or -1 for none."""

    def __init__(self, model: TimelineModel, tell: Callable[[int], None]) -> None:
        self.selection = Gtk.SingleSelection(model=model, autoselect=False, can_unselect=True)
        self.selection.connect("notify::selected", self._on_selection_notify_selected)
        self.number = -1  # as it was told
        self.chosen = -1  # by the person, even where a filter hides it
        self.sought = -1  # the number that is to be selected, once it is known where it stands
        self._may_be_next = False
        self._model = model
        self._tell = tell
        self._is_made_anew = False

    def clear(self) -> None:
        """Have nothing selected, and nothing to be."""
        self.selection.set_selected(Gtk.INVALID_LIST_POSITION)
        self.chosen = self.sought = -1
        self._change(-1)

    def seek(self, number: int) -> None:
        """Have this entry selected, or the next that is shown."""
        self.sought, self._may_be_next = number, True

    @contextlib.contextmanager
    def kept(self) -> Iterator[None]:
        """While the list is made anew: what is selected then is sought in it."""
        if self.sought < 0:
            self.sought, self._may_be_next = self.chosen, False
        self._is_made_anew = True
        try:
            yield
        finally:
            self._is_made_anew = False

    def settle(self, position: int) -> None:
        """Say where what is sought, or the next, stands; -1: nowhere."""
        number, self.sought = self.sought, -1
        if position >= 0 and (self._may_be_next or self._model.number(position) == number):
            self.selection.set_selected(position)
        else:
            self._change(-1)  # it is hidden; another filter may show it again

    def _change(self, number: int) -> None:
        if number != self.number:
            self.number = number
            self._tell(number)

    def _on_selection_notify_selected(
        self, selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        if not self._is_made_anew:
            self.sought = -1
            self.chosen = self._model.number(selection.get_selected())
            self._change(self.chosen)


_PATIENCE = 5  # frames; a row that was scrolled to is laid out in the next one


class RowFocus:
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
