"""Where the keyboard focus is."""

from __future__ import annotations

from gi.repository import Gtk


def focus_of(widget: Gtk.Widget) -> Gtk.Widget | None:
    """Return the widget with the keyboard focus in the window of `widget`."""
    root = widget.get_root()
    return root.get_focus() if isinstance(root, Gtk.Window) else None


def has_focus(widget: Gtk.Widget) -> bool:
    """Return whether the keyboard focus is on `widget` or inside it.

    `get_focus_child` may still tell where it was: GTK does not always clear that.
    """
    focus = focus_of(widget)
    return focus is not None and (focus is widget or focus.is_ancestor(widget))


def select_all(entry: Gtk.Entry | Gtk.SearchEntry) -> bool:
    """Focus an entry with its text selected; return whether that was possible.

    The selection is not offered to other programs as `grab_focus` would offer it. When the first
    key replaces it, GTK 4.8 would withdraw that offer, and the input method would lose the key.
    """
    text = entry.get_delegate()
    assert isinstance(text, Gtk.Text)
    is_focused = text.grab_focus_without_selecting()
    text.activate_action("selection.select-all", None)
    return is_focused
