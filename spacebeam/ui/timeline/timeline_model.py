"""The list on screen: a lazy model over a recording.

A row object exists only while it is shown, so ten million entries cost no more than ten.
"""

from __future__ import annotations

from gi.repository import Gio, GObject

from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording

PREVIEW_BYTES = 2048  # of a payload; no row shows more


class TimelineItem(GObject.Object):
    """One entry on its way to a row."""

    __gtype_name__ = "SpacebeamTimelineItem"

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry


class TimelineModel(GObject.Object, Gio.ListModel):
    """The entries of a recording; it grows when it is told to look."""

    __gtype_name__ = "SpacebeamTimelineModel"

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        self._shown = 0

    @property
    def recording(self) -> Recording:
        return self._recording

    def show(self, recording: Recording, at_most: int | None = None) -> None:
        """Show another recording, or more of the same; `at_most` bounds how many are new."""
        if recording is not self._recording:
            removed, self._shown = self._shown, 0
            self._recording = recording
            self.items_changed(0, removed, 0)
        before = self._shown
        new = len(recording) - before
        if at_most is not None:
            new = min(new, at_most)
        if new > 0:
            self._shown = before + new
            self.items_changed(before, 0, new)

    def do_get_item_type(self) -> GObject.GType:
        return TimelineItem.__gtype__

    def do_get_n_items(self) -> int:
        return self._shown

    def do_get_item(self, position: int) -> TimelineItem | None:
        if position >= self._shown:
            return None
        return TimelineItem(self._recording.entry(position, PREVIEW_BYTES))
