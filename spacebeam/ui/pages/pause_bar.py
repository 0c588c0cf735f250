"""A bar that says how many entries are held back while the display is paused."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import ngettext


@template("pause_bar.ui")
class PauseBar(Gtk.Box):
    """Shows the number of new entries and a button; its action is the tab's."""

    __gtype_name__ = "SpacebeamPauseBar"

    _label: Gtk.Label = Gtk.Template.Child()

    def show_held_back(self, is_paused: bool, count: int) -> None:
        """Show that `count` new entries are held back; hide the bar if it is not paused."""
        self.set_visible(is_paused)
        words = ngettext(
            "Paused: {count:,} new entry kept.", "Paused: {count:,} new entries kept.", count
        )
        self._label.set_text(words.format(count=count))
