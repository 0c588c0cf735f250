"""A list under a search entry that keeps the focus: its keys move the selection in the list."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

UP, DOWN = (Gdk.KEY_Up, Gdk.KEY_KP_Up), (Gdk.KEY_Down, Gdk.KEY_KP_Down)
DELETE = (Gdk.KEY_Delete, Gdk.KEY_KP_Delete)
ENTER = (Gdk.KEY_Return, Gdk.KEY_KP_Enter)


class SearchedList:
    """Moves the selection of a list box, and tells the keys of its rows from those of the text."""

    def __init__(
        self, entry: Gtk.SearchEntry, list_box: Gtk.ListBox, scrolled_window: Gtk.ScrolledWindow
    ) -> None:
        self._entry = entry
        self._list_box = list_box
        self._scrolled_window = scrolled_window

    def step(self, step: int) -> None:
        """Select the row after (1) or before (-1) the selected one, and scroll to it."""
        selected = self._list_box.get_selected_row()
        place = -1 if selected is None else selected.get_index() + step
        row = self._list_box.get_row_at_index(place) if place >= 0 else None
        if row is not None:
            self._list_box.select_row(row)
            allocation = row.get_allocation()
            adjustment = self._scrolled_window.get_vadjustment()
            adjustment.clamp_page(allocation.y, allocation.y + allocation.height)

    @property
    def is_delete_for_row(self) -> bool:
        """Whether Delete has no text to delete in the entry."""
        is_selected = bool(self._entry.get_selection_bounds())
        return not is_selected and self._entry.get_position() == len(self._entry.get_text())

    def focus(self) -> None:
        """Give the entry the focus back, with the cursor at its end."""
        self._entry.grab_focus()
        self._entry.set_position(-1)
