"""The edge between sidebar and page, which can be dragged."""

from __future__ import annotations

from gi.repository import GObject, Gtk

from spacebeam.ui.handlers import weak_handlers
from spacebeam.wording.i18n import _


@weak_handlers
class WidthHandle(Gtk.Box):
    """Emits `moved` (pixels to the right since the drag began) and `released`."""

    __gtype_name__ = "SpacebeamWidthHandle"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "moved": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
        "released": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__()
        self._start_x = 0.0  # of a drag, in the window: the handle itself moves
        self.add_css_class("width-handle")
        self.set_cursor_from_name("ew-resize")
        self.set_tooltip_text(_("Drag to make the sidebar wider"))
        drag = Gtk.GestureDrag()
        drag.connect("drag-begin", self._on_drag_begin)
        drag.connect("drag-update", self._on_drag_update)
        drag.connect("drag-end", self._on_drag_end)
        self.add_controller(drag)

    def _in_window(self, x: float) -> float:
        root = self.get_root()
        place = self.translate_coordinates(root, x, 0) if isinstance(root, Gtk.Widget) else None
        return x if place is None else float(place[0])

    def _on_drag_begin(self, _drag: Gtk.GestureDrag, x: float, _y: float) -> None:
        self._start_x = self._in_window(x)

    def _on_drag_update(self, drag: Gtk.GestureDrag, dx: float, _dy: float) -> None:
        _is_active, x, _y = drag.get_start_point()
        self.emit("moved", round(self._in_window(x + dx) - self._start_x))

    def _on_drag_end(self, _drag: Gtk.GestureDrag, _dx: float, _dy: float) -> None:
        self.emit("released")
