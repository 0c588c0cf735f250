"""The menu of a timeline's row, by the right mouse button and by key."""

from __future__ import annotations

from gi.repository import Gdk, GObject, Gtk

from spacebeam.ui.template import template
from spacebeam.ui.timeline.timeline_model import TimelineModel
from spacebeam.ui.timeline.timeline_row import TimelineRow


@template("row_menu.ui")
class RowMenu(Gtk.PopoverMenu):
    """Opens for a row, which it selects. Its items activate actions of the tab."""

    __gtype_name__ = "SpacebeamRowMenu"

    def __init__(self) -> None:
        super().__init__()
        self._list_view: Gtk.ListView | None = None

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
        keys = Gtk.EventControllerKey()
        keys.connect("key-pressed", self._on_key_pressed)
        list_view.add_controller(keys)

    def _open(self, view: Gtk.ListView, row: TimelineRow, x: float, y: float) -> None:
        """Select a row, and open the menu at a place in the list."""
        selection, parent = view.get_model(), self.get_parent()
        model = selection.get_model() if isinstance(selection, Gtk.SingleSelection) else None
        at = None if parent is None else view.translate_coordinates(parent, x, y)
        if isinstance(selection, Gtk.SingleSelection) and isinstance(model, TimelineModel) and at:
            selection.set_selected(model.position(row.number))
            place = Gdk.Rectangle()
            place.x, place.y = int(at[0]), int(at[1])
            self.set_pointing_to(place)
            self.popup()

    def _on_click_pressed(self, click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        view = self._list_view
        widget = None if view is None else view.pick(x, y, Gtk.PickFlags.DEFAULT)
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

    @Gtk.Template.Callback()
    def _on_closed(self, _menu: Gtk.PopoverMenu) -> None:
        """Give the focus back to the row."""
        view = self._list_view
        focused = None if view is None else view.get_focus_child()
        if focused is not None:
            focused.grab_focus()
