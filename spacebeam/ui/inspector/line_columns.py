"""How many characters of a monospaced text fit on a line of its view."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import GLib, GObject, Gtk

from spacebeam.ui.handlers import weak_handlers

_MEASURED = 100  # characters, as one has a fraction of pixels
_UNKNOWN = 80  # before the view has a size


@weak_handlers
class LineColumns:
    """Calls `react`, between frames, when another number of characters fits."""

    def __init__(self, view: Gtk.TextView, react: Callable[[], object]) -> None:
        self._view = view
        self._react = react
        self._source = 0
        self.count = _UNKNOWN
        adjustment = view.get_hadjustment()
        assert adjustment is not None  # of the scrolled window around it
        adjustment.connect("notify::page-size", self._on_adjustment_notify_page_size)

    def _measure(self) -> int:
        view = self._view
        room = view.get_width() - view.get_left_margin() - view.get_right_margin()
        width = view.create_pango_layout("0" * _MEASURED).get_pixel_size()[0]
        return room * _MEASURED // width if room > 0 and width else self.count

    def _on_adjustment_notify_page_size(
        self, _adjustment: Gtk.Adjustment, _property: GObject.ParamSpec
    ) -> None:
        if not self._source:  # the text may not change while it is laid out
            self._source = GLib.idle_add(self._on_idle, priority=GLib.PRIORITY_HIGH_IDLE)

    def _on_idle(self) -> bool:
        self._source = 0
        if (count := self._measure()) != self.count:
            self.count = count
            self._react()
        return GLib.SOURCE_REMOVE
