"""A bar that counts how often a message was sent, with Stop, and says how that ended."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("repeat_bar.ui")
class RepeatBar(Gtk.Box):
    """Shows the count and the message; hidden until something is repeated.

    The count's accessible role is timer, so that screen readers do not read out each change.
    """

    __gtype_name__ = "SpacebeamRepeatBar"

    _count_label: Gtk.Label = Gtk.Template.Child()
    _message_label: Gtk.Label = Gtk.Template.Child()
    _stop_button: Gtk.Button = Gtk.Template.Child()

    def begin(self, preview: str) -> None:
        """Show the bar with the message on one line."""
        self._message_label.set_text(preview)
        self._message_label.set_visible(True)
        self._stop_button.set_label(_("Stop"))
        self.set_visible(True)

    def show_count(self, words: str) -> None:
        """Show how often the message was sent."""
        self._count_label.set_text(words)

    def show_end(self, words: str) -> None:
        """Show how the repetition ended, until the person has read it."""
        self._count_label.set_text(words)
        self._message_label.set_visible(False)
        self._stop_button.set_label(_("Close"))
