"""The drawn part of the rate graph: received above a line, sent below it, and a time to choose."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import TYPE_CHECKING

from gi.repository import Gdk, GObject, Graphene, Gtk, Pango

from spacebeam.ui.compat import text_color
from spacebeam.ui.rates.bars import NOTHING, Bars, RateChart, edge_words
from spacebeam.ui.rates.selection import RateSelection, TimeSpan

if TYPE_CHECKING:
    import cairo

HEIGHT = 62  # pixels
_AXIS = 16  # pixels, for the times below
_ABOVE = 0.6  # of the rest: most people receive more than they send
_THINNEST = 1.0  # pixels; little is seen all the same beside much
_STILL = 4  # pixels; a pointer that was moved less was not dragged
_FAR = 10  # steps that the cursor moves with Control
_MOVES = {Gdk.KEY_Left: -1, Gdk.KEY_KP_Left: -1, Gdk.KEY_Right: 1, Gdk.KEY_KP_Right: 1}
_ENDS = {Gdk.KEY_Home: -1, Gdk.KEY_KP_Home: -1, Gdk.KEY_End: 1, Gdk.KEY_KP_End: 1}
_ENTERS = (Gdk.KEY_Return, Gdk.KEY_KP_Enter, Gdk.KEY_ISO_Enter)


class RatePlot(Gtk.Widget):
    """Draws a picture. `changed` says that another span is shown, or something moved; `chosen`
    and `cleared` that the person means it. `resized`: the picture is of another width."""

    __gtype_name__ = "SpacebeamRatePlot"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "chosen": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
        "cleared": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "resized": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__(focusable=True, accessible_role=Gtk.AccessibleRole.IMG)
        self.set_size_request(120, HEIGHT)
        self.set_overflow(Gtk.Overflow.HIDDEN)
        self.add_css_class("rate-plot")
        self.choice = RateSelection()
        self._picture = NOTHING
        self._colored: tuple[Gtk.Widget, Gtk.Widget] = (self, self)
        self._pointer: float | None = None  # where it is, in pixels
        self._origin: float | None = None  # where it went down
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
        """Whether the pointer is choosing: what is seen had better stand still."""
        return self._origin is not None

    def take_colors(self, sent: Gtk.Widget, received: Gtk.Widget) -> None:
        """Draw what was sent and received in the colours of these widgets' texts."""
        self._colored = (sent, received)

    def show_picture(self, picture: RateChart) -> None:
        """Draw this from now on."""
        self._picture = picture
        self.choice.show(picture.view, picture.step)
        self._point()
        self.queue_draw()

    def clear(self) -> None:
        """Choose nothing."""
        if self.choice.clear():
            self._change()

    def do_size_allocate(self, width: int, height: int, baseline: int) -> None:
        Gtk.Widget.do_size_allocate(self, width, height, baseline)
        if width != self._picture.width:
            self.emit("resized")

    def do_snapshot(self, snapshot: Gtk.Snapshot) -> None:
        width, height = self.get_width(), self.get_height() - _AXIS
        text = text_color(self)
        for tick in self._picture.ticks:
            _fill(snapshot, _faded(text, 0.08), round(self._x(tick.x)), 0, 1, height)
        self._draw_bars(snapshot, width, height)
        _fill(snapshot, _faded(text, 0.3), 0, round(height * _ABOVE), width, 1)
        span, cursor, pointed = self.choice.shown, self.choice.cursor, self.choice.pointed
        if pointed is not None and span is None:
            self._shade(snapshot, pointed, _faded(text, 0.08), _faded(text, 0.2))
        if span is not None:
            self._shade(snapshot, span, _faded(text, 0.14), _faded(text, 0.7))
        if cursor is not None:
            self._shade(snapshot, cursor, _faded(text, 0.4), text)
        self._draw_times(snapshot, text, span or cursor or pointed)

    def _x(self, x: float) -> float:
        """Where something is that was placed for the picture's width."""
        return x * self.get_width() / self._picture.width

    def _draw_bars(self, snapshot: Gtk.Snapshot, width: int, height: int) -> None:
        sent, received = self._colored
        middle = round(height * _ABOVE)
        context = snapshot.append_cairo(Graphene.Rect().init(0, 0, width, height))
        context.scale(width / self._picture.width, 1)
        below, above = height - middle - 1, 1 - middle
        _draw(context, self._picture.received, text_color(received), middle, above)
        _draw(context, self._picture.sent, text_color(sent), middle + 1, below)

    def _shade(
        self, snapshot: Gtk.Snapshot, span: TimeSpan, color: Gdk.RGBA, edge: Gdk.RGBA
    ) -> None:
        width, height = self.get_width(), self.get_height() - _AXIS
        low, high = (round(self._picture.view.x(at, width)) for at in span)
        high = max(high, low + 1)
        _fill(snapshot, color, low, 0, high - low, height)
        for x in (low, high - 1):
            _fill(snapshot, edge, x, 0, 1, height)

    def _draw_times(self, snapshot: Gtk.Snapshot, color: Gdk.RGBA, span: TimeSpan | None) -> None:
        taken: list[tuple[float, float]] = []
        faint = _faded(color, 0.6)
        if span is not None:
            taken = self._draw_edges(snapshot, color, span)
        for tick in self._picture.ticks:
            layout = self.create_pango_layout(tick.words)
            length = layout.get_pixel_size()[0]
            x = self._x(tick.x) - length / 2
            is_free = all(x > end + 6 or x + length < begin - 6 for begin, end in taken)
            if is_free and x >= 0 and x + length <= self.get_width():
                self._write(snapshot, layout, faint, x)

    def _draw_edges(
        self, snapshot: Gtk.Snapshot, color: Gdk.RGBA, span: TimeSpan
    ) -> list[tuple[float, float]]:
        """Say when a span begins and ends, below it; where that is, in pixels."""
        width, view = self.get_width(), self._picture.view
        words = [edge_words(at + time.localtime(at).tm_gmtoff, view) for at in span]
        layout = self.create_pango_layout(" to ".join(words))
        length = layout.get_pixel_size()[0]
        middle = (view.x(span.began, width) + view.x(span.ended, width)) / 2
        x = min(max(middle - length / 2, 0.0), max(width - length, 0.0))
        self._write(snapshot, layout, color, x)
        return [(x, x + length)]

    def _write(
        self, snapshot: Gtk.Snapshot, layout: Pango.Layout, color: Gdk.RGBA, x: float
    ) -> None:
        snapshot.save()
        snapshot.translate(Graphene.Point().init(round(x), self.get_height() - _AXIS + 1))
        snapshot.append_layout(layout, color)
        snapshot.restore()

    def _point(self) -> bool:
        """Have the choice know which time the pointer is over. Whether that is another."""
        x = self._pointer
        return self.choice.point(
            None if x is None else self._picture.view.time(x, self.get_width())
        )

    def _change(self) -> None:
        self.queue_draw()
        self.emit("changed")

    def _choose(self) -> None:
        span = self.choice.choose()
        self._change()
        if span is not None:
            self.emit("chosen", span.began, span.ended)

    def _on_drag_begin(self, _gesture: Gtk.GestureDrag, x: float, _y: float) -> None:
        self._origin = x
        self.grab_focus()

    def _on_drag_update(self, _gesture: Gtk.GestureDrag, x: float, _y: float) -> None:
        if self._origin is None or abs(x) < _STILL:
            return
        view, width = self._picture.view, self.get_width()
        self.choice.drag(view.time(self._origin, width), view.time(self._origin + x, width))
        self._change()

    def _on_drag_end(self, gesture: Gtk.GestureDrag, x: float, y: float) -> None:
        if self._origin is None:
            return
        self._on_drag_update(gesture, x, y)
        self._origin = None
        if abs(x) >= _STILL:
            self._choose()
            return
        self.choice.clear()
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
            self._origin = self.choice.pending = None
            self._change()

    def _on_key_pressed(
        self, _controller: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_extended = bool(state & Gdk.ModifierType.SHIFT_MASK)
        if key in _MOVES or key in _ENDS:
            far = _FAR if state & Gdk.ModifierType.CONTROL_MASK else 1
            steps = _MOVES[key] * far if key in _MOVES else _ENDS[key] * self._steps()
            self.choice.move(steps, is_extended)
            self._change()
        elif key in _ENTERS and (self.choice.pending or self.choice.cursor):
            self._choose()
        elif key == Gdk.KEY_Escape and self.choice.clear():
            self._origin = None
            self._change()
            self.emit("cleared")
        else:
            return False
        return True

    def _steps(self) -> int:
        view = self._picture.view
        return int((view.ended - view.began) / self._picture.step) + 1


def _draw(
    context: cairo.Context[cairo.Surface], bars: Bars, color: Gdk.RGBA, base: float, room: float
) -> None:
    """Fill a series from `base` on; `room` is how far it may reach, negative upwards."""
    if not bars.top:
        return
    thinnest = _THINNEST if room > 0 else -_THINNEST
    Gdk.cairo_set_source_rgba(context, color)
    context.move_to(bars.edges[0], base)
    line_to = context.line_to
    before = 0.0
    for (begin, _end), height in zip(pairwise(bars.edges), bars.heights, strict=True):
        if height != before:
            line_to(begin, base + _reach(before, room, thinnest))
            line_to(begin, base + _reach(height, room, thinnest))
            before = height
    line_to(bars.edges[-1], base + _reach(before, room, thinnest))
    line_to(bars.edges[-1], base)
    context.fill()


def _reach(height: float, room: float, thinnest: float) -> float:
    return (max if room > 0 else min)(height * room, thinnest) if height else 0.0


def _fill(
    snapshot: Gtk.Snapshot, color: Gdk.RGBA, x: float, y: float, width: float, height: float
) -> None:
    snapshot.append_color(color, Graphene.Rect().init(x, y, width, height))


def _faded(color: Gdk.RGBA, alpha: float) -> Gdk.RGBA:
    faded = color.copy()
    faded.alpha = color.alpha * alpha
    return faded
