"""The menu of an entry or of several, opened from the timeline by the mouse and by key."""

from __future__ import annotations

from gi.repository import Gdk, Gio, GObject, Gtk

from spacebeam.ui.focus import focus_of, has_focus
from spacebeam.ui.popover_place import open_at
from spacebeam.ui.pressed import release
from spacebeam.ui.template import menu, template
from spacebeam.ui.timeline.selected_rows import SelectedRows
from spacebeam.ui.timeline.timeline_row import TimelineRow


@template("row_menu.ui")
class RowMenu(Gtk.PopoverMenu):
    """Opens for a row, which it selects. Its items activate actions of the tab."""

    __gtype_name__ = "SpacebeamRowMenu"

    def __init__(self) -> None:
        super().__init__()
        self._list_view: Gtk.ListView | None = None
        self._pressed: Gtk.Widget | None = None  # the widget that was clicked

    @GObject.Property(type=Gtk.ListView)
    def list_view(self) -> Gtk.ListView | None:
        """The list of rows."""
        return self._list_view

    @list_view.setter  # type: ignore[no-redef]
    def list_view(self, list_view: Gtk.ListView) -> None:
        self._list_view = list_view
        click = Gtk.GestureClick(button=Gdk.BUTTON_SECONDARY)
        click.connect("pressed", self._on_click_pressed)
        list_view.add_controller(click)
        for phase, handler in (
            (Gtk.PropagationPhase.BUBBLE, self._on_key_pressed),
            (Gtk.PropagationPhase.CAPTURE, self._on_item_key_pressed),
        ):
            keys = Gtk.EventControllerKey(propagation_phase=phase)
            keys.connect("key-pressed", handler)
            list_view.add_controller(keys)

    def _open(self, view: Gtk.ListView, row: TimelineRow, x: float, y: float) -> None:
        """Open the menu of the selected rows at a place in the list; `row` becomes one of them."""
        rows = view.get_model()
        if isinstance(rows, SelectedRows):
            position = rows.model.position(row.number)
            if not rows.is_selected(position):
                rows.select(position)
            name = "entry_menu" if rows.only >= 0 else "several_menu"
            self.set_menu_model(menu(__name__, "row_menu.ui", name))
            if (cell := row.get_parent()) is not None:
                cell.grab_focus()  # to come back to
            open_at(self, view, x, y)

    def _on_click_pressed(self, click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        view = self._list_view
        widget = None if view is None else view.pick(x, y, Gtk.PickFlags.DEFAULT)
        self._pressed = widget
        while widget is not None and not isinstance(widget, TimelineRow):
            child = widget.get_first_child()  # a row has space around its content
            widget = child if isinstance(child, TimelineRow) else widget.get_parent()
        if view is not None and widget is not None:
            click.set_state(Gtk.EventSequenceState.CLAIMED)
            self._open(view, widget, x, y)

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_shifted = bool(state & Gdk.ModifierType.SHIFT_MASK)
        view = self._list_view
        focused = None if view is None else view.get_focus_child()
        row = None if focused is None else focused.get_first_child()
        is_menu = key == Gdk.KEY_Menu or (key == Gdk.KEY_F10 and is_shifted)
        if view is None or not is_menu or not isinstance(row, TimelineRow):
            return False
        at = row.translate_coordinates(view, 0, row.get_height())
        if at is not None:
            self._open(view, row, *at)
        return True

    def _on_item_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        """Do what an item does, without the menu."""
        view = self._list_view
        rows = None if view is None else view.get_model()
        if view is None or not isinstance(rows, SelectedRows) or not rows.count:
            return False
        if key == Gdk.KEY_Delete:
            return bool(view.activate_action("tab.remove", None))
        if key == Gdk.KEY_c and state & Gdk.ModifierType.CONTROL_MASK:
            return bool(view.activate_action("tab.copy", None))
        return False

    @Gtk.Template.Callback()
    def _on_closed(self, _menu: Gtk.PopoverMenu) -> None:
        """Focus the row again, unless an item has moved the focus elsewhere."""
        release(self._pressed)
        self._pressed = None
        view, focus = self._list_view, focus_of(self)
        if view is not None and (focus is None or has_focus(self) or view.is_ancestor(focus)):
            view.grab_focus()


def entry_menu() -> Gio.MenuModel:
    """Return the menu of an entry, for other widgets that show it."""
    return menu(__name__, "row_menu.ui", "entry_menu")
