"""Fills the list's rows: visible ones at once, the others between frames.

A list has about two hundred rows, of which about thirty are visible. After a long scroll all of
them get other entries, and to fill them all takes longer than a frame.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from math import inf

from gi.repository import Gtk

from spacebeam.decode.decoder import Context
from spacebeam.library.settings import DEFAULT_COLUMNS
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.search.decoding import connection_of, context_of
from spacebeam.search.filter import Filter
from spacebeam.search.pair_index import PairIndex
from spacebeam.ui.compat import name_row
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.timeline.columns import Column, Times, columns
from spacebeam.ui.timeline.joined_entries import JoinedEntries, joined_entries
from spacebeam.ui.timeline.pair_note import pair_note
from spacebeam.ui.timeline.row_checks import RowChecks
from spacebeam.ui.timeline.scroll_anchor import VisibleRows
from spacebeam.ui.timeline.timeline_model import TimelineItem
from spacebeam.ui.timeline.timeline_row import TimelineRow
from spacebeam.wording.days import new_day

_FILL_TIME_S = 0.002  # a frame
# Rows outside the visible ones that are filled at once too, as the list's end is not known while it
# is laid out.
_MARGIN_ROWS = 4


@weak_handlers
class Rows:
    """Creates rows with its `factory` and fills them.

    Visible rows are filled when they are bound and by `fill_visible`, the others by `fill_rest`.
    """

    def __init__(self, visible: VisibleRows, wake: Callable[[], None]) -> None:
        """`wake` is called when rows are to be filled in later frames."""
        self._visible = visible
        self._wake = weakly(wake)
        self._waiting: set[Gtk.ListItem] = set()
        self.highlighted: Filter | None = None  # its matches are highlighted
        self.began = 0.0  # Unix time of the recording
        self._handshakes: list[tuple[int, str]] = []  # of the recording, and how many are known
        self._known = 0
        self._connection = Context()
        self._columns = columns(DEFAULT_COLUMNS)
        self._is_narrow = False
        self._decoders: dict[Kind, str] = {}  # names of the decoders that the person chose
        self._contexts: dict[tuple[Kind, Direction, bool], Context] = {}
        self._bound: set[Gtk.ListItem] = set()
        self._is_unfilled = False
        self.pairs: PairIndex | None = None  # of the recording, as far as it was read
        self._checks = RowChecks(self._on_checked)
        self._joined: JoinedEntries | None = None  # of the recording
        self.factory = Gtk.SignalListItemFactory()
        self.factory.connect("setup", self._on_factory_setup)
        self.factory.connect("bind", self._on_factory_bind)
        self.factory.connect("unbind", self._on_factory_unbind)

    @property
    def are_filled(self) -> bool:
        """Whether every row is filled."""
        return not self._waiting

    def choose_decoder(self, kind: Kind, name: str) -> None:
        """Show entries of a kind with the decoder of this name; "" for the best one."""
        self._decoders[kind] = name
        self._contexts.clear()
        self.refill()

    def show_recording(self, recording: Recording) -> None:
        """Decode the entries as those of the recording's connection, which may be a new one."""
        self.began = recording.began
        self._join(joined_entries(recording))
        handshakes = recording.handshakes
        if handshakes is not self._handshakes or len(handshakes) != self._known:
            self._handshakes, self._known = handshakes, len(handshakes)
            self._connection = connection_of(recording, len(recording))
            self._checks.show_recording(recording)
            self._contexts.clear()
            self._waiting |= self._bound

    def _join(self, joined: JoinedEntries) -> None:
        """Show what entries say after those before them, as it is read."""
        if joined is not self._joined:
            if self._joined is not None:
                self._joined.unwatch(self._on_joined)
            self._joined = joined
            joined.watch(self._on_joined)
        joined.read_on()

    def _on_joined(self, numbers: Collection[int]) -> None:
        """Fill rows again that say something else by now."""
        for item in self._bound - self._waiting:
            row = item.get_child()
            if isinstance(row, TimelineRow) and row.number in numbers:
                self._waiting.add(item)
        self.fill_visible()
        self._wake()

    def decode_again(self, recording: Recording) -> None:
        """Fill the rows again, as another schema is used."""
        self._known = -1
        joined_entries(recording).forget()
        self.show_recording(recording)
        self.refill()

    def show_columns(self, columns: tuple[Column, ...]) -> None:
        """Show these columns beside the payload."""
        if columns != self._columns:
            self._columns = columns
            self.refill()

    def show_narrow(self, is_narrow: bool) -> None:
        """Leave out the size, which the inspector tells too, in a narrow window."""
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self.refill()

    def show_pairs(self, pairs: PairIndex | None) -> None:
        """Show the questions of answers, and which have none, as they are known by now."""
        self.pairs = pairs
        for item in self._bound - self._waiting:
            row = item.get_child()
            if isinstance(row, TimelineRow) and self._show_pair(item, row):
                _name(item, row)

    def _show_pair(self, item: Gtk.ListItem, row: TimelineRow) -> bool:
        """Show a row's question; return whether it is another one than before."""
        if self.pairs is None or not isinstance(shown := item.get_item(), TimelineItem):
            return False
        found = self.pairs.counterpart(row.number)
        age = 0.0
        if found is not None and found.is_answer and found.number < 0:
            is_over = "ended" in self.pairs.recording.facts
            age = inf if is_over else time.time() - shown.entry.time
        return row.show_pair(pair_note(found, age, is_narrow=self._is_narrow))

    def _on_checked(self, numbers: set[int]) -> None:
        """Show what was found in messages of rows."""
        for item in self._bound - self._waiting:
            row, shown = item.get_child(), item.get_item()
            if not (isinstance(row, TimelineRow) and isinstance(shown, TimelineItem)):
                continue
            if row.number in numbers:
                row.show_violation(self._checks.note(shown.entry, self._context(shown.entry)))
                _name(item, row)

    def refill(self) -> None:
        """Fill all rows again, the visible ones at once."""
        self._waiting |= self._bound
        self.fill_visible()
        self._wake()

    @contextmanager
    def unfilled(self) -> Iterator[None]:
        """Fill no row within the context, and none that waits.

        Their recording may be closed, and reading would open it again.
        """
        self._waiting.clear()
        if self._joined is not None:
            self._joined.stop()
        self._is_unfilled = True
        try:
            yield
        finally:
            self._is_unfilled = False

    def fill_visible(self) -> None:
        """Fill the rows that are visible after the list was scrolled or resized."""
        first, end = self._visible.bounds(_MARGIN_ROWS)
        for item in [one for one in self._waiting if first < one.get_position() < end]:
            self._fill(item)

    def fill_rest(self) -> bool:
        """Fill other rows for a small part of a frame; return whether every row is filled."""
        deadline = time.monotonic() + _FILL_TIME_S
        while self._waiting and time.monotonic() < deadline:
            self._fill(next(iter(self._waiting)))
        return self.are_filled

    def _is_visible(self, item: Gtk.ListItem) -> bool:
        return self._visible.contains(item.get_position(), _MARGIN_ROWS)

    def _fill(self, item: Gtk.ListItem) -> None:
        self._waiting.discard(item)
        row, shown = item.get_child(), item.get_item()
        if isinstance(row, TimelineRow) and isinstance(shown, TimelineItem):
            entry, before = shown.entry, shown.before_time
            row.show_columns(self._shown_columns())
            context, times = self._context(entry), Times(before, self.began)
            joined = None
            if self._joined is not None and not context.chosen:
                joined = self._joined.find(entry)
            row.show_entry(entry, shown.mark, self.highlighted, context, times, joined)
            row.show_new_day(new_day(entry.time, before))
            row.show_violation(self._checks.note(entry, context))
            self._show_pair(item, row)
            _name(item, row)

    def _shown_columns(self) -> tuple[Column, ...]:
        if not self._is_narrow:
            return self._columns
        return tuple(one for one in self._columns if one is not Column.SIZE)

    def _context(self, entry: Entry) -> Context:
        key = entry.kind, entry.direction, len(entry.payload) < entry.size
        context = self._contexts.get(key)
        if context is None:
            kind, direction, is_cut = key
            chosen = self._decoders.get(kind, "")
            context = context_of(
                kind, direction, is_cut=is_cut, chosen=chosen, connection=self._connection
            )
            self._contexts[key] = context
        return context

    def _on_factory_setup(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        item.set_child(TimelineRow())

    def _on_factory_bind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._bound.add(item)
        if self._is_unfilled:
            return
        if self._is_visible(item):
            self._fill(item)
        else:
            self._waiting.add(item)

    def _on_factory_unbind(self, _factory: Gtk.ListItemFactory, item: Gtk.ListItem) -> None:
        self._waiting.discard(item)
        self._bound.discard(item)


def _name(item: Gtk.ListItem, row: TimelineRow) -> None:
    """Name a row for screen readers."""
    name_row(item, ", ".join(filter(None, (row.accessible_name, row.notes_text))))
