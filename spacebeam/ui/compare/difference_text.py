"""The lines in which two texts differ, with those around them."""

from __future__ import annotations

from collections.abc import Iterator
from weakref import finalize

from gi.repository import Adw, Gtk

from spacebeam.compare.lines import Line, LineDifferences, LineMark
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.hyphens import never_hyphenate
from spacebeam.ui.inspector.sliced_task import SlicedTask

_SLICE_S = 0.003
_LINES_A_STEP = 20
# Backgrounds on which text stays readable, light and dark.
_COLORS = {LineMark.REMOVED: ("#f8d7da", "#5c2b30"), LineMark.ADDED: ("#d5f0de", "#23492f")}


@weak_handlers
class DifferenceText:
    """Fills a text view. A line begins with its sign: - removed, + added."""

    def __init__(self, view: Gtk.TextView) -> None:
        self._view = view
        self._buffer = view.get_buffer()
        never_hyphenate(self._buffer)
        self._tags = {
            mark: self._buffer.create_tag(mark.name.lower(), paragraph_background=light)
            for mark, (light, _dark) in _COLORS.items()
        }
        self._starts: list[int] = []  # the first lines of the places that differ
        self._place = -1
        self._task = SlicedTask(_SLICE_S, self._on_task_done)
        manager = Adw.StyleManager.get_default()
        handler = manager.connect("notify::dark", self._on_manager_notify_dark)
        finalize(self, manager.disconnect, handler)  # the manager lives as long as the program
        self._on_manager_notify_dark(manager, None)

    @property
    def is_done(self) -> bool:
        """Whether all lines are in the view."""
        return not self._task.is_busy

    def show(self, found: LineDifferences) -> None:
        """Show other lines."""
        self._buffer.set_text("")
        self._starts, self._place = [], -1
        self._task.start(self._filled(found))

    def step(self, by: int) -> bool:
        """Go to the next place that differs, or to the previous one with -1."""
        place = self._place + by if self._place >= 0 or by > 0 else len(self._starts) - 1
        if not 0 <= place < len(self._starts):
            return False
        self._place = place
        _found, start = self._buffer.get_iter_at_line(self._starts[place])
        self._buffer.place_cursor(start)
        self._view.scroll_to_mark(self._buffer.get_insert(), 0.1, True, 0, 0.2)
        return True

    def close(self) -> None:
        """Stop filling."""
        self._task.stop()

    def _filled(self, found: LineDifferences) -> Iterator[None]:
        before = LineMark.SAME
        for number, line in enumerate(found.lines):
            is_same = line.mark not in _COLORS
            if not is_same and before not in _COLORS:
                self._starts.append(number)
            before = line.mark
            self._append(line, is_last=number == len(found.lines) - 1)
            if number % _LINES_A_STEP == 0:
                yield

    def _append(self, line: Line, *, is_last: bool) -> None:
        text = f"{line.mark} {line.text}".rstrip() + ("" if is_last else "\n")
        tag = self._tags.get(line.mark)
        end = self._buffer.get_end_iter()
        start = end.get_offset()
        self._buffer.insert(end, text)
        if tag is not None:
            begin = self._buffer.get_iter_at_offset(start)
            self._buffer.apply_tag(tag, begin, self._buffer.get_end_iter())

    def _on_task_done(self) -> None:
        self._buffer.place_cursor(self._buffer.get_start_iter())

    def _on_manager_notify_dark(self, manager: Adw.StyleManager, _property: object) -> None:
        for mark, colors in _COLORS.items():
            self._tags[mark].set_property("paragraph-background", colors[manager.get_dark()])
