"""The bar at the end of a timeline that is scrolled away from its newest entries."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.wording.i18n import _


@template("newest_bar.ui")
class NewestBar(Gtk.Box):
    """Says how many entries are new; emits `clicked` to go to them. It covers whole rows."""

    __gtype_name__ = "SpacebeamNewestBar"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "clicked": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _button: Gtk.Button = Gtk.Template.Child()
    _content: Adw.ButtonContent = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._count = -1
        self.show_new(0)

    def show_new(self, count: int) -> None:
        """Show the number of entries since the list stopped following."""
        if count != self._count:
            self._count = count
            words = _("{count:,} new").format(count=count) if count else _("Newest")
            self._content.set_label(words)
            self._button.update_property([Gtk.AccessibleProperty.LABEL], [words])

    @Gtk.Template.Callback()
    def _on_button_clicked(self, _button: Gtk.Button) -> None:
        self.emit("clicked")
