"""A list that is one stop for the Tab key."""

from __future__ import annotations

from gi.repository import Adw, Gtk

from spacebeam.ui.focus import has_focus

_TAB = Gtk.DirectionType.TAB_FORWARD, Gtk.DirectionType.TAB_BACKWARD


class TabStop(Adw.Bin):
    """Tab leaves the list inside, whose rows have nothing to stop at.

    GTK would go through all rows, which may be a million; from 4.12 on, a list can be told not to.
    """

    __gtype_name__ = "SpacebeamTabStop"

    def __init__(self) -> None:
        super().__init__()
        # PyGObject keeps a widget that a template makes until it has given it to Python once.
        self.get_ancestor(TabStop)

    def do_focus(self, direction: Gtk.DirectionType) -> bool:  # type: ignore[override]
        if direction in _TAB and has_focus(self):
            return False
        return bool(Adw.Bin.do_focus(self, direction))
