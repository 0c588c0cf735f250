"""The window: its tabs, actions and title."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from gi.repository import Adw, Gdk, Gio, GLib, GObject, Gtk

from spacebeam.library.window_state import TabState
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.recording.file import SUFFIX
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import add
from spacebeam.ui.compat import choose_file, is_in_browser
from spacebeam.ui.garbage import collector
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.save_as import file_filters
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.window.close_guard import CloseGuard
from spacebeam.ui.window.closed_tabs import ClosedTabs
from spacebeam.ui.window.shortcuts import add_text_shortcuts, shortcuts_window
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.tab_menu import TabMenu
from spacebeam.ui.window.tab_names import names
from spacebeam.ui.window.window_header import WindowHeader

# The window forwards these to the selected tab, so that their shortcuts work everywhere.
TAB_ACTIONS = (
    "disconnect",
    "reconnect",
    "address",
    "clear",
    "newest",
    "copy",
    "compose",
    "wire",
    "pause",
    "history",
    "repeat",
    "find",
    "next-match",
    "previous-match",
    "first",
    "go-to",
    "rates",
    "star",
    "save-as",
    "hide-like",
)


@template("window.ui")
class Window(Adw.ApplicationWindow):
    """One window with its tabs."""

    __gtype_name__ = "SpacebeamWindow"

    _main_menu: Gio.MenuModel = Gtk.Template.Child("main_menu")
    _header: WindowHeader = Gtk.Template.Child()
    _tab_view: Adw.TabView = Gtk.Template.Child()
    _tab_bar: Adw.TabBar = Gtk.Template.Child()

    def __init__(
        self,
        application: Adw.Application,
        settings_service: SettingsService,
        local_chat: LocalChat,
        closed_tabs: ClosedTabs,
        size: tuple[int, int, bool] | None = None,
    ) -> None:
        """Make a window without a tab; `size` is its width, height, and whether it is maximized."""
        super().__init__(application=application)
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._tasks = Tasks()
        self._close_guard = CloseGuard(self, self._tasks)
        self._closed_tabs = closed_tabs
        settings = settings_service.settings
        width, height, is_maximized = size or (
            settings.window_width,
            settings.window_height,
            settings.window_maximized,
        )
        self.set_default_size(width, height)
        if is_maximized or is_in_browser(self.get_display()):
            self.maximize()
        self._header.show_menu(self._main_menu)
        self.set_help_overlay(shortcuts_window())
        add_text_shortcuts(self)
        Composing(self)
        # Ctrl+Home and Ctrl+End belong to the timeline and to texts.
        self._tab_view.remove_shortcuts(
            Adw.TabViewShortcuts.CONTROL_HOME | Adw.TabViewShortcuts.CONTROL_END
        )
        self._add_actions()
        self._tab_menu = TabMenu(self, self._tab_view, self._tab_bar, closed_tabs, self._tasks)
        self._add_drop_target()

    @property
    def tab_view(self) -> Adw.TabView:
        """The tabs, which may be moved to another window."""
        return self._tab_view

    def add_tab(self, beside: Tab | None = None) -> Tab:
        """Add a tab, at the end or beside another one, and select it."""
        tab = Tab(self._settings_service, self._local_chat)
        parent = self._tab_view.get_page(beside) if beside is not None else None
        page = self._tab_view.add_page(tab, parent)
        self._tab_view.set_selected_page(page)
        tab.focus()
        return tab

    def new_window(self) -> Window:
        """Open a window without a tab, for a tab of this one."""
        application = self.get_application()
        assert isinstance(application, Adw.Application)
        window = Window(application, self._settings_service, self._local_chat, self._closed_tabs)
        window.present()
        return window

    def duplicate(self, tab: Tab) -> None:
        """Add a tab with the same address, options, draft and filter; it connects if `tab` is."""
        state = replace(tab.state_to_restore, recording="")
        self._tasks.start(self._restore(self.add_tab(beside=tab), state, is_copy=True))

    def reopen(self, state: TabState, closing: asyncio.Task[None] | None) -> None:
        """Add a tab with the state of a closed one, once that is closed."""
        self._tasks.start(self._restore(self._free_tab(), state, closing))

    async def _restore(
        self,
        tab: Tab,
        state: TabState,
        closing: asyncio.Task[None] | None = None,
        *,
        is_copy: bool = False,
    ) -> None:
        if closing is not None:
            await asyncio.wait((closing,))
        if state.recording:
            await self._settings_service.until_written(Path(state.recording))
        await tab.restore(state)
        if is_copy and state.was_connected:
            tab.connect_to(state.address, state.profile)

    def open_files(self, files: Sequence[Gio.File]) -> None:
        """Show recordings, each in a tab of its own."""
        self._tasks.start(self._open_each(files))

    def open_recording(self, path: Path) -> None:
        """Show a recording in a tab."""
        self.open_files([Gio.File.new_for_path(str(path))])

    async def _open_each(self, files: Sequence[Gio.File]) -> None:
        for file in files:
            path = file.get_path()
            if path is None:
                self._free_tab().show_error(
                    f"{file.get_uri()} is not on this computer.",
                    "Copy it to this computer, then open it.",
                )
            elif not any(one.show_tab_of(Path(path)) for one in self._windows()):
                await self._free_tab().open_recording(Path(path))

    def show_tab_of(self, path: Path) -> bool:
        """Select the tab that shows this recording; return whether there is one."""
        tab = next((one for one in self._tabs() if one.shows(path)), None)
        if tab is not None:
            self._tab_view.set_selected_page(self._tab_view.get_page(tab))
            tab.show_conversation()
            tab.activate_action("tab.show-cleared", None)
            self.present()
        return tab is not None

    def _tabs(self) -> list[Tab]:
        pages = (self._tab_view.get_nth_page(at) for at in range(self._tab_view.get_n_pages()))
        return [tab for page in pages if isinstance(tab := page.get_child(), Tab)]

    def _windows(self) -> list[Window]:
        application = self.get_application()
        windows = application.get_windows() if application is not None else []
        return [one for one in windows if isinstance(one, Window)]

    async def disconnect_tabs(self) -> None:
        """Disconnect every tab and release what it holds."""
        await asyncio.gather(self._tasks.finish(), *(tab.close() for tab in self._tabs()))

    @property
    def tab(self) -> Tab | None:
        """The selected tab."""
        page = self._tab_view.get_selected_page()
        child = page.get_child() if page else None
        return child if isinstance(child, Tab) else None

    def _free_tab(self) -> Tab:
        """Return the selected tab if nothing was done in it yet, or else a new one."""
        return self.tab if self.tab is not None and self.tab.is_untouched else self.add_tab()

    def _add_actions(self) -> None:
        reactions: dict[str, Callable[[], object]] = {
            "new-tab": self.add_tab,
            "open": self._start_opening,
        }
        add(self, reactions | {name: partial(self._activate_in_tab, name) for name in TAB_ACTIONS})

    def _add_drop_target(self) -> None:
        target = Gtk.DropTarget.new(Gdk.FileList, Gdk.DragAction.COPY)
        # Before the text fields, which would insert the file's path.
        target.set_propagation_phase(Gtk.PropagationPhase.CAPTURE)
        target.connect("drop", self._on_drop_target_drop)
        self.add_controller(target)

    def _start_opening(self) -> None:
        self._tasks.start(self._choose_and_open())

    async def _choose_and_open(self) -> None:
        folder = Gio.File.new_for_path(str(self._settings_service.recordings.folder))
        file = await choose_file(self, "Open a recording", file_filters(), folder)
        if file is not None:
            self.open_files([file])

    def _activate_in_tab(self, name: str) -> None:
        if self.tab is not None:
            self.tab.activate_action(f"tab.{name}", None)

    async def _release(self, tab: Tab) -> None:
        await tab.close()
        collector.request()

    def _save_size(self) -> None:
        settings = self._settings_service.settings
        if not is_in_browser(self.get_display()):
            settings.window_maximized = self.is_maximized()
        if not self.is_maximized():
            settings.window_width, settings.window_height = self.get_default_size()
        self._settings_service.save()

    def do_close_request(self) -> bool:
        self._save_size()
        unsaved = next((one for one in self._tabs() if self._close_guard.must_ask(one)), None)
        if unsaved is not None:
            self._ask(unsaved, self.close)
        return unsaved is not None

    def close_at_once(self) -> None:
        """Close without asking, as at the end of a desktop session."""
        self._close_guard.discard(self._tabs())
        self.close()

    def _ask(self, tab: Tab, close: Callable[[], object]) -> None:
        self._tab_view.set_selected_page(self._tab_view.get_page(tab))
        self._close_guard.ask(tab, close)

    @Gtk.Template.Callback()
    def _on_tab_view_close_page(self, view: Adw.TabView, page: Adw.TabPage) -> bool:
        tab = page.get_child()
        if isinstance(tab, Tab) and self._close_guard.must_ask(tab):
            view.close_page_finish(page, False)
            self._ask(tab, partial(view.close_page, page))
            return True
        if isinstance(tab, Tab):
            self._close_guard.forget(tab)
            state = tab.state_to_restore
            self._closed_tabs.push([state], self._tasks.start(self._release(tab)))
        view.close_page_finish(page, True)
        if not view.get_n_pages():
            self.close()
        return True

    @Gtk.Template.Callback()
    def _on_tab_view_notify_selected_page(
        self, _view: Adw.TabView, _property: GObject.ParamSpec
    ) -> None:
        tab = self.tab
        self._header.follow(tab)
        if tab is not None:
            self._tab_view.get_page(tab).set_needs_attention(False)
            self._on_tab_titled(tab)
            tab.focus()

    @Gtk.Template.Callback()
    def _on_tab_view_page_attached(
        self, _view: Adw.TabView, page: Adw.TabPage, _position: int
    ) -> None:
        tab = page.get_child()
        if isinstance(tab, Tab):
            tab.connect("titled", self._on_tab_titled)
            tab.connect("received", self._on_tab_received)
            tab.connect("tab-requested", self._on_tab_tab_requested)
            self._on_tab_titled(tab)
        self._tab_menu.refresh()

    @Gtk.Template.Callback()
    def _on_tab_view_page_detached(
        self, _view: Adw.TabView, page: Adw.TabPage, _position: int
    ) -> None:
        tab = page.get_child()
        if isinstance(tab, Tab):
            for handler in (self._on_tab_titled, self._on_tab_received, self._on_tab_tab_requested):
                tab.disconnect_by_func(handler)
        self._name_tabs()
        self._tab_menu.refresh()

    @Gtk.Template.Callback()
    def _on_tab_view_page_reordered(
        self, _view: Adw.TabView, _page: Adw.TabPage, _position: int
    ) -> None:
        self._name_tabs()

    @Gtk.Template.Callback()
    def _on_tab_view_create_window(self, _view: Adw.TabView) -> Adw.TabView:
        return self.new_window().tab_view

    @Gtk.Template.Callback()
    def _on_tab_view_notify_is_transferring_page(
        self, view: Adw.TabView, _property: GObject.ParamSpec
    ) -> None:
        """Close the window after its last tab was moved to another one."""
        if not view.get_is_transferring_page() and not view.get_n_pages():
            asyncio.get_event_loop().call_soon(self.close)

    def _on_drop_target_drop(
        self, _target: Gtk.DropTarget, dropped: Gdk.FileList, _x: float, _y: float
    ) -> bool:
        """Open recordings; attach the first of other files to the selected tab's message."""
        files = dropped.get_files()
        recordings = [one for one in files if (one.get_basename() or "").endswith(SUFFIX)]
        others = [one for one in files if one not in recordings]
        self.open_files(recordings)
        if others and self.tab is not None:
            self.tab.activate_action("tab.attach", GLib.Variant("s", others[0].get_uri()))
        return bool(files)

    def _on_tab_tab_requested(self, tab: Tab, address: str, profile: Profile | None) -> None:
        self.add_tab(beside=tab).connect_to(address, profile)

    def _on_tab_titled(self, tab: Tab) -> None:
        page = self._tab_view.get_page(tab)
        self._name_tabs()
        page.set_tooltip(GLib.markup_escape_text(tab.whole_title))
        page.set_loading(tab.state in (ConnectionState.CONNECTING, ConnectionState.CLOSING))
        page.set_icon(Gio.ThemedIcon.new(tab.status.icon_name) if tab.status else None)
        if tab is self.tab:
            self.set_title(f"{tab.title} — Spacebeam" if tab.is_conversation else "Spacebeam")

    def _on_tab_received(self, tab: Tab) -> None:
        if tab is not self.tab:
            self._tab_view.get_page(tab).set_needs_attention(True)

    def _name_tabs(self) -> None:
        tabs = self._tabs()
        for tab, name in zip(tabs, names([one.parts for one in tabs]), strict=True):
            page = self._tab_view.get_page(tab)
            if page.get_title() != name:
                page.set_title(name)
