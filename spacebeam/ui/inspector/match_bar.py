"""The bar in the inspector that leads from match to match."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.template import template


@template("match_bar.ui")
class MatchBar(Gtk.Box):
    """Shows how many matches there are. Emits `next-match`, `previous-match` and `stopped`."""

    __gtype_name__ = "SpacebeamMatchBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "next-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "previous-match": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "stopped": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _label: Gtk.Label = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()
    _previous_button: Gtk.Button = Gtk.Template.Child()
    _next_button: Gtk.Button = Gtk.Template.Child()

    def show_matches(
        self, words: str, current: int, count: int, *, is_searching: bool = False
    ) -> None:
        """Show words about the matches, and enable the buttons that lead somewhere."""
        self._label.set_text(words)
        self._stop_button.set_visible(is_searching)
        self._previous_button.set_sensitive(current != 0 and count > 0)
        self._next_button.set_sensitive(current < count - 1)

    @Gtk.Template.Callback()
    def _on_stop_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("stopped")

    @Gtk.Template.Callback()
    def _on_previous_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("previous-match")

    @Gtk.Template.Callback()
    def _on_next_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("next-match")
