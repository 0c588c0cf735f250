"""Keeps files of private conversations out of the desktop's recent files.

GTK's file chooser adds each chosen file to them, a moment after it has answered, and then writes
the list. `gtk-recent-files-enabled` is no way out: it empties the list.
"""

from __future__ import annotations

import time

from gi.repository import GLib, Gtk

_CHECK_EVERY_MS = 20  # `changed` comes only after the list was written
_MAX_WAIT_S = 10.0  # the desktop's file chooser may be a program of its own, and slow


def recent_uris() -> set[str]:
    """Return the URIs of the recent files."""
    return {item.get_uri() for item in Gtk.RecentManager.get_default().get_items()}


def forget_recent(uri: str) -> None:
    """Remove a file from the recent files as soon as it is added."""
    manager = Gtk.RecentManager.get_default()
    deadline = time.monotonic() + _MAX_WAIT_S

    def check() -> bool:
        # GTK complains about `has_item` of an empty list.
        if manager.get_items() and manager.has_item(uri):
            manager.remove_item(uri)
            return GLib.SOURCE_REMOVE
        return GLib.SOURCE_CONTINUE if time.monotonic() < deadline else GLib.SOURCE_REMOVE

    GLib.timeout_add(_CHECK_EVERY_MS, check)
