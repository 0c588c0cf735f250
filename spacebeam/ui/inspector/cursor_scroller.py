"""Scrolls a text view to its cursor, however long the layout of its lines takes.

GTK defers such a scroll until the lines are laid out, but forgets it if their layout had begun
before (4.8). So GTK is asked again in each frame until the cursor is in sight.
"""

from __future__ import annotations

from gi.repository import Gdk, GLib, Gtk

from spacebeam.ui.handlers import weak_handlers

_MARGIN = 0.1  # of the view's height, between the cursor and an edge


@weak_handlers
class CursorScroller:
    """Scrolls `view` to its cursor, unless the person scrolls elsewhere meanwhile."""

    def __init__(self, view: Gtk.TextView) -> None:
        self._view = view
        self._tick = 0
        self._value = self._upper = 0.0  # where it was scrolled to, and the text's height so far

    @property
    def is_done(self) -> bool:
        """Whether the cursor is in sight, or scrolling was stopped."""
        return not self._tick

    def scroll(self) -> None:
        """Begin, or begin again after the cursor has moved."""
        adjustment = self._view.get_vadjustment()
        if adjustment is None:
            return
        self._value, self._upper = adjustment.get_value(), -1.0
        self._ask()
        if not self._tick:
            self._tick = self._view.add_tick_callback(self._on_tick, adjustment)

    def stop(self) -> None:
        """Leave the view where it is."""
        if self._tick:
            self._view.remove_tick_callback(self._tick)
            self._tick = 0

    def _ask(self) -> None:
        # Without a size the view breaks its lines at other places.
        if self._view.get_height():
            cursor = self._view.get_buffer().get_insert()
            self._view.scroll_to_mark(cursor, _MARGIN, False, 0, 0)

    def _on_tick(
        self, view: Gtk.Widget, _clock: Gdk.FrameClock, adjustment: Gtk.Adjustment
    ) -> bool:
        before, self._upper = self._upper, adjustment.get_upper()
        is_laid_out = view.get_height() > 0 and self._upper == before
        if adjustment.get_value() != self._value or (is_laid_out and self._is_seen()):
            self._tick = 0
            return GLib.SOURCE_REMOVE
        self._ask()
        return GLib.SOURCE_CONTINUE

    def _is_seen(self) -> bool:
        buffer, seen = self._view.get_buffer(), self._view.get_visible_rect()
        cursor = self._view.get_iter_location(buffer.get_iter_at_mark(buffer.get_insert()))
        return bool(seen.y <= cursor.y and cursor.y + cursor.height <= seen.y + seen.height)
