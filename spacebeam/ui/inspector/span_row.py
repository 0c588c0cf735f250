"""Says which part of a message the shown entry is, and leads to the entry in which it begins."""

from __future__ import annotations

from collections.abc import Collection

from gi.repository import Adw, GObject, Gtk

from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.joined import Joined
from spacebeam.ui.template import template
from spacebeam.ui.timeline.entry_words import span_words
from spacebeam.ui.timeline.joined_entries import JoinedEntries, joined_entries


@template("span_row.ui")
class SpanRow(Adw.Bin):
    """One line below the inspector's head, for entries that do not say all by themselves.

    Emits `entry-requested` with the number of the first entry, and `read` when more is known.
    """

    __gtype_name__ = "SpacebeamSpanRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "entry-requested": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "read": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _button: Gtk.Button = Gtk.Template.Child()
    _label: Gtk.Label = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.joined: Joined | None = None  # what the entry says after those before it
        self._entry: Entry | None = None
        self._entries: JoinedEntries | None = None

    @property
    def words(self) -> str:
        """What is shown, or ""."""
        return self._label.get_text() if self.get_visible() else ""

    def show_entry(self, recording: Recording, entry: Entry) -> None:
        """Show which part of a message an entry is, once that was read."""
        self.clear()
        self._entry, self._entries = entry, joined_entries(recording)
        self._entries.watch(self._on_entries_read)
        self._show(self._entries.find(entry, is_whole=True))

    def clear(self) -> None:
        """Show nothing."""
        if self._entries is not None:
            self._entries.unwatch(self._on_entries_read)
        self.joined = self._entry = self._entries = None
        self.set_visible(False)

    def go(self) -> None:
        """Go to the entry in which the message begins."""
        first = -1 if self.joined is None else self.joined.first
        if self._entry is not None and first not in (-1, self._entry.number):
            self.emit("entry-requested", first)

    def _show(self, found: Joined | None) -> None:
        if found is None or found.context is None or self._entry is None:
            return
        self.joined = found
        words = span_words(found, self._entry.number)
        self._label.set_text(words)
        self._button.set_sensitive(found.first != self._entry.number)
        self.set_visible(bool(words))

    def _on_entries_read(self, numbers: Collection[int]) -> None:
        entry, entries, before = self._entry, self._entries, self.joined
        if entry is None or entries is None or entry.number not in numbers:
            return
        self._show(entries.find(entry, is_whole=True))
        if self.joined != before:
            self.emit("read")

    @Gtk.Template.Callback()
    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        self.go()
