"""A recording as GTK's lists want it: an object that says when it is another."""

from __future__ import annotations

from gi.repository import GObject

from spacebeam.library.recording_info import RecordingInfo


class RecordingItem(GObject.Object):
    """Holds a RecordingInfo; `notify::kept` follows every change."""

    __gtype_name__ = "SpacebeamRecordingItem"

    kept = GObject.Property(type=object)

    def __init__(self, kept: RecordingInfo) -> None:
        super().__init__()
        self.kept = kept

    def update(self, kept: RecordingInfo) -> None:
        """Show what the file says now."""
        if kept != self.kept:
            self.kept = kept
