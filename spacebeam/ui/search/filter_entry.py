"""Where a filter is written: mistakes are underlined, and the arrow keys bring old ones back."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Gdk, GObject, Gtk, Pango

from spacebeam.search.filter import FilterError
from spacebeam.ui.search.filter_history import FilterHistory
from spacebeam.ui.text_marks import mistake_attributes


class FilterEntry(Gtk.Entry):
    """A line of text that can say what is wrong with it. `text-changed` is said once a change:
    `changed` is said twice where one text takes the place of another."""

    __gtype_name__ = "SpacebeamFilterEntry"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "text-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__()
        self._history = FilterHistory()
        self._is_replacing = False
        self.set_icon_from_icon_name(Gtk.EntryIconPosition.PRIMARY, "system-search-symbolic")
        self.set_icon_activatable(Gtk.EntryIconPosition.PRIMARY, False)
        self.set_placeholder_text("Words, /regex/, is:sent, size>10k…")
        self.connect("changed", self._on_changed)
        self.connect("icon-press", self._on_icon_press)
        keys = Gtk.EventControllerKey()  # after the text itself, which has its input method
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    def remember(self) -> None:
        """What stands here was used; the arrow keys bring it back."""
        self._history.remember(self.get_text())

    def replace(self, text: str) -> None:
        """Put a text here, with the cursor behind it."""
        if text != self.get_text():
            self._is_replacing = True
            self.set_text(text)
            self._is_replacing = False
            self._on_changed(self)
        self.set_position(-1)

    def show_mistakes(self, mistakes: Sequence[FilterError]) -> None:
        """Underline what is wrong; the first mistake is told."""
        text = self.get_text()
        ranges = [(mistake.start, mistake.end) for mistake in mistakes]
        self.set_attributes(mistake_attributes(text, ranges) if ranges else Pango.AttrList())
        words = mistakes[0].message if mistakes else ""
        self.set_tooltip_text(words or None)
        self.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])
        self.update_state([Gtk.AccessibleState.INVALID], [int(bool(words))])

    def _on_changed(self, _entry: Gtk.Entry) -> None:
        if self._is_replacing:
            return
        position = Gtk.EntryIconPosition.SECONDARY
        if self.get_text():
            self.set_icon_from_icon_name(position, "edit-clear-symbolic")
            self.set_icon_tooltip_text(position, "Clear the filter")
        else:
            self.set_icon_from_icon_name(position, None)
        self.emit("text-changed")

    def _on_icon_press(self, _entry: Gtk.Entry, position: Gtk.EntryIconPosition) -> None:
        if position == Gtk.EntryIconPosition.SECONDARY:
            self.remember()
            self.set_text("")
            self.grab_focus()

    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        if state & Gtk.accelerator_get_default_mod_mask():
            return False
        if key in (Gdk.KEY_Down, Gdk.KEY_KP_Down):
            found = self._history.older(self.get_text())
        elif key in (Gdk.KEY_Up, Gdk.KEY_KP_Up):
            found = self._history.newer(self.get_text())
        else:
            return False
        if found is not None:
            self.replace(found)
        return True
