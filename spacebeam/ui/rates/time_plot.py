"""A plot over time in which the person selects a span by the pointer or the keys."""

from __future__ import annotations

import time
from collections.abc import Sequence

from gi.repository import Gdk, GObject, Graphene, Gtk, Pango

from spacebeam.ui.compat import text_color
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.rates.bars import Tick, TimeWindow, edge_words
from spacebeam.ui.rates.selection import RateSelection, TimeSpan
from spacebeam.wording.i18n import _

AXIS = 16  # pixels, for the times below the plot
_MIN_DRAG = 4  # pixels; a shorter drag is a click
_CONTROL_STEPS = 10  # that the keys' cursor moves with Control
_MOVES = {Gdk.KEY_Left: -1, Gdk.KEY_KP_Left: -1, Gdk.KEY_Right: 1, Gdk.KEY_KP_Right: 1}
_ENDS = {Gdk.KEY_Home: -1, Gdk.KEY_KP_Home: -1, Gdk.KEY_End: 1, Gdk.KEY_KP_End: 1}
_ENTERS = (Gdk.KEY_Return, Gdk.KEY_KP_Enter, Gdk.KEY_ISO_Enter)


@weak_handlers
class TimePlot(Gtk.Widget):
    """Lets the person select a time span; a subclass draws the values in `draw_values`.

    Emits `changed` while a selection is being made, `chosen` or `cleared` at its end, and `resized`
    when the drawing no longer fits the width.
    """

    __gtype_name__ = "SpacebeamTimePlot"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
        "cleared": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "resized": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__(focusable=True, accessible_role=Gtk.AccessibleRole.IMG)
        self.set_overflow(Gtk.Overflow.HIDDEN)
        self.add_css_class("rate-plot")
        self.selection = RateSelection()
        self._view = TimeWindow(0.0, 1.0)
        self._step = 1  # seconds
        self._ticks: Sequence[Tick] = ()
        self._fitted_width = 1.0  # pixels, for which the values were computed
        self._pointer: float | None = None  # x in pixels
        self._origin: float | None = None  # x of the button press
        drag = Gtk.GestureDrag()
        drag.connect("drag-begin", self._on_drag_begin)
        drag.connect("drag-update", self._on_drag_update)
        drag.connect("drag-end", self._on_drag_end)
        drag.connect("cancel", self._on_drag_cancel)
        self.add_controller(drag)
        motion = Gtk.EventControllerMotion()
        motion.connect("enter", self._on_motion)
        motion.connect("motion", self._on_motion)
        motion.connect("leave", self._on_leave)
        self.add_controller(motion)
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        self.add_controller(keys)

    @property
    def is_dragged(self) -> bool:
        """Whether the pointer is dragging; the plot should not move meanwhile."""
        return self._origin is not None

    def show_time(
        self, view: TimeWindow, step: int, ticks: Sequence[Tick], fitted_width: float
    ) -> None:
        """Show another time; spans are in steps of so many seconds."""
        self._view, self._step, self._ticks = view, step, ticks
        self._fitted_width = fitted_width
        self.selection.show(view, step)
        self._point()
        self.queue_draw()

    def draw_values(self, snapshot: Gtk.Snapshot, width: int, height: int, color: Gdk.RGBA) -> None:
        """Draw the values into an area of pixels, in the colour of texts."""

    def clear(self) -> None:
        """Clear the selection."""
        if self.selection.clear():
            self._change()

    def do_size_allocate(self, width: int, height: int, baseline: int) -> None:
        Gtk.Widget.do_size_allocate(self, width, height, baseline)
        if width != self._fitted_width:
            self.emit("resized")

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        width, height = self.get_width(), self.get_height() - AXIS
        text = text_color(self)
        for tick in self._ticks:
            fill(snapshot, faded(text, 0.08), round(self._x(tick.x)), 0, 1, height)
        self.draw_values(snapshot, width, height, text)
        span, cursor, pointed = self.selection.shown, self.selection.cursor, self.selection.pointed
        if pointed is not None and span is None:
            self._shade(snapshot, pointed, faded(text, 0.08), faded(text, 0.2))
        if span is not None:
            self._shade(snapshot, span, faded(text, 0.14), faded(text, 0.7))
        if cursor is not None:
            self._shade(snapshot, cursor, faded(text, 0.4), text)
        self._draw_times(snapshot, text, span or cursor or pointed)

    def _x(self, x: float) -> float:
        """Scale a position from the fitted width to the widget's."""
        return x * self.get_width() / self._fitted_width

    def _shade(
        self, snapshot: Gtk.Snapshot, span: TimeSpan, color: Gdk.RGBA, edge: Gdk.RGBA
    ) -> None:
        width, height = self.get_width(), self.get_height() - AXIS
        low, high = (round(self._view.x(at, width)) for at in span)
        high = max(high, low + 1)
        fill(snapshot, color, low, 0, high - low, height)
        for x in (low, high - 1):
            fill(snapshot, edge, x, 0, 1, height)

    def _draw_times(self, snapshot: Gtk.Snapshot, color: Gdk.RGBA, span: TimeSpan | None) -> None:
        taken: list[tuple[float, float]] = []
        faint = faded(color, 0.6)
        if span is not None:
            taken = self._draw_edges(snapshot, color, span)
        for tick in self._ticks:
            layout = self.create_pango_layout(tick.words)
            length = layout.get_pixel_size()[0]
            x = self._x(tick.x) - length / 2
            is_free = all(x > end + 6 or x + length < begin - 6 for begin, end in taken)
            if is_free and x >= 0 and x + length <= self.get_width():
                self._write(snapshot, layout, faint, x)

    def _draw_edges(
        self, snapshot: Gtk.Snapshot, color: Gdk.RGBA, span: TimeSpan
    ) -> list[tuple[float, float]]:
        """Draw the begin and end of a span below it; return the covered pixels."""
        width, view = self.get_width(), self._view
        words = [edge_words(at + time.localtime(at).tm_gmtoff, view) for at in span]
        layout = self.create_pango_layout(_(" to ").join(words))
        length = layout.get_pixel_size()[0]
        middle = (view.x(span.began, width) + view.x(span.ended, width)) / 2
        x = min(max(middle - length / 2, 0.0), max(width - length, 0.0))
        self._write(snapshot, layout, color, x)
        return [(x, x + length)]

    def _write(
        self, snapshot: Gtk.Snapshot, layout: Pango.Layout, color: Gdk.RGBA, x: float
    ) -> None:
        snapshot.save()
        snapshot.translate(Graphene.Point().init(round(x), self.get_height() - AXIS + 1))
        snapshot.append_layout(layout, color)
        snapshot.restore()

    def _point(self) -> bool:
        """Tell the selection which time the pointer is over; return whether the step changed."""
        x = self._pointer
        return self.selection.point(None if x is None else self._view.time(x, self.get_width()))

    def _change(self) -> None:
        self.queue_draw()
        self.emit("changed")

    def _choose(self) -> None:
        span = self.selection.choose()
        self._change()
        if span is not None:
            self.emit("chosen", span.began, span.ended)

    def _on_drag_begin(self, _gesture: Gtk.GestureDrag, x: float, _y: float) -> None:
        self._origin = x
        self.grab_focus()

    def _on_drag_update(self, _gesture: Gtk.GestureDrag, x: float, _y: float) -> None:
        if self._origin is None or abs(x) < _MIN_DRAG:
            return
        view, width = self._view, self.get_width()
        self.selection.drag(view.time(self._origin, width), view.time(self._origin + x, width))
        self._change()

    def _on_drag_end(self, gesture: Gtk.GestureDrag, x: float, y: float) -> None:
        if self._origin is None:
            return
        self._on_drag_update(gesture, x, y)
        self._origin = None
        if abs(x) >= _MIN_DRAG:
            self._choose()
            return
        self.selection.clear()
        self._change()
        self.emit("cleared")

    def _on_motion(self, _controller: Gtk.EventControllerMotion, x: float, _y: float) -> None:
        self._pointer = x
        if self._point():
            self._change()

    def _on_leave(self, _controller: Gtk.EventControllerMotion) -> None:
        self._pointer = None
        if self._point():
            self._change()

    def _on_drag_cancel(
        self, _gesture: Gtk.GestureDrag, _sequence: Gdk.EventSequence | None
    ) -> None:
        if self._origin is not None:
            self._origin = self.selection.pending = None
            self._change()

    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_extended = bool(state & Gdk.ModifierType.SHIFT_MASK)
        if key in _MOVES or key in _ENDS:
            far = _CONTROL_STEPS if state & Gdk.ModifierType.CONTROL_MASK else 1
            steps = _MOVES[key] * far if key in _MOVES else _ENDS[key] * self._steps()
            self.selection.move(steps, is_extended)
            self._change()
        elif key in _ENTERS and (self.selection.pending or self.selection.cursor):
            self._choose()
        elif key == Gdk.KEY_Escape and self.selection.clear():
            self._origin = None
            self._change()
            self.emit("cleared")
        else:
            return False
        return True

    def _steps(self) -> int:
        view = self._view
        return int((view.ended - view.began) / self._step) + 1


def fill(
    snapshot: Gtk.Snapshot, color: Gdk.RGBA, x: float, y: float, width: float, height: float
) -> None:
    """Fill a rectangle, in pixels."""
    snapshot.append_color(color, Graphene.Rect().init(x, y, width, height))


def faded(color: Gdk.RGBA, alpha: float) -> Gdk.RGBA:
    """Return a colour that is more transparent."""
    found = color.copy()
    found.alpha = color.alpha * alpha
    return found
