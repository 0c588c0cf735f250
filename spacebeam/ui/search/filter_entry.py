"""The entry of the filter: underlines errors, and remembers earlier filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gi.repository import Gdk, GObject, Gtk, Pango

from spacebeam.search.filter import FilterError
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.search.filter_completion import FilterCompletion
from spacebeam.ui.text_marks import error_attributes
from spacebeam.wording.i18n import _

_MAX_HISTORY = 30  # filters


class FilterHistory:
    """The filters used so far, the newest first, and a position among them.

    Position -1 is the text that was typed before the first step.
    """

    def __init__(self) -> None:
        self._used: list[str] = []
        self._own: list[str] = []
        self._position = -1
        self._typed = ""

    def remember(self, text: str) -> None:
        """Add a filter, or move it to the front."""
        text = text.strip()
        self._position = -1
        if text:
            self._own = [text, *(one for one in self._own if one != text)][:_MAX_HISTORY]
            self._join(self._used)

    def show_shared(self, used: Sequence[str]) -> None:
        """Add filters of other tabs and earlier days, the newest first, after the own ones."""
        if self._position < 0:
            self._join(used)

    def _join(self, used: Sequence[str]) -> None:
        self._used = list(dict.fromkeys((*self._own, *used)))[:_MAX_HISTORY]

    def older(self, text: str) -> str | None:
        """Return the filter used before the one in `text`, if there is one."""
        if not self._is_at(text):
            self._position, self._typed = -1, text
        position = self._position + 1
        if position < len(self._used) and self._used[position] == text.strip():
            position += 1  # skip the filter that is shown already
        if position >= len(self._used):
            return None
        self._position = position
        return self._used[position]

    def newer(self, text: str) -> str | None:
        """Return the filter used after the one in `text`, and finally the typed text."""
        if not self._is_at(text) or self._position < 0:
            return None
        self._position -= 1
        return self._typed if self._position < 0 else self._used[self._position]

    def _is_at(self, text: str) -> bool:
        """Return whether `text` is the last returned filter, unedited."""
        return 0 <= self._position < len(self._used) and self._used[self._position] == text


@weak_handlers
class FilterEntry(Gtk.Entry):
    """A text entry that marks errors; the arrow keys step through the history.

    Emits `text-changed` once a change; GTK's `changed` comes twice when a text is replaced.
    """

    __gtype_name__ = "SpacebeamFilterEntry"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "text-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "used": (GObject.SignalFlags.RUN_FIRST, None, (str,)),
    }

    def __init__(self) -> None:
        super().__init__()
        self._history = FilterHistory()
        self._is_replacing = False
        self.pair_names: Callable[[], Iterable[str] | None] = tuple  # of the recording's questions
        self._completion = FilterCompletion(self)
        self._has_errors = False
        self.set_icon_from_icon_name(Gtk.EntryIconPosition.PRIMARY, "system-search-symbolic")
        self.set_icon_activatable(Gtk.EntryIconPosition.PRIMARY, False)
        self.set_placeholder_text(_("Words, /regex/, is:sent, size>10k…"))
        self.connect("changed", self._on_changed)
        self.connect("icon-press", self._on_icon_press)
        keys = Gtk.EventControllerKey()  # after the text, which has the input method
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    @property
    def proposed(self) -> list[str]:
        """The terms that complete the word before the cursor."""
        return self._completion.terms

    def remember(self) -> None:
        """Add the text to the history, and emit `used`, unless it has an error."""
        text = self.get_text().strip()
        if text and not self._has_errors:
            self._history.remember(text)
            self.emit("used", text)

    def show_history(self, used: Sequence[str]) -> None:
        """Add filters of other tabs and earlier days to the history."""
        self._history.show_shared(used)

    def replace(self, text: str) -> None:
        """Replace the text and move the cursor to its end."""
        if text != self.get_text():
            self._is_replacing = True
            self.set_text(text)
            self._is_replacing = False
            self._on_changed(self)
        self.set_position(-1)

    def show_errors(self, errors: Sequence[FilterError]) -> None:
        """Underline errors, and show the first one as the tooltip."""
        text, self._has_errors = self.get_text(), bool(errors)
        ranges = [(error.start, error.end) for error in errors]
        self.set_attributes(error_attributes(text, ranges) if ranges else Pango.AttrList())
        words = errors[0].message if errors else ""
        self.set_tooltip_text(words or None)
        self.update_property([Gtk.AccessibleProperty.DESCRIPTION], [words])
        self.update_state([Gtk.AccessibleState.INVALID], [int(bool(words))])

    def _on_changed(self, _entry: Gtk.Entry) -> None:
        if self._is_replacing:
            return
        position = Gtk.EntryIconPosition.SECONDARY
        if self.get_text():
            self.set_icon_from_icon_name(position, "edit-clear-symbolic")
            self.set_icon_tooltip_text(position, _("Clear the filter"))
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
