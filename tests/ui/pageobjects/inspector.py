"""The inspector as other parts' tests use it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.match_bar import MatchBar
from tests.ui.doing import text
from tests.ui.pageobjects.page import Page, child


class InspectorPage(Page[Inspector]):
    """One entry in full."""

    @property
    def buffer(self) -> Gtk.TextBuffer:
        return self.child("_text_view", Gtk.TextView).get_buffer()

    @property
    def text(self) -> str:
        return text(self.buffer)

    @property
    def matches(self) -> str:
        """How many matches of the filter the payload has, and which of them is shown."""
        bar = self.child("_match_bar", MatchBar)
        return child(bar, "_label", Gtk.Label).get_text() if bar.get_mapped() else ""
