"""The course of a pinned value, as a small line."""

from __future__ import annotations

from collections.abc import Sequence

from gi.repository import Gdk, Graphene, Gtk

from spacebeam.ui.compat import text_color

SPARK_COLUMNS = 24
_SPARK_WIDTH, _SPARK_HEIGHT = 48, 14  # pixels


class Sparkline(Gtk.Widget):
    """The course of a value, a few pixels high."""

    __gtype_name__ = "SpacebeamSparkline"

    def __init__(self) -> None:
        super().__init__(accessible_role=Gtk.AccessibleRole.PRESENTATION, can_target=False)
        self.set_size_request(_SPARK_WIDTH, _SPARK_HEIGHT)
        self.set_valign(Gtk.Align.CENTER)
        self._heights: Sequence[float | None] = ()

    def show_heights(self, heights: Sequence[float | None]) -> None:
        """Draw these heights from 0 to 1, from left to right; None is left out."""
        if heights != self._heights:
            self._heights = heights
            self.queue_draw()

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        points = [(at, one) for at, one in enumerate(self._heights) if one is not None]
        width, height = self.get_width(), self.get_height()
        if not points or width < 2:
            return
        context = snapshot.append_cairo(Graphene.Rect().init(0, 0, width, height))
        Gdk.cairo_set_source_rgba(context, text_color(self))
        context.set_line_width(1.25)
        step = width / max(len(self._heights), 1)
        for at, one in points:
            y = 1 + (1 - one) * (height - 2)
            context.line_to(at * step, y)
            context.line_to((at + 1) * step, y)
        context.stroke()
