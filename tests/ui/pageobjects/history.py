"""The search in what was sent, as a person uses it."""

from __future__ import annotations

from gi.repository import Gdk, Gtk

from spacebeam.ui.composer.history_popover import HistoryPopover
from spacebeam.ui.composer.sent_row import SentRow
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, click, descendants, key
from tests.ui.pageobjects.page import Page, has_focus


def history_of(widget: Gtk.Widget) -> HistoryPage:
    """Return the history of a composer or a tab, open or not."""
    (popover,) = descendants(widget, HistoryPopover)
    return HistoryPage(popover)


class HistoryPage(Page[HistoryPopover]):
    """A field for words, and the sent messages that contain them."""

    @property
    def _entry(self) -> Gtk.SearchEntry:
        return self.child("_entry", Gtk.SearchEntry)

    @property
    def _list(self) -> Gtk.ListBox:
        return self.child("_list_box", Gtk.ListBox)

    @property
    def _rows(self) -> list[SentRow]:
        return list(descendants(self._list, SentRow))

    @property
    def messages(self) -> list[str]:
        """The rows from top to bottom, as they read."""
        return [next(descendants(row, Gtk.Label)).get_text() for row in self._rows]

    @property
    def times(self) -> list[str]:
        """When the messages were sent."""
        return [list(descendants(row, Gtk.Label))[1].get_text() for row in self._rows]

    @property
    def selected(self) -> str:
        """The selected row, as it reads; "" for none."""
        row = self._list.get_selected_row()
        return "" if row is None else next(descendants(row, Gtk.Label)).get_text()

    @property
    def has_cursor(self) -> bool:
        """Whether typed text goes into its field."""
        return has_focus(self._entry)

    async def shows(self, *expected: str) -> None:
        await eventually(lambda: self.messages == list(expected))

    def type_words(self, text: str) -> None:
        """Replace the words."""
        self._entry.set_text(text)
        self._entry.set_position(-1)

    def put_cursor(self, position: int) -> None:
        self._entry.set_position(position)

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key and let it go; return whether the popover used it."""
        is_used = self.hold_key(pressed, state)
        for one in self.widget.observe_controllers():
            if isinstance(one, Gtk.EventControllerKey):
                one.emit("key-released", pressed, 0, state)
        return is_used

    def hold_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        """Press a key and hold it; once more repeats it."""
        return key(self.widget, pressed, state)

    def press_enter(self) -> None:
        self._entry.emit("activate")

    def press_escape(self) -> None:
        self._entry.emit("stop-search")

    def click(self, position: int) -> None:
        self._list.emit("row-activated", self._rows[position])

    def click_save(self, position: int) -> None:
        """Click the button of a row that saves it."""
        click(Page(self._rows[position]).child("_save_button", Gtk.Button))

    def click_forget(self, position: int) -> None:
        """Click the button of a row that forgets it."""
        click(Page(self._rows[position]).child("_forget_button", Gtk.Button))

    def scroll_to_end(self) -> None:
        """Scroll beyond the last row."""
        window = self.child("_scrolled_window", Gtk.ScrolledWindow)
        window.emit("edge-reached", Gtk.PositionType.BOTTOM)
