"""Marks ranges of a label's or an entry's text.

Pango counts bytes of UTF-8; the rest of the program counts characters, and this module converts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gi.repository import Gdk, Gtk, Pango

MATCH_COLOR = "#f5c211"  # at this opacity text stays readable, light or dark
MATCH_ALPHA = 0.35
CURRENT_COLOR = "#ff7800"
CURRENT_ALPHA = 0.6

_ERROR = "underline error", "underline-color #e01b24"
_MATCH = f"background {MATCH_COLOR}", f"background-alpha {int(MATCH_ALPHA * 0xFFFF)}"

Range = tuple[int, int]  # offsets in characters


def byte_ranges(text: str, ranges: Iterable[Range]) -> list[Range]:
    """Convert sorted, disjoint ranges from characters to bytes of UTF-8."""
    if text.isascii():
        return list(ranges)
    found = []
    counted = size = 0  # characters, and their bytes
    for start, end in ranges:
        first = size + len(text[counted:start].encode())
        size = first + len(text[start:end].encode())
        counted = end
        found.append((first, size))
    return found


def error_attributes(text: str, ranges: Sequence[Range]) -> Pango.AttrList:
    """Return attributes that underline ranges in red."""
    return _attributes(byte_ranges(text, ranges), _ERROR)


def match_attributes(text: str, ranges: Sequence[Range], color: str = "") -> Pango.AttrList:
    """Return attributes that colour the background of matches, and all text in `color`."""
    whole = [f"0 {len(text.encode())} foreground {color}"] if color and text else []
    return _attributes(byte_ranges(text, ranges), _MATCH, whole)


def _attributes(
    ranges: Iterable[Range], styles: tuple[str, ...], others: Sequence[str] = ()
) -> Pango.AttrList:
    # One call for all ranges: twenty separate attributes take fifteen times as long.
    marked = [f"{start} {end} {style}" for start, end in ranges for style in styles]
    return Pango.AttrList.from_string(",".join([*others, *marked])) or Pango.AttrList()


def match_tags() -> tuple[Gtk.TextTag, Gtk.TextTag]:
    """Return the tags of a text buffer for matches and for the current match."""
    tags = Gtk.TextTag(name="match"), Gtk.TextTag(name="current-match")
    colors = (MATCH_COLOR, MATCH_ALPHA), (CURRENT_COLOR, CURRENT_ALPHA)
    for tag, (name, alpha) in zip(tags, colors, strict=True):
        color = Gdk.RGBA()
        color.parse(name)
        color.alpha = alpha
        tag.set_property("background-rgba", color)
    return tags
