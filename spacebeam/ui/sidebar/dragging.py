"""Rows of the sidebar are dragged to other places, and into folders."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.sidebar.node import Row, RowKind, SidebarNode
from spacebeam.ui.sidebar.row_menus import row_at
from spacebeam.ui.sidebar.row_model import RowItem
from spacebeam.ui.sidebar.sidebar_row import SidebarRow

_MOVABLE = (RowKind.CONNECTION, RowKind.FOLDER)
_STYLES = ("drop-above", "drop-below", "drop-into")
_EDGE = 0.25  # of a folder's height; between both edges it is dropped into the folder


@weak_handlers
class Dragging:
    """`move` is called with a node's key, the node it is put into, and the key of the next one."""

    def __init__(self, view: Gtk.ListView, move: Callable[[str, SidebarNode, str], object]) -> None:
        self._view = view
        self._move = weakly(move)
        self._dragged: SidebarNode | None = None
        self._row: SidebarRow | None = None  # that is dragged
        self._marked: SidebarRow | None = None
        drag = Gtk.DragSource(actions=Gdk.DragAction.MOVE)
        drag.connect("prepare", self._on_drag_prepare)
        drag.connect("drag-begin", self._on_drag_begin)
        drag.connect("drag-end", self._on_drag_end)
        view.add_controller(drag)
        target = Gtk.DropTarget.new(RowItem, Gdk.DragAction.MOVE)
        target.set_preload(True)
        target.connect("motion", self._on_target_motion)
        target.connect("leave", self._on_target_leave)
        target.connect("drop", self._on_target_drop)
        view.add_controller(target)

    def _mark(self, row: SidebarRow | None, style: str = "") -> None:
        if self._marked is not None:
            for one in _STYLES:
                self._marked.remove_css_class(one)
        self._marked = row
        if row is not None and style:
            row.add_css_class(style)

    def _place(self, x: float, y: float) -> tuple[SidebarRow, str] | None:
        """Return the row at a place, and the style class that says where it would be dropped."""
        row = row_at(self._view, x, y)
        if row is None or row.row is None or self._dragged is None:
            return None
        shown = row.row
        if shown.node.key == self._dragged.key or not _takes(shown):
            return None
        at = self._view.translate_coordinates(row, x, y)
        share = 0.5 if at is None else at[1] / max(row.get_height(), 1)
        if shown.node.kind is RowKind.LIBRARY:
            return row, "drop-into"
        if shown.node.kind is RowKind.FOLDER and _EDGE < share < 1 - _EDGE:
            return row, "drop-into"
        return row, "drop-above" if share < 0.5 else "drop-below"

    def _on_drag_prepare(
        self, _drag: Gtk.DragSource, x: float, y: float
    ) -> Gdk.ContentProvider | None:
        row = row_at(self._view, x, y)
        if row is None or row.row is None or row.is_editing or row.row.node.kind not in _MOVABLE:
            return None
        self._dragged, self._row = row.row.node, row
        value = GObject.Value(RowItem.__gtype__, RowItem(row.row))
        return Gdk.ContentProvider.new_for_value(value)

    def _on_drag_begin(self, drag: Gtk.DragSource, _dragged: Gdk.Drag) -> None:
        if self._row is not None:
            drag.set_icon(Gtk.WidgetPaintable.new(self._row), 0, 0)

    def _on_drag_end(self, _drag: Gtk.DragSource, _dragged: Gdk.Drag, _is_deleted: bool) -> None:
        self._dragged = self._row = None
        self._mark(None)

    def _on_target_motion(self, _target: Gtk.DropTarget, x: float, y: float) -> Gdk.DragAction:
        place = self._place(x, y)
        self._mark(*(place or (None, "")))
        return Gdk.DragAction.MOVE if place else Gdk.DragAction(0)

    def _on_target_leave(self, _target: Gtk.DropTarget) -> None:
        self._mark(None)

    def _on_target_drop(
        self, _target: Gtk.DropTarget, dropped: RowItem, x: float, y: float
    ) -> bool:
        self._dragged = dropped.row.node
        place = self._place(x, y)
        self._mark(None)
        if place is None:
            return False
        row, style = place
        shown = row.row
        assert shown is not None
        if style == "drop-into":
            self._move(dropped.row.node.key, shown.node, "")
        elif shown.parent is not None:
            before = shown.node.key if style == "drop-above" else _following(shown)
            self._move(dropped.row.node.key, shown.parent, before)
        return True


def _takes(row: Row) -> bool:
    """Whether something can be dropped on a row."""
    return row.node.kind in (*_MOVABLE, RowKind.LIBRARY)


def _following(row: Row) -> str:
    """Return the key of the node after this one in its folder, or ""."""
    siblings = () if row.parent is None else row.parent.children
    keys = [one.key for one in siblings]
    at = keys.index(row.node.key) + 1 if row.node.key in keys else len(keys)
    return keys[at] if at < len(keys) else ""
