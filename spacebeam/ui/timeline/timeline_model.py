"""The list on screen: a lazy model over what a filter lets through of a recording.

A row object exists only while it is shown, so ten million entries cost no more than ten.
"""

from __future__ import annotations

from gi.repository import Gio, GObject

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView

PREVIEW_BYTES = 2048  # of a payload; no row shows more


class TimelineItem(GObject.Object):
    """One entry on its way to a row, read when it is asked for: few of the rows are seen."""

    __gtype_name__ = "SpacebeamTimelineItem"

    def __init__(self, recording: Recording, number: int) -> None:
        super().__init__()
        self._recording = recording
        self._number = number

    @property
    def entry(self) -> Entry:
        """The entry, with no more of its payload than a row shows."""
        return read(self._recording, self._number, PREVIEW_BYTES)

    @property
    def mark(self) -> Mark | None:
        """What the person said about it."""
        return self._recording.marks.get(self._number)


class TimelineModel(GObject.Object, Gio.ListModel):
    """The entries of a view; it changes when it is told to look."""

    __gtype_name__ = "SpacebeamTimelineModel"

    def __init__(self) -> None:
        super().__init__()
        self._recording = Recording()
        self._view = FilteredView(self._recording)
        self._shown = 0

    @property
    def recording(self) -> Recording:
        return self._recording

    @property
    def view(self) -> FilteredView:
        return self._view

    def show(self, recording: Recording, view: FilteredView, count: int) -> None:
        """Show the first `count` entries of a view."""
        before, self._shown = self._shown, count
        if view is not self._view:
            self._recording, self._view = recording, view
            self.items_changed(0, before, count)
        elif count > before:
            self.items_changed(before, 0, count - before)
        elif count < before:
            self.items_changed(count, before - count, 0)

    def drop(self, number: int) -> None:
        """Show the entries before this number no longer."""
        gone = min(self._view.position(number), self._shown)
        self._view.drop(number)
        if gone:
            self._shown -= gone
            self.items_changed(0, gone, 0)

    def refresh(self, position: int) -> None:
        """What is shown there is to be read again."""
        if position < self._shown:
            self.items_changed(position, 1, 1)

    def number(self, position: int) -> int:
        """The number of the entry that is shown there, or -1."""
        return self._view.number(position) if 0 <= position < self._shown else -1

    def position(self, number: int) -> int:
        """Where the entry with this number is shown, or -1."""
        at = self._view.position(number)
        return at if self.number(at) == number else -1

    def position_behind(self, number: int) -> int:
        """Where the entry with this number is shown, or the first behind it."""
        return min(self._view.position(number), self._shown)

    def do_get_item_type(self) -> GObject.GType:
        return TimelineItem.__gtype__

    def do_get_n_items(self) -> int:
        return self._shown

    def do_get_item(self, position: int) -> TimelineItem | None:
        if position >= self._shown:
            return None
        return TimelineItem(self._recording, self._view.number(position))


def read(recording: Recording, number: int, limit: int | None) -> Entry:
    """An entry, with so many bytes of its payload; where it cannot be read, an event says why."""
    try:
        return recording.entry(number, limit)
    except RecordingError as error:
        words = str(error)
    except IndexError:
        words = "This entry is no longer there."
    said = words.encode(errors="replace")  # a file's name may be no text
    return Entry(number, recording.began, Kind.EVENT, Direction.NONE, len(said), said)
