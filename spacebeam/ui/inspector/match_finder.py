"""Finds a filter's matches in all pages of a payload, in slices of a few milliseconds.

The text is searched in overlapping windows. A match that is longer than the overlap is cut at the
end of a window.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Generator, Iterator

from spacebeam.search.filter import Filter
from spacebeam.search.highlights import has_highlights, highlights
from spacebeam.ui.inspector.pages import Page, PageReader, hidden_ranges, is_within
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.text_marks import Range

MAX_MATCHES = 5000  # in one payload
_SLICE_S = 0.002
_WINDOW = 2048  # characters searched in one step
_OVERLAP = 1024  # characters beyond them on both sides


class MatchFinder:
    """Matches in a rendered payload, in order; offsets count from the beginning of its text.

    `on_found` is called for new matches, for progress, and at the end of the search.
    """

    def __init__(self, on_found: Callable[[], None]) -> None:
        self._on_found = on_found
        self._filter: Filter | None = None
        self._reader: PageReader | None = None
        self._size = 1  # of the payload in bytes
        self._task = SlicedTask(_SLICE_S, on_found, on_found)
        self._text = _Window()
        self._starts, self._ends = array("q"), array("q")
        self.is_stopped = False  # before all of the text was searched

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, place: int) -> Range:
        """Return the range of a match in the whole text."""
        return self._starts[place], self._ends[place]

    @property
    def is_on(self) -> bool:
        """Whether there is a filter with matches to highlight."""
        return self._filter is not None

    @property
    def is_done(self) -> bool:
        """Whether the search is complete, was stopped, or has found MAX_MATCHES."""
        return not self._task.is_busy

    @property
    def progress(self) -> float:
        """The searched fraction of the payload, from 0 to 1."""
        if self._reader is None:
            return 0
        return min(self._reader.offset(len(self._text.pages)) / self._size, 1)

    def look_for(self, wanted: Filter | None) -> None:
        """Search for another filter's matches, or for none."""
        self._filter = wanted if wanted is not None and has_highlights(wanted) else None
        self._begin()

    def search(self, reader: PageReader | None, size: int = 1) -> None:
        """Search another text, of a payload of `size` bytes."""
        self._reader, self._size = reader, max(size, 1)
        self._begin()

    def stop(self) -> None:
        """Stop the search."""
        self.is_stopped = self.is_stopped or self._task.is_busy
        self._task.stop()

    def page_of(self, place: int) -> int:
        """Return the number of the page where a match begins."""
        return bisect_right(self._text.pages, self._starts[place]) - 1

    def on_page(self, number: int, begin: int = 0) -> Iterator[tuple[int, Range]]:
        """Yield the matches that lie on a page, from the match `begin` on: index and range.

        The ranges are in the page's rendered text.
        """
        pages = self._text.pages
        if number >= len(pages):
            return
        first = pages[number]
        end = pages[number + 1] if number + 1 < len(pages) else self._text.size
        for place in range(max(begin, bisect_right(self._ends, first)), len(self)):
            if self._starts[place] >= end:
                return
            yield place, self._range(place, first, end)

    def first_on_page(self, number: int) -> int:
        """Return the index of the first match that begins on a page or after it."""
        pages = self._text.pages
        begin = pages[number] if number < len(pages) else self._text.size
        return bisect_left(self._starts, begin)

    def _range(self, place: int, begin: int, end: int) -> Range:
        start, stop = self[place]
        return max(start, begin) - begin, min(stop, end) - begin

    def _begin(self) -> None:
        self._task.stop()
        self._text = _Window()
        self._starts, self._ends = array("q"), array("q")
        self.is_stopped = False
        if self._filter is None or self._reader is None:
            self._on_found()
        else:
            self._task.start(self._search(self._filter, self._reader))

    def _search(self, wanted: Filter, reader: PageReader) -> Generator[None, None, None]:
        text, position, number = self._text, 0, 0
        is_last = False
        while not is_last:
            page = yield from reader.read(number)
            text.add(page)
            number, is_last = number + 1, page.is_last
            margin = 0 if is_last else _WINDOW + _OVERLAP
            while position + max(margin, 1) <= text.size:
                end = min(position + _WINDOW, text.size)
                for start, stop in self._found(wanted, position, end):
                    self._add(start, stop)
                if len(self) >= MAX_MATCHES:
                    return
                position = end
                yield
            text.forget(position - _OVERLAP)

    def _found(self, wanted: Filter, begin: int, end: int) -> Iterator[Range]:
        """Yield the matches in a window; of those that reach out of it, the part in it."""
        text = self._text
        seen = max(begin - _OVERLAP, 0)
        for start, stop in highlights(wanted, text.slice(seen, end + _OVERLAP)):
            start, stop = start + seen, min(stop + seen, end)
            if start < begin < stop and self._ends and self._ends[-1] == begin:
                yield begin, stop
            elif begin <= start < end and not text.is_hidden(start):
                yield start, stop

    def _add(self, start: int, end: int) -> None:
        if self._ends and self._ends[-1] == start:
            self._ends[-1] = end  # it began in the window before
        elif len(self) < MAX_MATCHES:
            self._starts.append(start)
            self._ends.append(end)


class _Window:
    """The text around the place that is searched, and where each page begins."""

    def __init__(self) -> None:
        self.pages: list[int] = []  # offsets where they begin
        self.size = 0  # of the text so far
        self._text = ""
        self._begin = 0  # offset of the text that is not forgotten
        self._hidden: list[tuple[int, tuple[list[int], list[int]]]] = []

    def add(self, page: Page) -> None:
        rendered = page.rendered
        self.pages.append(self.size)
        self._hidden = [*self._hidden[-1:], (self.size, hidden_ranges(page))]
        self._text += rendered
        self.size += len(rendered)

    def forget(self, before: int) -> None:
        if before > self._begin:
            self._text = self._text[before - self._begin :]
            self._begin = before

    def slice(self, start: int, end: int) -> str:
        return self._text[start - self._begin : end - self._begin]

    def is_hidden(self, offset: int) -> bool:
        """Return whether a range has text beside the payload, such as offsets of a hex dump."""
        return any(
            offset >= begin and is_within(offset - begin, *ranges) for begin, ranges in self._hidden
        )
