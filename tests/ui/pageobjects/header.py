"""The window's header bar as a person sees it."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.window.window_header import WindowHeader
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page


class HeaderPage(Page[WindowHeader]):
    """The title, the state and the buttons of the selected tab."""

    @property
    def title(self) -> Gtk.Label:
        return self.child("_title_label", Gtk.Label)

    @property
    def status(self) -> str:
        """The state of the connection in words, or "" while none is shown."""
        label = self.child("_status_label", Gtk.Label)
        return label.get_text() if label.get_mapped() else ""

    @property
    def look(self) -> tuple[str, tuple[str, ...]] | None:
        """The icon of the state and its style classes; None while there is none."""
        image = self.child("_status_image", Gtk.Image)
        return (
            (image.get_icon_name() or "", tuple(image.get_css_classes()))
            if image.get_mapped()
            else None
        )

    @property
    def hint(self) -> str:
        """The tooltip of the title."""
        return self.child("_heading_box", Gtk.Box).get_tooltip_text() or ""


def header_above(widget: Gtk.Widget) -> HeaderPage:
    """Return the header bar of a widget's window."""
    root = widget.get_root()
    assert isinstance(root, Gtk.Window)
    return HeaderPage(next(descendants(root, WindowHeader)))
