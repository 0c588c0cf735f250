"""A preview of a frame's bytes with their meanings."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.protocol.raw_frame import RawFrame
from spacebeam.wording.i18n import _

SHOWN_BYTES = 64  # of the payload

_HEADER_CHARACTERS = 23  # of the longest part of a header, an 8-byte length


class FramePreview(Gtk.Grid):
    """Shows the header's bytes beside their meanings, and the payload's below."""

    __gtype_name__ = "SpacebeamFramePreview"

    def __init__(self) -> None:
        super().__init__()
        # Not as arguments: a template would ignore them.
        self.set_column_spacing(12)
        self.set_row_spacing(3)
        self.update_property([Gtk.AccessibleProperty.LABEL], [_("The frame's bytes")])

    def show_frame(self, frame: RawFrame | None) -> None:
        """Show a frame, or nothing."""
        while (child := self.get_first_child()) is not None:
            self.remove(child)
        if frame is None:
            return
        parts = frame.parts(SHOWN_BYTES)
        header, payload = (parts[:-1], parts[-1]) if frame.payload else (parts, None)
        for row, part in enumerate(header):
            self.attach(_bytes_label(part.data.hex(" ")), 0, row, 1, 1)
            self.attach(_words_label(part.words), 1, row, 1, 1)
        if payload is not None:
            cut = " …" if len(frame.payload) > SHOWN_BYTES else ""
            words_label = _words_label(payload.words)
            words_label.set_margin_top(3)
            self.attach(words_label, 0, len(header), 2, 1)
            self.attach(_bytes_label(payload.data.hex(" ") + cut), 0, len(header) + 1, 2, 1)


def _bytes_label(text: str) -> Gtk.Label:
    # Only the payload wraps; a wrapped label would be narrower than its text.
    label = Gtk.Label(label=text, xalign=0, wrap=len(text) > _HEADER_CHARACTERS, selectable=True)
    label.set_valign(Gtk.Align.BASELINE)
    label.add_css_class("wire-bytes")
    return label


def _words_label(text: str) -> Gtk.Label:
    label = Gtk.Label(label=text, xalign=0, wrap=True, hexpand=True)
    label.set_valign(Gtk.Align.BASELINE)
    label.add_css_class("dim-label")
    return label
