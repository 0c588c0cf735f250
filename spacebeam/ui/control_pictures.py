"""Whether the font has pictures of control characters (from U+2400 on), as few fonts do."""

from __future__ import annotations

from gi.repository import Gtk, Pango

_PICTURES = "\u2400\u2409\u240a\u241b\u2421"


def are_in_font() -> bool:
    """Return whether the monospace font, or another that takes its place, has the pictures."""
    layout: Pango.Layout = Gtk.Label().create_pango_layout(_PICTURES)
    layout.set_attributes(Pango.AttrList.from_string("0 -1 family monospace"))
    return layout.get_unknown_glyphs_count() == 0
