"""The tags of a text buffer that shows a page of the help. They follow light and dark."""

from __future__ import annotations

from typing import Any
from weakref import finalize

from gi.repository import Adw, Gdk, Gtk, Pango

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.help.page_text import Mark
from spacebeam.ui.text_marks import match_tags

MARGIN = 18  # pixels; a tag's margin replaces that of the view
_INDENT = 18  # pixels
_GAP = 16  # pixels between two columns
# On Adwaita's backgrounds each has a contrast of 4.5 to 1 or more.
_LINK = "#1a5fb4", "#99c1f1"
_DIM = "#5e5c64", "#c0bfbc"
_CODE = "rgba(0,0,0,0.06)", "rgba(255,255,255,0.1)"

_PROPERTIES: dict[Mark, dict[str, Any]] = {
    Mark.TITLE: {"scale": 1.7, "weight": Pango.Weight.BOLD},
    Mark.SUMMARY: {"scale": 1.05, "pixels-below-lines": 4},
    Mark.SECTION: {"scale": 1.25, "weight": Pango.Weight.BOLD, "pixels-above-lines": 20},
    Mark.PART: {"scale": 1.05, "weight": Pango.Weight.BOLD, "pixels-above-lines": 14},
    Mark.PARAGRAPH: {"pixels-above-lines": 8, "pixels-below-lines": 4},
    # A negative indent is that of the lines after the first one.
    Mark.ITEM: {"pixels-above-lines": 3, "indent": -_INDENT},
    Mark.BLOCK: {"family": "monospace", "scale": 0.92, "indent": -2 * _INDENT},
    Mark.ROW: {"pixels-above-lines": 4},
    Mark.TERM: {"pixels-above-lines": 9, "weight": Pango.Weight.SEMIBOLD},
    Mark.DETAILS: {"left-margin": MARGIN + _INDENT},
    Mark.FIRST: {"pixels-above-lines": 6},
    Mark.LAST: {"pixels-below-lines": 6},
    Mark.LABEL: {},
    Mark.CODE: {"family": "monospace", "scale": 0.92},
    Mark.EMPHASIS: {"style": Pango.Style.ITALIC},
    Mark.STRONG: {"weight": Pango.Weight.BOLD},
    Mark.LINK: {"underline": Pango.Underline.SINGLE},
}


@weak_handlers
class PageTags:
    """Tags by their mark, and those of matches."""

    def __init__(self, buffer: Gtk.TextBuffer) -> None:
        table = buffer.get_tag_table()
        self._tags: dict[Mark, Gtk.TextTag] = {}
        for mark, properties in _PROPERTIES.items():
            tag = Gtk.TextTag(name=mark.value)
            for name, value in properties.items():
                tag.set_property(name, value)
            table.add(tag)
            self._tags[mark] = tag
        self._tags[Mark.ITEM].set_property("tabs", _tab(_INDENT))
        self.match, self.current_match = match_tags()
        for tag in (self.match, self.current_match):
            table.add(tag)
        manager = Adw.StyleManager.get_default()
        handler = manager.connect("notify::dark", self._on_manager_notify_dark)
        finalize(self, manager.disconnect, handler)  # the manager lives as long as the program
        self._on_manager_notify_dark(manager, None)

    def __getitem__(self, mark: Mark) -> Gtk.TextTag:
        return self._tags[mark]

    def set_first_column(self, width: int) -> None:
        """Set the width in pixels of the first of two columns."""
        row = self._tags[Mark.ROW]
        row.set_property("tabs", _tab(width + _GAP))
        row.set_property("indent", -width - _GAP)

    def _on_manager_notify_dark(self, manager: Adw.StyleManager, _property: object) -> None:
        is_dark = manager.get_dark()
        self._tags[Mark.LINK].set_property("foreground", _LINK[is_dark])
        for mark in (Mark.SUMMARY, Mark.LABEL):
            self._tags[mark].set_property("foreground", _DIM[is_dark])
        background = Gdk.RGBA()
        background.parse(_CODE[is_dark])
        self._tags[Mark.CODE].set_property("background-rgba", background)
        self._tags[Mark.BLOCK].set_property("paragraph-background-rgba", background)


def _tab(place: int) -> Pango.TabArray:
    """Return a tab stop at a place in pixels."""
    tabs = Pango.TabArray.new(1, True)
    tabs.set_tab(0, Pango.TabAlign.LEFT, place)
    return tabs
