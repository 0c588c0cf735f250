"""Verdicts and problems of a scenario's lines, beside them in the editor.

They move with their lines while the text is edited.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gi.repository import Adw, GLib, Gtk, GtkSource, Pango

from spacebeam.ui.handlers import weak_handlers

_WIDEST = "✓ 9,999 ms"
_COLOURS = {  # of what is good and what is not, on light and on dark
    (True, False): "#1b8553",
    (True, True): "#8ff0a4",
    (False, False): "#c01c28",
    (False, True): "#ff938c",
}


def verdict_colour(*, is_good: bool) -> str:
    """Return the colour of what is good or not, on the window's background."""
    return _COLOURS[is_good, Adw.StyleManager.get_default().get_dark()]


@dataclass(frozen=True, slots=True)
class LineMark:
    """What is shown beside a line; `explanation` is its tooltip."""

    sign: str
    words: str
    is_good: bool
    explanation: str = ""


@weak_handlers
class LineMarks:
    """The marks of one kind; `is_underlined` underlines their lines too."""

    def __init__(
        self, view: GtkSource.View, buffer: Gtk.TextBuffer, *, is_underlined: bool = False
    ) -> None:
        self._buffer = buffer
        self._marks: dict[int, tuple[Gtk.TextMark, LineMark]] = {}  # by their first lines
        self._by_line: dict[int, LineMark] | None = {}
        self._tag: Gtk.TextTag | None = None
        if is_underlined:
            self._tag = Gtk.TextTag(underline=Pango.Underline.ERROR)
            buffer.get_tag_table().add(self._tag)
        self._renderer = GtkSource.GutterRendererText(xpad=6, visible=False)
        self._renderer.connect("query-data", self._on_renderer_query_data)
        view.get_gutter(Gtk.TextWindowType.RIGHT).insert(self._renderer, 0)
        buffer.connect("changed", self._on_buffer_changed)

    def show(self, marks: Iterable[tuple[int, LineMark]]) -> None:
        """Show marks at lines of the buffer, counted from 0, in place of the earlier ones."""
        for mark, _shown in self._marks.values():
            self._buffer.delete_mark(mark)
        if self._tag is not None and self._marks:
            self._buffer.remove_tag(self._tag, *self._buffer.get_bounds())
        self._marks = {}
        for line, shown in marks:
            found, start = self._buffer.get_iter_at_line(line)
            if found:
                self._marks[line] = self._buffer.create_mark(None, start, True), shown
                self._underline(start)
        self._by_line = None
        if self._marks:
            has_words = any(shown.words for _mark, shown in self._marks.values())
            width, _height = self._renderer.measure(_WIDEST if has_words else _WIDEST[0])
            self._renderer.set_size_request(width + 12, -1)
        self._renderer.set_visible(bool(self._marks))
        self._renderer.queue_draw()

    def at(self, line: int) -> LineMark | None:
        """Return the mark at a line of the buffer."""
        if self._by_line is None:
            self._by_line = {
                self._buffer.get_iter_at_mark(mark).get_line(): shown
                for mark, shown in self._marks.values()
            }
        return self._by_line.get(line)

    def current(self, line: int) -> int:
        """Return where the line is now that had a mark when the marks were shown."""
        if line not in self._marks:
            return line
        return self._buffer.get_iter_at_mark(self._marks[line][0]).get_line()

    def _underline(self, start: Gtk.TextIter) -> None:
        end = start.copy()
        if self._tag is not None and (end.ends_line() or end.forward_to_line_end()):
            self._buffer.apply_tag(self._tag, start, end)

    def _on_buffer_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self._by_line = None

    def _on_renderer_query_data(
        self, renderer: GtkSource.GutterRendererText, _lines: object, line: int
    ) -> None:
        mark = self.at(line)
        if mark is None:
            renderer.set_text("", 0)
            return
        colour = verdict_colour(is_good=mark.is_good)
        words = GLib.markup_escape_text(mark.words)
        markup = f'<span foreground="{colour}">{mark.sign}</span> {words}'
        renderer.set_markup(markup, len(markup.encode()))
