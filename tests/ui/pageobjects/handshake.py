"""The handshake window as a person uses it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.handshake.handshake_window import HandshakeWindow
from tests.ui.doing import descendants, text
from tests.ui.pageobjects.page import Page, has_focus

PREVIOUS = "Previous handshake of this recording"
NEXT = "Next handshake of this recording"
COPY = "Copy the whole report as text"
REDACTED = "Passwords, tokens, keys and cookies are left out."


class HandshakePage(Page[HandshakeWindow]):
    """One handshake of a recording, with buttons that lead to the others."""

    @property
    def view(self) -> Gtk.TextView:
        """The request and the response."""
        (view,) = descendants(self.widget, Gtk.TextView)
        return view

    @property
    def text(self) -> str:
        """The request and the response."""
        return text(self.view.get_buffer())

    @property
    def is_redacted(self) -> bool:
        """Whether it says that secrets are left out."""
        return REDACTED in self.words

    def focuses(self, label: str) -> bool:
        """Return whether this button has the keyboard focus."""
        return has_focus(self.button(label))
