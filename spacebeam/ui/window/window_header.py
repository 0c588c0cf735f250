"""The window's header bar: what the selected tab is, how it goes, and the way back."""

from __future__ import annotations

from gi.repository import Adw, Gio, GObject, Gtk

from spacebeam.ui.environments.environment_button import EnvironmentButton
from spacebeam.ui.surface_width import NARROW, SurfaceWidth
from spacebeam.ui.template import template
from spacebeam.ui.window.tab import Tab
from spacebeam.wording.i18n import _

# The label and tooltip of the button that connects.
_DISCONNECT = _("Disconnect"), _("Close the connection (Ctrl+D)")
_CANCEL = _("Cancel"), _("Stop connecting (Ctrl+D)")
_RECONNECT = _("Reconnect"), _("Connect to the same address again (F5)")
_CONNECT_AGAIN = _("Connect Again"), _("Connect to this address in a new tab (F5)")


@template("window_header.ui")
class WindowHeader(Adw.Bin):
    """Follows one tab at a time; its buttons use the actions of that tab and of the window."""

    __gtype_name__ = "SpacebeamWindowHeader"

    _sidebar_button: Gtk.ToggleButton = Gtk.Template.Child()
    _environment_bin: Adw.Bin = Gtk.Template.Child()
    _back_button: Gtk.Button = Gtk.Template.Child()
    _new_tab_button: Gtk.Button = Gtk.Template.Child()
    _status_image: Gtk.Image = Gtk.Template.Child()
    _heading_box: Gtk.Box = Gtk.Template.Child()
    _title_label: Gtk.Label = Gtk.Template.Child()
    _status_label: Gtk.Label = Gtk.Template.Child()
    environment_button: EnvironmentButton = Gtk.Template.Child("_environment_button")
    _menu_button: Gtk.MenuButton = Gtk.Template.Child()
    _disconnect_button: Gtk.Button = Gtk.Template.Child()
    _reconnect_button: Gtk.Button = Gtk.Template.Child()

    def __init__(self) -> None:
        GObject.type_ensure(EnvironmentButton)  # the template has one
        super().__init__()
        self._tab: Tab | None = None
        self._handler = 0
        self._is_narrow = False
        self.insert_action_group(
            "tab", Gio.SimpleActionGroup()
        )  # GTK 4.8 ignores a later first one
        self._surface_width = SurfaceWidth(self, self._on_surface_width_changed)

    def show_menu(self, menu: Gio.MenuModel) -> None:
        """Set the menu of the window."""
        self._menu_button.set_menu_model(menu)

    def follow(self, tab: Tab | None) -> None:
        """Show this tab's title and state from now on; None shows those of no tab."""
        if tab is self._tab:
            return
        if self._tab is not None:
            self._tab.disconnect(self._handler)
        self._tab = tab
        self.insert_action_group("tab", None if tab is None else tab.actions)
        if tab is not None:
            self._handler = tab.connect("titled", self._on_tab_titled)
            self._on_tab_titled(tab)

    def _label_button(self, button: Gtk.Button, label: str, icon_name: str) -> None:
        """Show a button's label, or its icon where there is little room."""
        if self._is_narrow:
            button.set_icon_name(icon_name)
        else:
            button.set_label(label)
        button.update_property([Gtk.AccessibleProperty.LABEL], [label])

    def _on_tab_titled(self, tab: Tab) -> None:
        shown = tab.headline
        self._title_label.set_text(shown.title)
        self._status_label.set_text(shown.words)
        self._status_label.set_visible(bool(shown.words))
        self._heading_box.set_tooltip_text("\n".join(filter(None, (shown.address, shown.words))))
        self._back_button.set_visible(shown.status is not None)
        has_room = not self._is_narrow or shown.status is None
        self._sidebar_button.set_visible(has_room)
        self._environment_bin.set_visible(has_room)
        self._status_image.set_visible(shown.status is not None)
        if shown.status is not None:
            self._status_image.set_from_icon_name(shown.status.icon_name)
            self._status_image.set_css_classes(["status-icon", shown.status.style_class])
        self._disconnect_button.set_visible(shown.can_disconnect or shown.can_cancel)
        self._reconnect_button.set_visible(shown.can_reconnect)
        label, hint = _CANCEL if shown.can_cancel else _DISCONNECT
        self._label_button(self._disconnect_button, label, "media-playback-stop-symbolic")
        self._disconnect_button.set_tooltip_text(hint)
        label, hint = _CONNECT_AGAIN if shown.is_recording else _RECONNECT
        self._label_button(self._reconnect_button, label, "view-refresh-symbolic")
        self._reconnect_button.set_tooltip_text(hint)

    def _on_surface_width_changed(self, width: int) -> None:
        is_narrow = width < NARROW
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self._new_tab_button.set_visible(not is_narrow)
            self.environment_button.show_narrow(is_narrow=is_narrow)
            if self._tab is not None:
                self._on_tab_titled(self._tab)
