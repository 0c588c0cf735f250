"""Offers a text to other programs, by the clipboard or a drag."""

from __future__ import annotations

from gi.repository import Gdk, GLib

_TYPES = ("text/plain;charset=utf-8", "text/plain")


def content(text: str) -> Gdk.ContentProvider:
    """Return a text of any length as a clipboard or a drag offers it.

    GTK would convert a Python string only when another program asks for it. On X11, that stops the
    window for good for more than 256 KiB (GTK 4.8: closing the stream waits for the main loop).
    """
    data = GLib.Bytes.new(text.encode(errors="replace"))
    return Gdk.ContentProvider.new_union(
        [Gdk.ContentProvider.new_for_bytes(name, data) for name in _TYPES]
    )


def put(text: str, clipboard: Gdk.Clipboard) -> None:
    """Put a text of any length into a clipboard."""
    clipboard.set_content(content(text))
