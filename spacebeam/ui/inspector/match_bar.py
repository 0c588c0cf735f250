"""The line in the inspector that leads from match to match."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.template import template


@template("match_bar.ui")
class MatchBar(Gtk.Box):
    """Says how many matches there are. Asks with `next-match` and `previous-match`."""

    __gtype_name__ = "SpacebeamMatchBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "next-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "previous-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()

    def show_matches(self, words: str, current: int, count: int) -> None:
        """Show words about the matches, and what can be gone to."""
        self._label.set_text(words)
        self._previous_button.set_sensitive(current != 0 and count > 0)
        self._next_button.set_sensitive(current < count - 1)

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("previous-match")

    @Gtk.Template.Callback()
    def _on_next_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("next-match")
