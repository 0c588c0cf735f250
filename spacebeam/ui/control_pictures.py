"""Control characters as text, where the font has no pictures for them.

Few fonts have the pictures from U+2400 on; boxes with digits would be drawn in their place.
"""

from __future__ import annotations

from gi.repository import Gtk, Pango

_FIRST, _LAST = "\u2400", "\u2421"
_NAMES = {0x2409: "\u21e5", 0x240A: "\u21b5", 0x2421: "\\x7f"}  # tab, line feed, delete
_TEXTS = {0x2400 + code: f"\\x{code:02x}" for code in range(0x20)} | {0x2400: "\\0"} | _NAMES

_has_pictures: bool | None = None


def shown_controls(text: str, widget: Gtk.Widget) -> str:
    """Return a text in which a font can show all control pictures; `widget` has the font."""
    if text.isascii() or not any(_FIRST <= one <= _LAST for one in text):
        return text
    return text if _are_in_font(widget) else text.translate(_TEXTS)


def _are_in_font(widget: Gtk.Widget) -> bool:
    """Return whether pictures can be drawn; fonts do not change often enough to look again."""
    global _has_pictures
    if _has_pictures is None:
        layout: Pango.Layout = widget.create_pango_layout(_FIRST + "\u240a")
        layout.set_attributes(Pango.AttrList.from_string("0 -1 family monospace"))
        _has_pictures = layout.get_unknown_glyphs_count() == 0
    return _has_pictures
