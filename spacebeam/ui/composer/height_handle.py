"""The upper edge of the composer, which can be dragged to make its text larger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import GObject, Gtk

from spacebeam.ui.handlers import weak_handlers

if TYPE_CHECKING:
    from spacebeam.ui.composer.editor import Editor

_LARGEST_SHARE = 0.6  # of the window, for the text


@weak_handlers
class HeightHandle(Gtk.Box):
    """Sets the height of the text: a third of the window at most, or more where it is dragged.

    Emits `height-chosen` (pixels, or 0 for the height of the text alone, after a double click).
    """

    __gtype_name__ = "SpacebeamHeightHandle"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "height-chosen": (GObject.SignalFlags.RUN_FIRST, None, (int,)),
    }

    def __init__(self) -> None:
        super().__init__()
        self._editor: Editor | None = None
        self._window_height = 0
        self._height = 0  # chosen by the person; 0: the text's own
        self._start_y = 0.0  # of a drag, in the window: the handle itself moves
        self._start_height = 0
        self._has_moved = False  # in this drag
        self.set_cursor_from_name("ns-resize")
        grip = Gtk.Box(halign=Gtk.Align.CENTER, valign=Gtk.Align.CENTER, hexpand=True)
        grip.add_css_class("grip")
        self.append(grip)
        drag = Gtk.GestureDrag()
        drag.connect("drag-begin", self._on_drag_begin)
        drag.connect("drag-update", self._on_drag_update)
        drag.connect("drag-end", self._on_drag_end)
        self.add_controller(drag)
        click = Gtk.GestureClick()
        click.connect("released", self._on_click_released)
        self.add_controller(click)

    def show_editor(self, editor: Editor) -> None:
        """Set the editor whose height it is."""
        self._editor = editor
        self._arrange()

    def show_window(self, height: int) -> None:
        """Set the height of the window in pixels."""
        self._window_height = height
        self._arrange()

    def show_height(self, height: int) -> None:
        """Set the least height of the text in pixels; 0 is that of the text alone."""
        self._height = height
        self._arrange()

    def _arrange(self) -> None:
        if self._editor is not None and self._window_height:
            least = min(self._height, int(self._window_height * _LARGEST_SHARE))
            self._editor.show_heights(least, self._window_height // 3)

    def _in_window(self, y: float) -> float:
        root = self.get_root()
        place = self.translate_coordinates(root, 0, y) if isinstance(root, Gtk.Widget) else None
        return y if place is None else float(place[1])

    def _on_drag_begin(self, _drag: Gtk.GestureDrag, _x: float, y: float) -> None:
        self._has_moved = False
        self._start_y = self._in_window(y)
        self._start_height = 0 if self._editor is None else self._editor.text_height

    def _on_drag_update(self, drag: Gtk.GestureDrag, _dx: float, dy: float) -> None:
        _is_active, _x, y = drag.get_start_point()
        upwards = round(self._start_y - self._in_window(y + dy))
        if upwards or self._has_moved:
            self._has_moved = True
            self.show_height(max(self._start_height + upwards, 0))

    def _on_drag_end(self, _drag: Gtk.GestureDrag, _dx: float, _dy: float) -> None:
        if self._has_moved:  # the offset is 0, as the handle has moved along
            self.emit("height-chosen", self._height)

    def _on_click_released(
        self, _click: Gtk.GestureClick, presses: int, _x: float, _y: float
    ) -> None:
        if presses == 2:
            self.show_height(0)
            self.emit("height-chosen", 0)
