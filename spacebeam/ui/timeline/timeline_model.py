"""The timeline's list model: a lazy view of the entries that pass a filter.

A row object exists only while its row is shown, so ten million entries cost no more than ten.
"""

from __future__ import annotations

from typing import NamedTuple

from gi.repository import Gio, GObject

from spacebeam.decode.preview import size
from spacebeam.net.events import MAX_EVENT_PAYLOAD, Note, to_payload
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.view import FilteredView
from spacebeam.wording.i18n import _, ngettext
from spacebeam.wording.recordings import recording_error_words

PREVIEW_BYTES = 2048  # of a payload; no row shows more


class Counts(NamedTuple):
    """The numbers of entries in a timeline."""

    passing: int  # pass the filter, as far as the view has been scanned
    shown: int  # are in the list, or will be in a few frames
    held_back: int  # arrived during the pause
    scanned: int  # were tested against the filter
    is_complete: bool  # whether every entry was tested
    unsearched: int = 0  # were nested too deeply to be tested
    hidden: int = 0  # match a hidden filter, of those before the pause


class TimelineItem(GObject.Object):
    """One entry of the list, read when its row is filled: few rows are ever visible."""

    __gtype_name__ = "SpacebeamTimelineItem"

    def __init__(self, recording: Recording, number: int, before: int) -> None:
        """`before` is the number of the entry before it in the list, or -1."""
        super().__init__()
        self._recording = recording
        self._number = number
        self._before = before

    @property
    def entry(self) -> Entry:
        """The entry, with as much of its payload as a row shows."""
        return read(self._recording, self._number, PREVIEW_BYTES)

    @property
    def before_time(self) -> float | None:
        """The Unix time of the entry before it in the list, if there is one."""
        return None if self._before < 0 else read(self._recording, self._before, 0).time

    @property
    def mark(self) -> Mark | None:
        """The star and note of the entry."""
        return self._recording.marks.get(self._number)


class TimelineModel(GObject.Object, Gio.ListModel):
    """The first entries of a view; `show` updates it."""

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
        """Remove the entries before this number."""
        gone = min(self._view.position(number), self._shown)
        self._view.drop(number)
        if gone:
            self._shown -= gone
            self.items_changed(0, gone, 0)

    def number(self, position: int) -> int:
        """Return the number of the entry at a position, or -1."""
        return self._view.number(position) if 0 <= position < self._shown else -1

    def position(self, number: int) -> int:
        """Return the position of the entry with this number, or -1."""
        at = self._view.position(number)
        return at if self.number(at) == number else -1

    def position_from(self, number: int) -> int:
        """Return the position of the first entry with at least this number."""
        return min(self._view.position(number), self._shown)

    def do_get_item_type(self) -> GObject.GType:
        return TimelineItem.__gtype__

    def do_get_n_items(self) -> int:
        return self._shown

    def do_get_item(self, position: int) -> TimelineItem | None:
        if position >= self._shown:
            return None
        number = self._view.number(position)
        return TimelineItem(self._recording, number, self.number(position - 1))


def read(recording: Recording, number: int, limit: int | None) -> Entry:
    """Return an entry with at most `limit` bytes of its payload, or an event with the error."""
    try:
        entry = recording.entry(number, limit)
        if entry.kind is Kind.EVENT and len(entry.payload) < entry.size:
            return recording.entry(number, MAX_EVENT_PAYLOAD)  # half of its JSON has no meaning
        return entry
    except RecordingError as error:
        words = recording_error_words(error)
    except IndexError:
        words = _("This entry has been discarded.")
    payload = to_payload(Note(words))
    return Entry(number, recording.began, Kind.EVENT, Direction.NONE, len(payload), payload)


def count_words(
    count: int, total_size: int, discarded: int, shown: int, held_back: int, hidden: int = 0
) -> str:
    """Return “1,200 entries, 3.4 KiB” and how many of them are not in the list.

    `discarded` entries left memory, and `shown` ones are in the list. Those `held_back` by a pause
    and the `hidden` ones are said elsewhere.
    """
    if not count:
        return ""
    words = ngettext("{count:,} entry, {size}", "{count:,} entries, {size}", count)
    parts = [words.format(count=count, size=size(total_size))]
    if discarded:
        parts.append(_("{discarded:,} discarded").format(discarded=discarded))
    if shown + discarded + held_back + hidden < count:
        parts.append(_("{shown:,} shown").format(shown=shown))
    return " · ".join(parts)
