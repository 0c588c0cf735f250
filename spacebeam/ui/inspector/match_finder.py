"""Finds and colours in a text buffer what a filter looks for, a few milliseconds at a time.

The text is looked at in windows that overlap, so that it can be looked at while it still grows.
What is longer than the overlap is found only as far as one window holds it.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator
from itertools import chain

from gi.repository import GLib, Gtk

from spacebeam.search.filter import Filter
from spacebeam.search.highlights import has_highlights, highlights
from spacebeam.ui.text_marks import Range, match_tags

MOST = 5000  # matches in one text that are found
_SLICE = 0.002  # seconds of work in one go; filling the text takes its own
_WINDOW = 2048  # characters looked at in one go
_OVERLAP = 1024  # characters beyond them on both sides
_UNMARKED = 32  # matches whose colour is taken away in one go


class MatchFinder:
    """Matches in a buffer, in order. `on_found` is told when there are more or it is done."""

    def __init__(
        self, buffer: Gtk.TextBuffer, is_growing: Callable[[], bool], on_found: Callable[[], None]
    ) -> None:
        self._buffer = buffer
        self._is_growing = is_growing
        self._on_found = on_found
        self._filter: Filter | None = None
        self._starts, self._ends = array("q"), array("q")
        self._former: list[tuple[array[int], array[int]]] = []  # matches that still have a colour
        self._current = -1
        self._text_column = 0
        self._work: Iterator[bool] = iter(())
        self._source = 0
        self._is_done = True
        self._tag, self._current_tag = match_tags()
        for tag in (self._tag, self._current_tag):
            buffer.get_tag_table().add(tag)

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def is_on(self) -> bool:
        """Whether there is something to look for."""
        return self._filter is not None

    @property
    def is_done(self) -> bool:
        """Whether all of the text was looked at, or as much as there is to be found."""
        return self._is_done or self._filter is None

    @property
    def current(self) -> int:
        """Which match was gone to, from 0 on; -1 for none."""
        return self._current

    def look_for(self, wanted: Filter | None) -> None:
        """Look for something else, or for nothing."""
        self._filter = wanted if wanted is not None and has_highlights(wanted) else None
        if self._current >= 0:
            self._buffer.remove_tag(self._current_tag, *self._bounds(self._current))
        self._former.append((self._starts, self._ends))
        self._begin()

    def restart(self, text_column: int = 0) -> None:
        """The buffer was emptied, and begins to be filled with another text.

        What stands before `text_column` on its lines is no match: a dump has numbers of its own.
        """
        self._text_column = text_column
        self._former.clear()
        self._begin()

    def _begin(self) -> None:
        self.stop()
        self._starts, self._ends = array("q"), array("q")
        self._current = -1
        self._is_done = False
        self._work = chain(self._unmark(), self._look())
        if self._go_on():
            self.wake()
        self._on_found()

    def wake(self) -> None:
        """The text is longer now, or whole."""
        if not self._is_done and not self._source:
            # Below redraws, as what fills the text.
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_DEFAULT_IDLE)

    def stop(self) -> None:
        """Look no further."""
        if self._source:
            GLib.source_remove(self._source)
            self._source = 0
        self._is_done = True

    def go_to(self, place: int) -> Gtk.TextIter:
        """Colour this match as the one that was gone to; gives where it begins."""
        if self._current >= 0:
            self._buffer.remove_tag(self._current_tag, *self._bounds(self._current))
        self._current = place
        start, end = self._bounds(place)
        self._buffer.apply_tag(self._current_tag, start, end)
        return start

    def first(self) -> Gtk.TextIter | None:
        """Where the first match begins."""
        return self._buffer.get_iter_at_offset(self._starts[0]) if self._starts else None

    def _on_idle(self) -> bool:
        before = len(self)
        goes_on = self._go_on()
        if not goes_on:
            self._source = 0
        if len(self) > before or self._is_done:
            self._on_found()
        return goes_on

    def _go_on(self) -> bool:
        """Work for a moment; whether there is more to do before the text grows."""
        until = time.monotonic() + _SLICE
        for was_done in self._work:
            if not was_done:
                return False
            if time.monotonic() > until:
                return True
        self._is_done = True
        return False

    def _unmark(self) -> Iterator[bool]:
        """Take the colour from what was found before: all at once would take a tenth of a second
        where there are many in a line."""
        while self._former:
            starts, ends = self._former[-1]
            if not starts:
                self._former.pop()
                continue
            bounds = self._iters(starts[-_UNMARKED:][0], ends[-1])
            self._buffer.remove_tag(self._tag, *bounds)
            del starts[-_UNMARKED:], ends[-_UNMARKED:]
            yield True

    def _look(self) -> Iterator[bool]:
        """Yields whether something was done; if not, the text has to grow first."""
        position, wanted = 0, self._filter
        while wanted is not None and len(self) < MOST:
            is_growing, count = self._is_growing(), self._buffer.get_char_count()
            end = min(position + _WINDOW, count)
            if is_growing and position + _WINDOW + _OVERLAP > count:
                yield False
            elif position >= count:
                return
            else:
                yield True
                for start, behind in self._found(wanted, position, end, count):
                    self._add(start, behind)
                    yield True
                position = end

    def _found(self, wanted: Filter, begin: int, end: int, count: int) -> Iterator[Range]:
        """The matches in a window, of those that reach out of it the part that is in it."""
        seen = max(begin - _OVERLAP, 0)
        bounds = self._iters(seen, min(end + _OVERLAP, count))
        text = self._buffer.get_slice(*bounds, include_hidden_chars=True)
        for start, behind in highlights(wanted, text):
            start, behind = start + seen, min(behind + seen, end)
            if start < begin < behind and self._ends and self._ends[-1] == begin:
                yield begin, behind
            elif begin <= start < end and self._is_text(start):
                yield start, behind

    def _is_text(self, offset: int) -> bool:
        if not self._text_column:
            return True
        return int(self._buffer.get_iter_at_offset(offset).get_line_offset()) >= self._text_column

    def _add(self, start: int, end: int) -> None:
        if self._ends and self._ends[-1] == start:
            self._ends[-1] = end  # it began in the window before
        elif len(self) < MOST:
            self._starts.append(start)
            self._ends.append(end)
        else:
            return
        self._buffer.apply_tag(self._tag, *self._iters(start, end))

    def _bounds(self, place: int) -> tuple[Gtk.TextIter, Gtk.TextIter]:
        return self._iters(self._starts[place], self._ends[place])

    def _iters(self, start: int, end: int) -> tuple[Gtk.TextIter, Gtk.TextIter]:
        return self._buffer.get_iter_at_offset(start), self._buffer.get_iter_at_offset(end)
