"""A section of the handshake report: a title, and lines with a name and a value."""

from __future__ import annotations

from gi.repository import Gtk, Pango

from spacebeam.decode.visible import one_line
from spacebeam.ui.hyphens import no_hyphens
from spacebeam.wording.report import ReportSection


class FactList(Gtk.Grid):
    """Shows one section; its values are selectable."""

    __gtype_name__ = "SpacebeamFactList"

    def __init__(self, section: ReportSection) -> None:
        super().__init__(column_spacing=12, row_spacing=3)
        title = Gtk.Label(label=section.title, xalign=0, margin_bottom=3)
        title.add_css_class("heading")
        self.attach(title, 0, 0, 2, 1)
        for row, (name, text) in enumerate(section.facts, start=1):
            value = one_line(text)
            name_label = Gtk.Label(label=name, xalign=0, yalign=0, width_chars=11)
            name_label.add_css_class("dim-label")
            value_label = Gtk.Label(
                label=value,
                xalign=0,
                hexpand=True,
                selectable=True,
                wrap=True,
                wrap_mode=Pango.WrapMode.WORD_CHAR,
                attributes=no_hyphens(),
            )
            # A screen reader reads the name with the value.
            value_label.update_property([Gtk.AccessibleProperty.LABEL], [f"{name}: {value}"])
            self.attach(name_label, 0, row, 1, 1)
            self.attach(value_label, 1, row, 1, 1)
