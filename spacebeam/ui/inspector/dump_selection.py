"""The selection in a hex dump: bytes are marked in both halves, as digits and as characters."""

from __future__ import annotations

from collections.abc import Iterator

from gi.repository import Gdk, GLib, Gtk

from spacebeam.decode.byte_ranges import Range
from spacebeam.decode.hex import bytes_before, digits_column, text_column
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.inspector.sliced_task import SlicedTask

_SLICE_S = 0.002
_OFFSET_DIGITS = 8
_COLOR, _ALPHA = "#3584e4", 0.35


@weak_handlers
class DumpSelection:
    """Marks bytes on the page of a hex dump that a text view shows.

    Without a selection, the bytes that the person came for are marked, on each page.
    """

    def __init__(self, view: Gtk.TextView) -> None:
        self._view, self._buffer = view, view.get_buffer()
        self._width = 0  # bytes on a line, 0 for what is no dump
        self._first = 0  # offset of the page's first byte
        self._end = 0  # of the page's last byte
        self._marked: Range | None = None  # what the person came for
        self._idle = 0
        self._task = SlicedTask(_SLICE_S, lambda: None)
        color = Gdk.RGBA()
        color.parse(_COLOR)
        color.alpha = _ALPHA
        self._tag = Gtk.TextTag(name="selected-bytes", background_rgba=color)
        self._buffer.get_tag_table().add(self._tag)
        self._buffer.connect("mark-set", self._on_buffer_mark_set)
        click = Gtk.GestureClick(button=Gdk.BUTTON_SECONDARY)
        click.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        click.connect("pressed", self._on_click_pressed)
        view.add_controller(click)

    @property
    def bytes(self) -> Range | None:
        """The selected bytes, or those that the person came for."""
        if not self._width:
            return None
        bounds = self._buffer.get_selection_bounds()
        return self._selected(*bounds) if bounds else self._marked

    @property
    def offset(self) -> int:
        """The byte at the cursor, or the first selected one."""
        bounds = self._buffer.get_selection_bounds()
        if bounds:
            return self._selected(*bounds)[0]
        place = self._buffer.get_iter_at_mark(self._buffer.get_insert())
        line_start = self._first + place.get_line() * self._width
        before = bytes_before(place.get_line_offset() + 1, self._width)
        return min(line_start + max(before - 1, 0), max(self._end - 1, 0))

    def show_dump(self, width: int, marked: Range | None) -> None:
        """Expect pages with `width` bytes a line, 0 for other text than a dump."""
        self._task.stop()
        self._width, self._marked = width, marked
        self._first = self._end = 0

    def show_page(self) -> None:
        """Mark bytes on the page that was just put into the buffer."""
        if self._width:
            start = self._buffer.get_start_iter()
            end = start.copy()
            end.forward_chars(_OFFSET_DIGITS)
            digits = self._buffer.get_text(start, end, True)
            self._first = int(digits, 16) if digits else 0
            last = self._buffer.get_end_iter()
            count = last.get_line_offset() - text_column(self._width)
            self._end = self._first + last.get_line() * self._width + max(count, 0)
            self._mark(self.bytes)  # a person may select before the page is coloured

    def place_of(self, offset: int) -> Gtk.TextIter | None:
        """Return where a byte is in the buffer; None if it is on another page."""
        if not self._first <= offset < self._end:
            return None
        return self._iter(offset, digits_column((offset - self._first) % self._width))

    def is_before(self, offset: int) -> bool:
        """Return whether a byte is on a page after this one."""
        return bool(self._width) and offset >= self._end > 0

    def _selected(self, start: Gtk.TextIter, end: Gtk.TextIter) -> Range:
        """Return the bytes between two places, in the half where the selection begins."""
        width, column = self._width, start.get_line_offset()
        is_text = column >= text_column(width)
        before = column - text_column(width) if is_text else bytes_before(column - 1, width)
        first = self._first + start.get_line() * width + min(before, width)
        column = end.get_line_offset()
        if not is_text and column >= text_column(width):
            last = width
        elif is_text and column < text_column(width):
            last = 0
        else:
            last = bytes_before(column, width)
        after = self._first + end.get_line() * width + last
        return min(first, self._end), min(max(first, after), self._end)

    def _iter(self, offset: int, column: int) -> Gtk.TextIter:
        line = (offset - self._first) // self._width
        return self._buffer.get_iter_at_line_offset(line, column)[1]

    def _mark(self, found: Range | None) -> None:
        self._buffer.remove_tag(self._tag, *self._buffer.get_bounds())
        self._task.stop()
        if found is not None:
            start, end = max(found[0], self._first), min(found[1], self._end)
            self._task.start(self._marked_lines(start, end))

    def _marked_lines(self, start: int, end: int) -> Iterator[None]:
        width = self._width
        while start < end:
            place = (start - self._first) % width
            after = min(place + end - start, width)
            text = text_column(width)
            for column, stop in (
                (digits_column(place), digits_column(after - 1) + 2),
                (text + place, text + after),
            ):
                bounds = self._iter(start, column), self._iter(start, stop)
                self._buffer.apply_tag(self._tag, *bounds)
            start += after - place
            yield

    def _on_buffer_mark_set(
        self, buffer: Gtk.TextBuffer, _place: Gtk.TextIter, _mark: Gtk.TextMark
    ) -> None:
        if self._width and self._end and not self._idle:  # while the pointer selects, once a turn
            self._idle = GLib.idle_add(self._on_idle)

    def _on_idle(self) -> bool:
        self._idle = 0
        if self._width:
            self._mark(self.bytes)
        return GLib.SOURCE_REMOVE

    def _on_click_pressed(self, _click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        """Put the cursor where the menu is opened, unless something is selected."""
        if self._width and not self._buffer.get_selection_bounds():
            place = self._view.window_to_buffer_coords(Gtk.TextWindowType.WIDGET, int(x), int(y))
            self._buffer.place_cursor(self._view.get_iter_at_location(*place)[1])
