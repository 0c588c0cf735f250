"""Colours the matches on the shown page, a few milliseconds at a time."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.hyphens import MAX_RANGES, allow_hyphens
from spacebeam.ui.inspector.match_finder import MatchFinder
from spacebeam.ui.inspector.pages import Page
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.text_marks import Range, match_tags

_SLICE_S = 0.001
_UNMARKED = 32  # matches whose colour is removed in one step


@weak_handlers
class MatchMarker:
    """Gives the finder's matches a colour in a buffer that shows one page."""

    def __init__(self, buffer: Gtk.TextBuffer, finder: MatchFinder) -> None:
        self._buffer = buffer
        self._finder = finder
        self._page: Page | None = None
        self._marked: list[Range] = []
        self._stale: list[Range] = []  # ranges that have the colour of an earlier filter
        self._last = 0  # index of the last marked match; it may have become longer
        self._current: Range | None = None
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        self._has_more = False  # there are new matches since the task started
        self._tag, self.current_tag = match_tags()
        for tag in (self._tag, self.current_tag):
            buffer.get_tag_table().add(tag)

    def show_page(self, page: Page | None) -> None:
        """Mark a page that was just put into the buffer, or none."""
        self._task.stop()
        self._page = page
        self._marked, self._stale, self._last, self._current = [], [], 0, None
        self.update()

    def forget_matches(self) -> None:
        """Remove the marks at the next update: the finder's filter changes."""
        self._task.stop()
        self._stale += self._marked
        self._marked, self._last = [], 0
        self.set_current(-1)

    def update(self) -> None:
        """Mark the new matches."""
        if self._task.is_busy:
            self._has_more = True
        else:
            self._task.start(self._mark())

    def set_current(self, place: int) -> None:
        """Mark a match on the page as the current one; -1 for none."""
        if self._current is not None:
            self._buffer.remove_tag(self.current_tag, *self._iters(self._current))
        self._current = self.range(place)
        if self._current is not None:
            self._buffer.apply_tag(self.current_tag, *self._iters(self._current))

    def range(self, place: int) -> Range | None:
        """Return where a match is in the buffer, or None if it is not on the page."""
        if self._page is None or place < 0:
            return None
        found = next(self._finder.on_page(self._page.number, place), None)
        return None if found is None or found[0] != place else self._shown(self._page, found[1])

    def _mark(self) -> Iterator[None]:
        # Marking many matches of a line in one step would take a tenth of a second.
        while stale := self._stale[-_UNMARKED:]:
            self._buffer.remove_tag(self._tag, *self._iters((stale[0][0], stale[-1][1])))
            del self._stale[-_UNMARKED:]
            yield
        page = self._page
        if page is None:
            return
        for place, found in self._finder.on_page(page.number, self._last):
            self._last = place
            shown = self._shown(page, found)
            self._marked.append(shown)
            if len(self._marked) == MAX_RANGES:
                allow_hyphens(self._buffer)
            self._buffer.apply_tag(self._tag, *self._iters(shown))
            yield

    def _on_task_done(self) -> None:
        if self._has_more:
            self._has_more = False
            self._task.start(self._mark())

    def _shown(self, page: Page, found: Range) -> Range:
        return page.to_shown(found[0]), page.to_shown(max(found[1] - 1, 0)) + 1

    def _iters(self, shown: Range) -> tuple[Gtk.TextIter, Gtk.TextIter]:
        start, end = shown
        return self._buffer.get_iter_at_offset(start), self._buffer.get_iter_at_offset(end)
