"""One row of the recordings list: star, name, state, and a line of details."""

from __future__ import annotations

import datetime

from gi.repository import GObject, Gtk

from spacebeam.library.recording_info import RecordingInfo, RecordingState
from spacebeam.ui.compat import name_row
from spacebeam.ui.recordings import recording_words
from spacebeam.ui.recordings.recording_store import RecordingItem
from spacebeam.ui.template import template
from spacebeam.wording.i18n import _

_STATE_CLASSES = {
    RecordingState.COMPLETE: [],
    RecordingState.BEING_WRITTEN: ["success"],
    RecordingState.ENDED_ABRUPTLY: ["warning"],
    RecordingState.DAMAGED: ["error"],
}


@template("recording_row.ui")
class RecordingRow(Gtk.Box):
    """Shows an item; a row is reused for other items.

    Emits `starred` (the wanted state) and `menu-requested` (a position in the row).
    """

    __gtype_name__ = "SpacebeamRecordingRow"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "starred": (GObject.SignalFlags.RUN_FIRST, None, (bool,)),
        "menu-requested": (GObject.SignalFlags.RUN_FIRST, None, (float, float)),
    }

    _star_button: Gtk.ToggleButton = Gtk.Template.Child()
    _name_label: Gtk.Label = Gtk.Template.Child()
    _state_label: Gtk.Label = Gtk.Template.Child()
    _details_label: Gtk.Label = Gtk.Template.Child()
    _menu_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        super().__init__()
        self._item: RecordingItem | None = None
        self._list_item: Gtk.ListItem | None = None
        self._handler = 0
        self._is_showing = False
        self._shown: RecordingInfo | None = None  # also while there is no item

    @property
    def item(self) -> RecordingItem | None:
        """The shown item."""
        return self._item

    def show_item(self, item: RecordingItem | None, list_item: Gtk.ListItem | None = None) -> None:
        """Show another item, or nothing; `list_item` is the list's, and is named by it."""
        self._list_item = list_item
        if self._item is not None:
            self._item.disconnect(self._handler)
        self._item = item
        if item is not None:
            self._handler = item.connect("notify::info", self._on_item_notify_info)
            if item.info != self._shown:  # GTK 4.8 unbinds and binds every row below a new one
                self._show(item.info)

    def request_menu(self) -> None:
        """Emit `menu-requested`, as the menu button does."""
        self.emit("menu-requested", self.get_width() - 24.0, self.get_height() / 2)

    def _show(self, info: RecordingInfo) -> None:
        self._is_showing, self._shown = True, info
        name = recording_words.name(info)
        self._name_label.set_text(name)
        self._name_label.set_tooltip_text(recording_words.whole_name(info))
        self._state_label.set_text(recording_words.state(info))
        self._state_label.set_visible(info.state is not RecordingState.COMPLETE)
        self._state_label.set_css_classes(["badge", *_STATE_CLASSES[info.state]])
        now = datetime.datetime.now().astimezone()
        details = recording_words.details(info, now)
        self._details_label.set_text(details)
        self._name_for_screen_readers(name, details, info)
        self._star_button.set_active(info.is_starred)
        is_damaged = info.state is RecordingState.DAMAGED
        self._star_button.set_sensitive(not is_damaged)
        self._star_button.set_icon_name(
            "starred-symbolic" if info.is_starred else "non-starred-symbolic"
        )
        self._is_showing = False

    def _name_for_screen_readers(self, name: str, details: str, info: RecordingInfo) -> None:
        """Name the list's widget by what it shows, and the buttons by what they act on."""
        parts = [name, details]
        if info.state is not RecordingState.COMPLETE:
            parts.insert(1, recording_words.state(info))
        if info.is_starred:
            parts.insert(1, "starred")
        label = Gtk.AccessibleProperty.LABEL
        if self._list_item is not None:
            name_row(self._list_item, ", ".join(parts))
        self._star_button.update_property([label], [_("Star {name}").format(name=name)])
        self._menu_button.update_property([label], [_("Actions for {name}").format(name=name)])

    def _on_item_notify_info(self, item: RecordingItem, _property: GObject.ParamSpec) -> None:
        self._show(item.info)

    @Gtk.Template.Callback()
    def _on_star_button_toggled(self, button: Gtk.ToggleButton) -> None:
        if not self._is_showing:
            self.emit("starred", button.get_active())

    @Gtk.Template.Callback()
    def _on_menu_button_clicked(self, _button: Gtk.Button) -> None:
        self.request_menu()

    @Gtk.Template.Callback()
    def _on_click_pressed(self, _click: Gtk.GestureClick, _count: int, x: float, y: float) -> None:
        self.emit("menu-requested", x, y)
