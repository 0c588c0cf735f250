"""Shows a rendered payload a page at a time, and leads to the matches on all pages."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from gi.repository import GObject, Gtk

from spacebeam.decode.byte_ranges import Range
from spacebeam.decode.decoder import Rendering
from spacebeam.search.filter import Filter
from spacebeam.ui.handlers import weakly
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.inspector.cursor_scroller import CursorScroller
from spacebeam.ui.inspector.dump_selection import DumpSelection
from spacebeam.ui.inspector.line_columns import LineColumns
from spacebeam.ui.inspector.match_bar import MatchBar
from spacebeam.ui.inspector.match_finder import MAX_MATCHES, MatchFinder
from spacebeam.ui.inspector.match_marker import MatchMarker
from spacebeam.ui.inspector.match_words import match_words
from spacebeam.ui.inspector.page_bar import PageBar, PageStep
from spacebeam.ui.inspector.pages import Page, PageReader
from spacebeam.ui.inspector.selected_text import SelectedText
from spacebeam.ui.inspector.sliced_task import SlicedTask
from spacebeam.ui.inspector.style_tags import StyleTags
from spacebeam.ui.template import template

_SLICE_S = 0.003
_PIECE = 2048  # characters put into the buffer in one step
_RUNS_A_STEP = 16  # ranges coloured in one step


@template("paged_text.ui")
class PagedText(Gtk.Box):
    """A text view with bars for pages and matches.

    Emits `matches-ended` with 1 or -1 if there is no further match in that direction, and
    `columns-changed` when another number of characters fits on a line.
    """

    __gtype_name__ = "SpacebeamPagedText"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "matches-ended": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "columns-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _match_bar: MatchBar = Gtk.Template.Child()
    _text_view: Gtk.TextView = Gtk.Template.Child()
    _page_bar: PageBar = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._buffer = self._text_view.get_buffer()
        never_hyphenate(self._buffer)
        self._reader: PageReader | None = None
        self._page: Page | None = None  # the one in the buffer
        self._size = 0  # of the payload in bytes
        self._is_whole = True
        self._task = SlicedTask(_SLICE_S, self._on_task_done, self._on_task_slice)
        self._goal = -1  # match to be scrolled to when its page is shown
        self._scrolls_to_end = False  # when the page is shown
        self._awaited_offset = 0  # of the payload, to be scrolled to when the page is shown
        self._is_jumping = False  # pages are read on the way to another
        self._finder = MatchFinder(self._on_finder_found)
        self._marker = MatchMarker(self._buffer, self._finder)
        self._tags = StyleTags(self._buffer, self._marker.current_tag)
        self._current = -1  # index of the current match, or -1
        self._awaited = 0  # direction of a step that waits for the search
        self._tells_end = False  # emit `matches-ended` if there is no match
        self._is_first_awaited = False  # scroll to the first match when it is found
        self._scroller = CursorScroller(self._text_view)
        self._selected_text = SelectedText(
            self._text_view, weakly(self._shown_page), weakly(self._is_part)
        )
        self._dump = DumpSelection(self._text_view)
        self._columns = LineColumns(self._text_view, weakly(self._tell_columns))

    @property
    def columns(self) -> int:
        """How many characters fit on a line."""
        return self._columns.count

    @property
    def offset(self) -> int:
        """About how many bytes of the payload are before the first line in sight."""
        reader, page = self._reader, self._page
        if reader is None or page is None:
            return 0
        top = self._text_view.get_visible_rect().y
        line = self._text_view.get_line_at_y(top)[0].get_line() if top > 0 else 0
        start, end = self._bounds(reader, page)
        return start + (end - start) * line // self._buffer.get_line_count()

    @property
    def selected_bytes(self) -> Range | None:
        """The bytes that are selected in a hex dump, or marked."""
        return self._dump.bytes

    @property
    def byte_at_cursor(self) -> int:
        """The offset of the byte of a hex dump that has the cursor, or is selected first."""
        return self._dump.offset

    def _bounds(self, reader: PageReader, page: Page) -> tuple[int, int]:
        """Return which bytes of the payload a page has."""
        end = self._size if page.is_last else reader.offset(page.number + 1)
        return reader.offset(page.number), end

    def show_rendering(
        self,
        rendering: Rendering,
        size: int,
        *,
        is_wrapped: bool = True,
        is_whole: bool = True,
        offset: int = 0,
        dump_width: int = 0,
        marked: Range | None = None,
    ) -> None:
        """Show a payload of `size` bytes, from its byte `offset` on.

        `is_wrapped` breaks lines at the edge of the view; `is_whole` is false for a payload's
        beginning. A hex dump has `dump_width` bytes a line; its bytes `marked` are marked, and
        scrolled to if `offset` is their first.
        """
        self.clear()
        self._awaited_offset = offset
        self._dump.show_dump(dump_width, marked)
        self._reader, self._size, self._is_whole = PageReader(rendering), size, is_whole
        wrap = Gtk.WrapMode.CHAR if is_wrapped else Gtk.WrapMode.NONE
        self._text_view.set_wrap_mode(wrap)
        self._open(0)
        self._is_first_awaited = marked is None
        self._finder.search(self._reader, size)

    def focus(self) -> bool:
        """Focus the text; return whether it has the focus."""
        return self._text_view.grab_focus()

    def clear(self) -> None:
        """Show nothing."""
        self._task.stop()
        self._reader, self._page = None, None
        self._goal = self._current = -1
        self._awaited, self._is_first_awaited = 0, False
        self._is_jumping = False
        self._empty()
        self._marker.show_page(None)
        self._finder.search(None)
        self._show_pages()

    def _tell_columns(self) -> None:
        self.emit("columns-changed")

    # Pages

    def _open(self, number: int | None, goal: int = -1, *, at_end: bool = False) -> None:
        """Show a page, the last one for None, at a match, at its end or at its beginning."""
        reader = self._reader
        if reader is None:
            return
        if number is None and reader.count is not None:
            number = reader.count - 1
        self._goal, self._scrolls_to_end = goal, at_end
        self._is_jumping = number is None or number >= reader.known
        self._task.start(self._show_page(reader, number))

    def _show_page(self, reader: PageReader, number: int | None) -> Generator[None, None, None]:
        while number is None or number >= reader.known:
            yield from reader.read(reader.known - 1)
            if reader.count is not None:
                number = reader.count - 1
        if self._awaited_offset and number == 0:
            number = yield from reader.page_at(self._awaited_offset)
        self._is_jumping = False
        page = yield from reader.read(number)
        self._empty()
        self._page = page
        self._marker.show_page(None)
        yield from self._fill(page)

    def _empty(self) -> None:
        self._scroller.stop()
        self._buffer.set_text("")
        adjustment = self._text_view.get_vadjustment()
        if adjustment is not None:
            adjustment.set_value(0)  # else GTK stays where it was when there is text again

    def _fill(self, page: Page) -> Iterator[None]:
        """Put a page into the buffer, and colour it."""
        buffer, text, runs, done = self._buffer, page.text, page.runs, 0
        for begin in range(0, len(text), _PIECE):
            end = min(begin + _PIECE, len(text))
            buffer.insert(buffer.get_end_iter(), text[begin:end])
            yield
            while done < len(runs) and runs.starts[done] < end:
                start = buffer.get_iter_at_offset(max(runs.starts[done], begin))
                stop = buffer.get_iter_at_offset(min(runs.ends[done], end))
                buffer.apply_tag(self._tags[runs.styles[done]], start, stop)
                if runs.ends[done] > end:
                    break
                done += 1
                if done % _RUNS_A_STEP == 0:
                    yield

    def _on_task_slice(self) -> None:
        self._show_pages()

    def _on_task_done(self) -> None:
        self._marker.show_page(self._page)
        self._marker.set_current(self._current)
        self._dump.show_page()
        self._show_pages()
        if self._goal >= 0:
            self._scroll_to(self._goal)
        elif self._scrolls_to_end:
            last_line = self._buffer.get_end_iter()
            last_line.set_line_offset(0)  # its end would scroll a hex dump sideways
            self._show_place(last_line)
        elif self._awaited_offset and self._reader is not None and self._page is not None:
            self._show_awaited(self._reader, self._page)

    def _show_awaited(self, reader: PageReader, page: Page) -> None:
        """Scroll to a byte of the payload, which may be at the beginning of the next page."""
        awaited = self._awaited_offset
        if self._dump.is_before(awaited) and not page.is_last:
            self._open(page.number + 1)
            return
        self._awaited_offset = 0
        place = self._dump.place_of(awaited)
        if place is None:
            start, end = self._bounds(reader, page)
            line = (awaited - start) * self._buffer.get_line_count() // (end - start)
            place = self._buffer.get_iter_at_line(line)[1]
        self._show_place(place)

    def _show_pages(self) -> None:
        reader, page = self._reader, self._page
        if reader is None or page is None:
            self._page_bar.set_visible(False)
            return
        self._page_bar.set_visible(page.number > 0 or not page.is_last)
        self._page_bar.show_page(page.number, reader.count)
        read = reader.offset(reader.known) / max(self._size, 1)
        self._page_bar.show_progress(read if self._is_jumping else None)

    def _shown_page(self) -> Page | None:
        return self._page

    def _is_part(self) -> bool:
        """Return whether the payload has more than the page that is shown."""
        page = self._page
        return page is None or not (page.number == 0 and page.is_last and self._is_whole)

    @Gtk.Template.Callback()
    def _on_page_bar_step_requested(self, _bar: PageBar, step: int) -> None:
        number = 0 if self._page is None else self._page.number
        self._is_first_awaited, self._awaited_offset = False, 0
        match step:
            case PageStep.FIRST:
                self._open(0)
            case PageStep.PREVIOUS:
                self._open(max(number - 1, 0), at_end=True)
            case PageStep.NEXT:
                self._open(number + 1)
            case PageStep.LAST:
                self._open(None, at_end=True)

    @Gtk.Template.Callback()
    def _on_page_bar_stopped(self, _bar: PageBar) -> None:
        self._task.stop()
        self._is_jumping = False
        self._show_pages()

    # Matches

    def show_highlights(self, wanted: Filter | None) -> None:
        """Highlight a filter's matches, in this payload and in later ones."""
        self._awaited, self._is_first_awaited, self._current = 0, False, -1
        self._marker.forget_matches()
        self._finder.look_for(wanted)

    def next_match(self) -> bool:
        """Go to the next match in the payload; return whether there is one.

        Returns True while the search goes on; if it finds none, `matches-ended` is emitted with 1.
        """
        return self._go(1)

    def previous_match(self) -> bool:
        """Go to the previous match, at first to the last one; as `next_match`, with -1."""
        return self._go(-1)

    def enter(self, direction: int) -> None:
        """Go to the first match, or with -1 the last, as soon as it is found."""
        self._current = -1
        self._go(direction, is_from_page=False)
        self._tells_end = False

    def _go(self, direction: int, *, is_from_page: bool = True) -> bool:
        finder = self._finder
        if not finder.is_on or self._reader is None:
            return False
        place = self._current + direction
        if self._current < 0:
            number = 0 if self._page is None or not is_from_page else self._page.number
            place = finder.first_on_page(number) if direction > 0 else len(finder) - 1
            if direction < 0 and not finder.is_done:
                place = len(finder)  # the last one is known when all were found
        self._awaited, self._is_first_awaited = 0, False
        if 0 <= place < len(finder):
            self._current = place
            self._scroll_to(place)
            self._show_matches()
            return True
        if place >= 0 and not finder.is_done:
            self._awaited, self._tells_end = direction, True
            return True
        return False

    def _scroll_to(self, place: int) -> None:
        """Scroll to a match, on another page if it is there."""
        number = self._finder.page_of(place)
        if self._page is None or self._page.number != number:
            self._open(number, place)
        elif self._task.is_busy:
            self._goal = place  # the page is not complete
        else:
            self._goal = -1
            self._marker.set_current(self._current)
            found = self._marker.range(place)
            if found is not None:
                self._show_place(self._buffer.get_iter_at_offset(found[0]))

    def _show_place(self, place: Gtk.TextIter) -> None:
        self._buffer.place_cursor(place)
        self._scroller.scroll()

    def _is_at_top(self) -> bool:
        adjustment = self._text_view.get_vadjustment()
        is_first = self._page is None or self._page.number == 0
        return is_first and (adjustment is None or not adjustment.get_value())

    def _show_matches(self) -> None:
        finder = self._finder
        is_shown = finder.is_on and self._reader is not None
        self._match_bar.set_visible(is_shown)
        if is_shown:
            words = match_words(
                self._current,
                len(finder),
                is_done=finder.is_done,
                is_all=len(finder) < MAX_MATCHES,
                is_whole=self._is_whole,
                progress=finder.progress if finder.is_stopped or not finder.is_done else 1,
            )
            is_searching = not finder.is_done
            self._match_bar.show_matches(
                words, self._current, len(finder), is_searching=is_searching
            )

    def _on_finder_found(self) -> None:
        if self._is_first_awaited and len(self._finder):
            # Not if the person has scrolled meanwhile.
            self._is_first_awaited = False
            if self._is_at_top():
                self._scroll_to(0)
        self._marker.update()
        self._show_matches()
        self._show_pages()  # their number is known when all were searched
        awaited, tells_end = self._awaited, self._tells_end
        if awaited and self._go(awaited):
            self._tells_end = tells_end
        elif awaited and tells_end:
            self.emit("matches-ended", awaited)

    @Gtk.Template.Callback()
    def _on_match_bar_next_match(self, _bar: MatchBar) -> None:
        self.next_match()

    @Gtk.Template.Callback()
    def _on_match_bar_previous_match(self, _bar: MatchBar) -> None:
        self.previous_match()

    @Gtk.Template.Callback()
    def _on_match_bar_stopped(self, _bar: MatchBar) -> None:
        self._finder.stop()
        self._show_matches()
