"""Says on the first screen what the tab has, and leads back to it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.template import template


@template("return_bar.ui")
class ReturnBar(Gtk.Box):
    """Shows a conversation's state and a button; its action is the tab's."""

    __gtype_name__ = "SpacebeamReturnBar"

    _return_label: Gtk.Label = Gtk.Template.Child()

    def show_words(self, words: str) -> None:
        """Show the state of the conversation; "" hides the bar."""
        self._return_label.set_text(words)
        self._return_label.set_tooltip_text(words)
        self.set_visible(bool(words))
