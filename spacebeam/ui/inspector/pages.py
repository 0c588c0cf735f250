"""A rendered payload in pages that a text view can show without delay.

Only where pages begin is remembered. So a payload of any length takes little memory, and each page
that was reached once can be read again without the text before it.
"""

from __future__ import annotations

import copy
import logging
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Generator
from dataclasses import dataclass, field
from itertools import chain

from spacebeam.decode.decoder import Rendering, Span, Style
from spacebeam.wording.i18n import _

PAGE_CHARACTERS = 64 * 1024  # a page ends with the line that reaches this
PAGE_LINES = 2000
MAX_LINE = 500  # characters; a longer line takes GTK too long to lay out, so it is broken
_PARTS_A_STEP = 64  # lines, or parts of lines

_logger = logging.getLogger(__name__)
_FAILED = Span(_("\n⟨The decoder failed here. See the log.⟩"), Style.OFFSET)


@dataclass(slots=True)
class Runs:
    """Ranges of a page's text and their styles, in order. Plain text has none."""

    # Arrays, as an object for each of thousands of ranges would hold up the garbage collector.
    starts: array[int] = field(default_factory=lambda: array("q"))  # offsets in characters
    ends: array[int] = field(default_factory=lambda: array("q"))
    styles: list[Style] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.styles)

    def add(self, start: int, end: int, style: Style) -> None:
        """Add a range; it is joined with the last one if they touch and have the same style."""
        if self.ends and self.ends[-1] == start and self.styles[-1] is style:
            self.ends[-1] = end
        else:
            self.starts.append(start)
            self.ends.append(end)
            self.styles.append(style)


@dataclass(slots=True)
class Page:
    """A part of the rendered text, in whole lines."""

    number: int  # counts from 0
    text: str = ""
    runs: Runs = field(default_factory=Runs)
    breaks: list[int] = field(default_factory=list)  # offsets of line feeds put into long lines
    is_last: bool = False

    @property
    def rendered(self) -> str:
        """The text as the decoder rendered it, without the breaks of long lines."""
        parts, begin = [], 0
        for place in self.breaks:
            parts.append(self.text[begin:place])
            begin = place + 1
        parts.append(self.text[begin:])
        return "".join(parts)

    def to_rendered(self, offset: int) -> int:
        """Convert an offset in the page's text to one in the rendered text."""
        return offset - bisect_left(self.breaks, offset)

    def to_shown(self, offset: int) -> int:
        """Convert an offset in the rendered text to one in the page's text."""
        places = range(len(self.breaks))
        return offset + bisect_right(places, offset, key=lambda place: self.breaks[place] - place)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins: the rendering there, and what is left of its last span."""

    rendering: Rendering
    rest: Span | None


class PageReader:
    """Divides a rendering into pages."""

    def __init__(self, rendering: Rendering) -> None:
        self._starts = [_Start(copy.copy(rendering), None)]
        self.count: int | None = None  # of all pages; None until the last one was read

    @property
    def known(self) -> int:
        """Number of pages whose beginning is known."""
        return len(self._starts)

    def offset(self, number: int) -> int:
        """Return the number of payload bytes before a page, or before the last known page."""
        return self._starts[min(number, self.known - 1)].rendering.offset

    def page_at(self, offset: int) -> Generator[None, None, int]:
        """Return the number of the page with a byte of the payload; yield as `read` does."""
        while self.count is None and self.offset(self.known) <= offset:
            yield from self.read(self.known - 1)
        numbers = range(self.known if self.count is None else self.count)
        return bisect_right(numbers, offset, key=self.offset) - 1

    def read(self, number: int) -> Generator[None, None, Page]:
        """Return a page whose beginning is known; yield after each step of reading."""
        yield  # at least once, for many short pages are read one after the other
        start, builder = self._starts[number], _PageBuilder(number)
        rendering = copy.copy(start.rendering)
        rest = None
        try:
            rest = yield from _filled(builder, start.rest, rendering)
        except Exception as error:  # noqa: BLE001  reported; its message may have the payload
            _logger.error("A decoder failed to render a payload: %s", type(error).__name__)
            builder.add(_FAILED)
        if rest is None:
            self.count = number + 1
        elif number + 1 == len(self._starts):
            self._starts.append(_Start(rendering, rest))
        return builder.page(is_last=rest is None)


def _filled(
    builder: _PageBuilder, rest: Span | None, rendering: Rendering
) -> Generator[None, None, Span | None]:
    """Fill a page in steps; return the first span of the next page, or None at the end."""
    done, is_full = 0, False
    for span in chain(() if rest is None else (rest,), rendering):
        if is_full and span.text:
            return span
        rest = None if is_full else builder.add(span)
        if rest is not None and rest.text:
            return rest
        is_full = is_full or rest is not None  # the text may end with the page
        if not span.text or builder.part_count - done >= _PARTS_A_STEP:
            done = builder.part_count
            yield
    return None


class _PageBuilder:
    """Puts spans together, breaks long lines and merges neighbours of one style."""

    def __init__(self, number: int) -> None:
        self._page = Page(number)
        self._parts: list[str] = []
        self._size = self._column = self._lines = 0

    @property
    def part_count(self) -> int:
        """Number of parts put together so far."""
        return len(self._parts)

    def page(self, *, is_last: bool) -> Page:
        self._page.text = "".join(self._parts)
        self._page.is_last = is_last
        return self._page

    def add(self, span: Span) -> Span | None:
        """Add a span; return what is left of it if the page is full then, else None."""
        text, place = span.text, 0
        while place < len(text):
            feed = text.find("\n", place)
            end = len(text) if feed < 0 else feed
            room = MAX_LINE - self._column
            if end - place > room:
                self._append(text[place : place + room], span.style)
                place += room
                self._page.breaks.append(self._size)
                self._append("\n", Style.PLAIN)
            elif feed < 0:
                self._append(text[place:], span.style)
                self._column += end - place
                return None
            else:
                self._append(text[place : end + 1], span.style)
                place = end + 1
            self._column = 0
            self._lines += 1
            if self._size >= PAGE_CHARACTERS or self._lines >= PAGE_LINES:
                return Span(text[place:], span.style)
        return None

    def _append(self, text: str, style: Style) -> None:
        start = self._size
        self._parts.append(text)
        self._size += len(text)
        if style is not Style.PLAIN:
            self._page.runs.add(start, self._size, style)


def hidden_ranges(page: Page) -> tuple[list[int], list[int]]:
    """Return where the rendered text is not part of the payload: sorted starts and ends."""
    runs, to_rendered = page.runs, page.to_rendered
    places = [place for place, style in enumerate(runs.styles) if style is Style.OFFSET]
    starts = [to_rendered(runs.starts[place]) for place in places]
    return starts, [to_rendered(runs.ends[place]) for place in places]


def is_within(offset: int, starts: list[int], ends: list[int]) -> bool:
    """Return whether an offset lies within one of the sorted ranges."""
    place = bisect_right(starts, offset) - 1
    return place >= 0 and offset < ends[place]
