"""Shows a window's sidebar: beside the page, or as a sheet over it where there is no room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.library.sidebar_settings import LARGEST_WIDTH, LEAST_WIDTH
from spacebeam.ui.actions import add_switch, turn
from spacebeam.ui.handlers import weak_handlers, weakly
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.sidebar.side_layouts import BesideLayout, SidebarLayout
from spacebeam.ui.sidebar.width_handle import WidthHandle

_PRIORITY = GLib.PRIORITY_LOW  # the first frame and the person's input come first


@weak_handlers
class SidebarController:
    """Adds the action `sidebar` to the window.

    `make` returns the sidebar's contents. It is called when they are first seen, and `load` once,
    both after the window's first frame: the start does not wait for them.
    """

    def __init__(
        self,
        window: Gtk.ApplicationWindow,
        flap: Adw.Flap,
        settings_service: SettingsService,
        make: Callable[[], Gtk.Widget],
        load: Callable[[], object],
    ) -> None:
        self._window = window
        self._flap = flap
        self._settings_service = settings_service
        self._make, self._load = weakly(make), weakly(load)
        self._contents: Gtk.Widget | None = None
        self._is_drawn = False  # the window, for the first time
        self._focuses = False  # the contents, once they are there
        settings = settings_service.settings.sidebar
        self._layout = SidebarLayout(settings.width)
        self._width_before = settings.width  # before a drag
        side, page = flap.get_flap(), flap.get_content()
        assert isinstance(side, Adw.Bin)
        assert page is not None
        self._side = side
        side.set_hexpand(False)  # what is in it expands
        side.set_layout_manager(self._layout)
        page.set_layout_manager(BesideLayout(self._layout))
        handle = WidthHandle()
        handle.connect("moved", self._on_handle_moved)
        handle.connect("released", self._on_handle_released)
        flap.set_separator(handle)
        flap.set_reveal_flap(settings.is_shown)
        add_switch(window, "sidebar", self._on_sidebar_change_state)
        turn(window, "sidebar", settings.is_shown)
        flap.connect("notify::folded", self._on_flap_notify_folded)
        flap.connect("notify::reveal-flap", self._on_flap_notify_reveal_flap)
        flap.add_tick_callback(self._on_tick)

    @property
    def is_sheet(self) -> bool:
        """Whether the sidebar is over the page, as the window is narrow."""
        return bool(self._flap.get_folded())

    def show(self, *, focuses: bool = False) -> None:
        """Show the sidebar; move the focus into it if told to."""
        self._focuses = focuses
        self._flap.set_reveal_flap(True)
        self._focus()

    def hide_sheet(self) -> None:
        """Hide the sidebar where it covers the page."""
        if self.is_sheet:
            self._flap.set_reveal_flap(False)

    def _fill(self) -> None:
        if self._is_drawn and self._contents is None:
            self._contents = self._make()
            self._side.set_child(self._contents)
            self._focus()

    def _focus(self) -> None:
        if self._focuses and self._contents is not None:
            self._focuses = False
            self._contents.grab_focus()

    def _on_tick(self, _flap: Gtk.Widget, _clock: Gdk.FrameClock) -> bool:
        GLib.idle_add(self._on_idle, priority=_PRIORITY)
        return GLib.SOURCE_REMOVE

    def _on_idle(self) -> bool:
        if self._flap.get_root() is not None:
            self._is_drawn = True
            self._load()
            if self._flap.get_reveal_flap():
                self._fill()
        return GLib.SOURCE_REMOVE

    def _on_sidebar_change_state(self, _action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        if is_on.get_boolean():
            self.show(focuses=self.is_sheet)
        else:
            self._flap.set_reveal_flap(False)

    def _on_flap_notify_folded(self, flap: Adw.Flap, _property: GObject.ParamSpec) -> None:
        settings = self._settings_service.settings.sidebar
        flap.set_reveal_flap(settings.is_shown and not self.is_sheet)

    def _on_flap_notify_reveal_flap(self, flap: Adw.Flap, _property: GObject.ParamSpec) -> None:
        is_shown = flap.get_reveal_flap()
        turn(self._window, "sidebar", is_shown)
        if is_shown:
            self._fill()
        settings = self._settings_service.settings.sidebar
        if not self.is_sheet and is_shown is not settings.is_shown:
            self._settings_service.set_sidebar(replace(settings, is_shown=is_shown))

    def _on_handle_moved(self, _handle: WidthHandle, distance: int) -> None:
        limit = min(LARGEST_WIDTH, self._flap.get_width() // 2)
        self._layout.width = max(LEAST_WIDTH, min(self._width_before + distance, limit))
        self._layout.layout_changed()

    def _on_handle_released(self, _handle: WidthHandle) -> None:
        self._width_before = self._layout.width
        settings = self._settings_service.settings.sidebar
        self._settings_service.set_sidebar(replace(settings, width=self._layout.width))
