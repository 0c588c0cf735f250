"""The inspector as other parts' tests use it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.inspector.inspector import Inspector
from tests.ui.doing import text
from tests.ui.pageobjects.page import Page


class InspectorPage(Page[Inspector]):
    """One entry in full."""

    @property
    def buffer(self) -> Gtk.TextBuffer:
        return self.child("_text_view", Gtk.TextView).get_buffer()

    @property
    def text(self) -> str:
        return text(self.buffer)

    @property
    def is_filling(self) -> bool:
        """Whether a part of a long text is still to be shown."""
        return self.widget._filler.is_busy

    @property
    def match(self) -> int | None:
        """The position of the current match; None while the text is still searched."""
        finder = self.widget._finder
        return finder.current if finder.is_done else None
