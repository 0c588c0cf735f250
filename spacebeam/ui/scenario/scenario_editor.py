"""The editor of a scenario's text, with verdicts and problems beside their lines."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import cast

from gi.repository import GObject, Gtk, GtkSource

from spacebeam.ui.composer.highlighting import SCENARIO, Highlighting
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.long_lines import MAX_LINE, SOFT_BREAK, LongLines, whole
from spacebeam.ui.scenario.line_marks import LineMark, LineMarks
from spacebeam.ui.template import template

_PIECE = 8 * 1024  # characters that are inserted and coloured in a turn

GtkSource.init()


@template("scenario_editor.ui")
class ScenarioEditor(Gtk.Box):
    """Emits `changed` when the text changed. Lines are those of the text, from 1.

    A long line is several lines of the buffer: it has soft breaks.
    """

    __gtype_name__ = "SpacebeamScenarioEditor"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _text_view: Gtk.TextView = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(GtkSource.View)  # the template has one
        super().__init__()
        view = cast(GtkSource.View, self._text_view)
        buffer = self._text_view.get_buffer()
        assert isinstance(buffer, GtkSource.Buffer)
        self.buffer = buffer
        never_hyphenate(buffer)
        self._long_lines = LongLines(buffer, self._refuse)
        self._highlighting = Highlighting(buffer)
        self._problems = LineMarks(view, buffer, is_underlined=True)
        self._verdicts = LineMarks(view, buffer)
        self._firsts: list[int] | None = []  # buffer lines of the lines; [] if they are the same
        buffer.connect("changed", self._on_buffer_changed)

    @property
    def text(self) -> str:
        """The text."""
        return whole(self._shown)

    @property
    def _shown(self) -> str:
        return self.buffer.get_text(*self.buffer.get_bounds(), include_hidden_chars=True)

    @property
    def _has_long_lines(self) -> bool:
        return self._long_lines.longest > MAX_LINE

    async def load(self, text: str) -> None:
        """Show another text, which cannot be undone, with the cursor at its beginning."""
        self.set_editable(is_editable=False)
        self.buffer.begin_irreversible_action()
        try:
            self.buffer.set_text("", 0)
            self._long_lines.longest = 0
            for at in range(0, len(text), _PIECE):
                begin = self.buffer.get_char_count()
                self.buffer.insert(self.buffer.get_end_iter(), text[at : at + _PIECE])
                # GtkSourceView would colour all of it later, in turns of 30 ms.
                start = self.buffer.get_iter_at_offset(begin)
                self.buffer.ensure_highlight(start, self.buffer.get_end_iter())
                await asyncio.sleep(0)
        finally:
            self.buffer.end_irreversible_action()
            self.set_editable(is_editable=True)
        self.buffer.place_cursor(self.buffer.get_start_iter())
        self.buffer.set_modified(False)

    def set_editable(self, *, is_editable: bool) -> None:
        """Let the person edit, or not."""
        self._text_view.set_editable(is_editable)

    def focus(self) -> None:
        """Focus the text."""
        self._text_view.grab_focus()

    @property
    def cursor_line(self) -> int:
        """The line with the cursor."""
        shown = self.buffer.get_iter_at_mark(self.buffer.get_insert()).get_line()
        firsts = self._first_lines()
        return sum(first <= shown for first in firsts) if firsts else shown + 1

    def go_to(self, line: int) -> None:
        """Place the cursor in a line."""
        self._go_to(self._shown_line(line))

    def go_to_verdict(self, line: int) -> None:
        """Place the cursor where the line is now that has a verdict, whatever it was then."""
        self._go_to(self._verdicts.current(self._shown_line(line)))

    def _go_to(self, shown_line: int) -> None:
        _found, place = self.buffer.get_iter_at_line(shown_line)
        self.buffer.place_cursor(place)
        self._text_view.scroll_to_mark(self.buffer.get_insert(), 0.1, False, 0, 0)
        self.focus()

    def show_problems(self, marks: Mapping[int, LineMark]) -> None:
        """Mark the lines that cannot be run."""
        self._problems.show((self._shown_line(line), mark) for line, mark in marks.items())

    def show_verdicts(self, marks: Mapping[int, LineMark]) -> None:
        """Mark the lines whose steps were done."""
        self._verdicts.show((self._shown_line(line), mark) for line, mark in marks.items())

    def mark_at(self, line: int) -> LineMark | None:
        """Return what is shown beside a line."""
        shown = self._shown_line(line)
        return self._problems.at(shown) or self._verdicts.at(shown)

    def _shown_line(self, line: int) -> int:
        firsts = self._first_lines()
        if not firsts:
            return line - 1
        return firsts[min(line, len(firsts)) - 1]

    def _first_lines(self) -> list[int]:
        if self._firsts is None:
            self._firsts = _first_lines(self._shown)
        return self._firsts

    def _refuse(self) -> None:
        """A paragraph separator is no part of a scenario."""

    def _on_buffer_changed(self, _buffer: Gtk.TextBuffer) -> None:
        self._firsts = None if self._has_long_lines else []
        self._highlighting.show_language(SCENARIO, self._long_lines.longest)
        # The buffer's numbers would count the pieces of a long line.
        self._text_view.set_property("show-line-numbers", not self._has_long_lines)
        self.emit("changed")

    @Gtk.Template.Callback()
    def _on_text_view_query_tooltip(
        self, view: Gtk.TextView, x: int, y: int, is_by_key: bool, tooltip: Gtk.Tooltip
    ) -> bool:
        if is_by_key:
            line = self.buffer.get_iter_at_mark(self.buffer.get_insert()).get_line()
        else:
            _x, at = view.window_to_buffer_coords(Gtk.TextWindowType.WIDGET, x, y)
            place, _top = view.get_line_at_y(at)
            line = place.get_line()
        mark = self._problems.at(line) or self._verdicts.at(line)
        if mark is None or not mark.explanation:
            return False
        tooltip.set_text(mark.explanation)
        return True


def _first_lines(shown: str) -> list[int]:
    """Return the first buffer line of each line; [] if there are no soft breaks."""
    if SOFT_BREAK not in shown:
        return []
    firsts, at = [], 0
    for line in shown.split("\n"):
        firsts.append(at)
        at += 1 + line.count(SOFT_BREAK)
    return firsts
