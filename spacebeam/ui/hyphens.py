"""No hyphens where a line breaks inside a word: a token would show characters it does not have."""

from __future__ import annotations

from gi.repository import Gtk, Pango

_TAG = "no-hyphens"
MAX_RANGES = 400  # of other tags in a buffer; Pango's time grows with the square of a line's ranges


def no_hyphens() -> Pango.AttrList:
    """Return the attributes of a label without hyphens."""
    attributes = Pango.AttrList()
    attributes.insert(Pango.attr_insert_hyphens_new(False))
    return attributes


def never_hyphenate(buffer: Gtk.TextBuffer) -> None:
    """Show all text that is put into a buffer without hyphens."""
    tag = buffer.create_tag(_TAG)
    tag.set_property("insert-hyphens", False)
    buffer.connect_after("insert-text", _on_buffer_insert_text)


def allow_hyphens(buffer: Gtk.TextBuffer) -> None:
    """Show the present text as Pango does: with more than MAX_RANGES coloured ranges, in time."""
    buffer.remove_tag_by_name(_TAG, *buffer.get_bounds())


def _on_buffer_insert_text(
    buffer: Gtk.TextBuffer, end: Gtk.TextIter, text: str, _length: int
) -> None:
    start = end.copy()
    start.backward_chars(len(text))
    buffer.apply_tag_by_name(_TAG, start, end)
