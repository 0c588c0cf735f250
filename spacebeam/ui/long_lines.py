"""Shows lines of any length: GTK lays out a line at once, in time that grows with its square.

A line of 100,000 characters without a space takes seconds, and one of a megabyte is never seen. So
long lines are cut by soft breaks, which are no part of the text: `whole` returns it without them.
A soft break is the paragraph separator, which no text in the editor may have itself.
"""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gtk

from spacebeam.ui.clipboard import put
from spacebeam.ui.handlers import weak_handlers, weakly

SOFT_BREAK = "\u2029"
MAX_LINE = 2000  # characters; about 5 ms
_PIECE = 1000  # characters between the soft breaks of a longer line


def whole(shown: str) -> str:
    """Return a text without its soft breaks."""
    return shown.replace(SOFT_BREAK, "")


def broken(text: str, before: int = 0) -> str:
    """Return a text with soft breaks in its long lines; `before` characters stand in its first."""
    lines = text.split("\n")
    for place, line in enumerate(lines):
        start = before if place == 0 else 0
        if start + len(line) > MAX_LINE:
            first = max(_PIECE - start, 0)
            pieces = [line[:first]]
            pieces += (line[at : at + _PIECE] for at in range(first, len(line), _PIECE))
            lines[place] = SOFT_BREAK.join(pieces)
    return "\n".join(lines)


def show_text(view: Gtk.TextView, text: str) -> None:
    """Show a text of any line length in a view that nobody edits."""
    view.get_buffer().set_text(broken(text))


def copy_whole(view: Gtk.TextView) -> None:
    """Let what is copied from a view have no soft breaks."""
    view.connect("copy-clipboard", _on_view_copy_clipboard)


def _on_view_copy_clipboard(view: Gtk.TextView) -> None:
    buffer = view.get_buffer()
    if selected := buffer.get_selection_bounds():
        view.stop_emission_by_name("copy-clipboard")
        put(whole(buffer.get_text(*selected, True)), view.get_clipboard())


def shown_offset(shown: str, offset: int) -> int:
    """Return where the character `offset` of the whole text is in the shown one."""
    breaks = 0
    place = shown.find(SOFT_BREAK)
    while place != -1 and place - breaks <= offset:
        breaks += 1
        place = shown.find(SOFT_BREAK, place + 1)
    return offset + breaks


@weak_handlers
class LongLines:
    """Breaks long lines while they are put into a buffer, by whatever way."""

    def __init__(self, buffer: Gtk.TextBuffer, on_refused: Callable[[], object]) -> None:
        """`on_refused` is called when a text with a paragraph separator was not inserted."""
        self.longest = 0  # characters: no line is longer, apart from lines that were joined
        self._on_refused_text = weakly(on_refused)
        self._is_own = False  # the buffer's text is not new: inserted here, by undo or by redo
        buffer.connect("insert-text", self._on_buffer_insert_text)
        for name in ("undo", "redo"):
            buffer.connect(name, self._on_buffer_history)
            buffer.connect_after(name, self._on_buffer_history_done)

    def _on_buffer_insert_text(
        self, buffer: Gtk.TextBuffer, place: Gtk.TextIter, text: str, length: int
    ) -> None:
        if 0 <= length < len(text):
            text = text.encode()[:length].decode()
        before = place.get_line_offset()
        shown = text.replace(SOFT_BREAK, "\n") if self._is_own else text
        lines = shown.split("\n")
        longest = max(place.get_chars_in_line() + len(lines[0]), *map(len, lines))
        self.longest = max(self.longest, longest)
        if self._is_own:
            return
        if SOFT_BREAK in text:
            buffer.stop_emission_by_name("insert-text")
            self._on_refused_text()
        elif before + len(lines[0]) > MAX_LINE or longest > MAX_LINE:
            buffer.stop_emission_by_name("insert-text")
            self._is_own = True
            buffer.insert(place, broken(text, before))
            self._is_own = False

    def _on_buffer_history(self, _buffer: Gtk.TextBuffer) -> None:
        self._is_own = True

    def _on_buffer_history_done(self, _buffer: Gtk.TextBuffer) -> None:
        self._is_own = False
