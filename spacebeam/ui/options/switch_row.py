"""A row with a switch; libadwaita has its own from 1.4 on."""

from __future__ import annotations

from gi.repository import Adw, GObject, Gtk

from spacebeam.ui.template import template


@template("switch_row.ui")
class SwitchRow(Adw.ActionRow):
    """A title and a switch; clicking the row toggles it."""

    __gtype_name__ = "SpacebeamSwitchRow"

    active = GObject.Property(type=bool, default=False)

    _switch: Gtk.Switch = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self.bind_property("active", self._switch, "active", GObject.BindingFlags.BIDIRECTIONAL)
