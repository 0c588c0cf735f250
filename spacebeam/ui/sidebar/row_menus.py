"""The menus of the sidebar's rows, opened by the mouse and by key."""

from __future__ import annotations

from collections.abc import Callable

from gi.repository import Gdk, Gtk

from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.pressed import release
from spacebeam.ui.sidebar.node import RowKind, SidebarNode
from spacebeam.ui.sidebar.sidebar_row import SidebarRow
from spacebeam.ui.template import menu

_MENUS = {
    RowKind.CONNECTION: "connection_menu",
    RowKind.FOLDER: "folder_menu",
    RowKind.LIBRARY: "library_menu",
    RowKind.RECENT: "recent_menu",
}


@weak_handlers
class RowMenus:
    """Opens the menu of a row of `view`, which `select` selects and whose node it returns."""

    def __init__(
        self,
        view: Gtk.ListView,
        menu: Gtk.PopoverMenu,
        select: Callable[[SidebarRow], SidebarNode | None],
    ) -> None:
        self._view = view
        self._menu = menu
        self._select = weakly(select)
        self._pressed: Gtk.Widget | None = None  # the widget that was clicked
        click = Gtk.GestureClick(button=Gdk.BUTTON_SECONDARY)
        click.connect("pressed", self._on_click_pressed)
        view.add_controller(click)
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        view.add_controller(keys)

    def release(self) -> None:
        """Show the clicked row as not pressed."""
        release(self._pressed)
        self._pressed = None

    def _open(self, row: SidebarRow, x: float, y: float) -> None:
        """Open the menu of a row at a place in the list."""
        node = self._select(row)
        name = None if node is None else _MENUS.get(node.kind)
        parent = self._menu.get_parent()
        at = None if parent is None else self._view.translate_coordinates(parent, x, y)
        if name is not None and at:
            self._menu.set_menu_model(menu(__name__, "row_menus.ui", name))
            place = Gdk.Rectangle()
            place.x, place.y = int(at[0]), int(at[1])
            self._menu.set_pointing_to(place)
            self._menu.popup()

    def _on_click_pressed(self, click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        self._pressed = self._view.pick(x, y, Gtk.PickFlags.DEFAULT)
        row = row_at(self._view, x, y)
        if row is not None:
            click.set_state(Gtk.EventSequenceState.CLAIMED)
            self._open(row, x, y)

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_shifted = bool(state & Gdk.ModifierType.SHIFT_MASK)
        focused = self._view.get_focus_child()
        row = None if focused is None else focused.get_first_child()
        is_menu = key == Gdk.KEY_Menu or (key == Gdk.KEY_F10 and is_shifted)
        if not is_menu or not isinstance(row, SidebarRow):
            return False
        at = row.translate_coordinates(self._view, 0, row.get_height())
        if at is not None:
            self._open(row, *at)
        return True


def row_at(view: Gtk.ListView, x: float, y: float) -> SidebarRow | None:
    """Return the row at a place in the list."""
    widget = view.pick(x, y, Gtk.PickFlags.DEFAULT)
    while widget is not None and not isinstance(widget, SidebarRow):
        child = widget.get_first_child()  # a row has space around its content
        widget = child if isinstance(child, SidebarRow) else widget.get_parent()
    return widget
