"""The list of recordings, with a menu for each by pointer and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.library.recording_info import RecordingInfo
from spacebeam.ui.handlers import weakly
from spacebeam.ui.pressed import release
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.recording_row import RecordingRow
from spacebeam.ui.recordings.recording_store import RecordingItem
from spacebeam.ui.template import template

# The actions are the window's.
KEYS = {
    "F2": "recording.rename",
    "Delete": "recording.delete",
    "<Control><Shift>s": "recording.save-as",
    "Escape": "recordings.close-search",
}


@template("recordings_list.ui")
class RecordingsList(Adw.Bin):
    """Shows the RecordingItems of a model that match a search.

    Emits `open-requested`, `starred` (a RecordingInfo and the wanted state) and
    `selection-changed`.
    """

    __gtype_name__ = "SpacebeamRecordingsList"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "open-requested": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "starred": (GObject.SignalFlags.RUN_FIRST, None, (object, bool)),
        "selection-changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    _box: Gtk.Box = Gtk.Template.Child()
    _list_view: Gtk.ListView = Gtk.Template.Child()
    _menu: Gtk.PopoverMenu = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._search_text = ""
        self._scroll_target = 0  # position
        self._filter = Gtk.CustomFilter.new(weakly(self._matches))
        self._filtered = Gtk.FilterListModel(filter=self._filter)
        self._selection = Gtk.SingleSelection(
            model=self._filtered, autoselect=False, can_unselect=True
        )
        self._selection.connect("notify::selected-item", self._on_selection_notify_selected_item)
        self._selection.connect("items-changed", self._on_selection_items_changed)
        factory = Gtk.SignalListItemFactory()
        factory.connect("setup", self._on_factory_setup)
        factory.connect("bind", self._on_factory_bind)
        factory.connect("unbind", self._on_factory_unbind)
        self._list_view.set_factory(factory)
        self._list_view.set_model(self._selection)
        self._add_keys()

    @property
    def selected(self) -> RecordingInfo | None:
        """The selected recording."""
        item = self._selection.get_selected_item()
        return item.info if isinstance(item, RecordingItem) else None

    @property
    def position(self) -> int:
        """The position of the selected recording."""
        return int(self._selection.get_selected())

    def select(self, position: int) -> None:
        """Select the recording at this position, or else the last one, and scroll to it."""
        if self.found:
            self._scroll_target = min(position, self.found - 1)
            self._selection.set_selected(self._scroll_target)
            self._scroll()

    def select_path(self, path: Path) -> None:
        """Select the recording in this file, if it is listed, and scroll to it."""
        paths = [cast(RecordingItem, item).info.path for item in self._filtered]
        if path in paths:
            self.select(paths.index(path))
            if self._list_view.get_focus_child() is not None:
                self.add_tick_callback(self._on_tick_focus)  # when its row exists

    def select_and_focus(self, position: int) -> None:
        """Select the recording at this position, or else the last one, and focus its row."""
        self.select(position)
        if self.found:
            item = self._selection.get_selected_item()
            row = next((row for row in self._rows() if row.item is item), None)
            cell = row.get_parent() if row is not None else None
            (cell or self._list_view).grab_focus()

    @property
    def found(self) -> int:
        """The number of shown recordings."""
        return int(self._filtered.get_n_items())

    def show_model(self, model: Gio.ListModel | None) -> None:
        """Show the items of a model."""
        self._filtered.set_model(model)

    def search(self, text: str) -> None:
        """Show only the recordings that match, and select the first."""
        if text != self._search_text:
            self._search_text = text
            self._filter.changed(Gtk.FilterChange.DIFFERENT)
            self.select(0 if text or self.selected is None else self.position)

    def search_again(self) -> None:
        """Search among recordings whose title or address may have become known or other ones."""
        if self._search_text:
            self._filter.changed(Gtk.FilterChange.DIFFERENT)

    def _scroll(self) -> None:
        self._list_view.activate_action(
            "list.scroll-to-item", GLib.Variant("u", self._scroll_target)
        )

    def _rows(self) -> Iterator[RecordingRow]:
        cell = self._list_view.get_first_child()
        while cell is not None:
            row = cell.get_first_child()
            if isinstance(row, RecordingRow):
                yield row
            cell = cell.get_next_sibling()

    def _matches(self, item: GObject.Object) -> bool:
        return recording_words.matches(cast(RecordingItem, item).info, self._search_text)

    def _add_keys(self) -> None:
        keys = Gtk.ShortcutController()
        for key, action in KEYS.items():
            trigger = Gtk.ShortcutTrigger.parse_string(key)
            keys.add_shortcut(Gtk.Shortcut.new(trigger, Gtk.NamedAction.new(action)))
        self._list_view.add_controller(keys)
        menu_keys = Gtk.EventControllerKey()
        menu_keys.connect("key-pressed", self._on_key_pressed)
        self._list_view.add_controller(menu_keys)

    def _show_menu(self, row: RecordingRow, x: float, y: float) -> None:
        found, at = Gdk.Rectangle(), row.translate_coordinates(self._box, x, y)
        if at is not None:
            found.x, found.y = int(at[0]), int(at[1])
            self._menu.set_pointing_to(found)
            self._menu.popup()

    @Gtk.Template.Callback()
    def _on_list_view_activate(self, _view: Gtk.ListView, _position: int) -> None:
        self.emit("open-requested")

    def _on_selection_items_changed(
        self, _selection: Gtk.SingleSelection, position: int, _removed: int, added: int
    ) -> None:
        scroll = self._list_view.get_vadjustment()
        if not position and added and scroll is not None and scroll.get_value() < 1:
            self._scroll_target = 0  # show the new recording
            self.add_tick_callback(self._on_tick)

    def _on_tick(self, _widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        self._scroll()  # GTK 4.8 would leave a gap before the row that it anchors
        return GLib.SOURCE_REMOVE

    def _on_tick_focus(self, _widget: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        self.select_and_focus(self.position)
        return GLib.SOURCE_REMOVE

    @Gtk.Template.Callback()
    def _on_menu_closed(self, _menu: Gtk.PopoverMenu) -> None:
        for row in self._rows():
            release(row)
        self.select_and_focus(self.position)  # else the focus would leave the list

    def _on_selection_notify_selected_item(
        self, _selection: Gtk.SingleSelection, _property: GObject.ParamSpec
    ) -> None:
        self.emit("selection-changed")

    def _on_factory_setup(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        row = RecordingRow()
        row.connect("starred", self._on_row_starred)
        row.connect("menu-requested", self._on_row_menu_requested, list_item)
        list_item.set_child(row)

    def _on_factory_bind(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        row, item = list_item.get_child(), list_item.get_item()
        if isinstance(row, RecordingRow) and isinstance(item, RecordingItem):
            row.show_item(item, list_item)

    def _on_factory_unbind(
        self, _factory: Gtk.SignalListItemFactory, list_item: Gtk.ListItem
    ) -> None:
        row = list_item.get_child()
        if isinstance(row, RecordingRow):
            row.show_item(None)

    def _on_row_starred(self, row: RecordingRow, is_starred: bool) -> None:
        if row.item is not None:
            self.emit("starred", row.item.info, is_starred)

    def _on_row_menu_requested(
        self, row: RecordingRow, x: float, y: float, list_item: Gtk.ListItem
    ) -> None:
        self._selection.set_selected(list_item.get_position())
        self._show_menu(row, x, y)

    def _on_key_pressed(
        self, _keys: Gtk.EventControllerKey, key: int, _code: int, state: Gdk.ModifierType
    ) -> bool:
        is_menu = key == Gdk.KEY_Menu or (
            key == Gdk.KEY_F10 and bool(state & Gdk.ModifierType.SHIFT_MASK)
        )
        focused = self._list_view.get_focus_child()
        row = focused.get_first_child() if focused is not None else None
        if is_menu and isinstance(row, RecordingRow):
            row.request_menu()
            return True
        return False
