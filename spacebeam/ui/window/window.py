"""The window: its tabs, actions and title."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gio, GLib, GObject, Gtk

from spacebeam.library.window_state import WindowState
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.actions import add
from spacebeam.ui.compat import is_in_browser
from spacebeam.ui.garbage import collector
from spacebeam.ui.input_method import Composing
from spacebeam.ui.recordings.dialogs import confirm_closing
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.template import template
from spacebeam.ui.window import shortcuts
from spacebeam.ui.window.close_guard import CloseGuard, ending
from spacebeam.ui.window.closed_tabs import ClosedTabs
from spacebeam.ui.window.file_opening import FileOpening
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.tab_actions import TAB_ACTIONS as TAB_ACTIONS
from spacebeam.ui.window.tab_menu import TabMenu
from spacebeam.ui.window.tab_names import names
from spacebeam.ui.window.window_header import WindowHeader
from spacebeam.ui.window.window_sidebar import WindowSidebar

if TYPE_CHECKING:
    from spacebeam.ui.window.send_to import SendTo


@template("window.ui")
class Window(Adw.ApplicationWindow):
    """One window with its tabs."""

    __gtype_name__ = "SpacebeamWindow"

    _main_menu: Gio.MenuModel = Gtk.Template.Child("main_menu")
    _header: WindowHeader = Gtk.Template.Child()
    _flap: Adw.Flap = Gtk.Template.Child()
    _tab_view: Adw.TabView = Gtk.Template.Child()
    _tab_bar: Adw.TabBar = Gtk.Template.Child()

    def __init__(
        self,
        application: Adw.Application,
        settings_service: SettingsService,
        local_chat: LocalChat,
        closed_tabs: ClosedTabs,
        state: WindowState | None = None,
    ) -> None:
        """Make a window without a tab, of the saved size, or as large as that of a `state`."""
        super().__init__(application=application)
        self._settings_service = settings_service
        self._local_chat = local_chat
        self._tasks = Tasks()
        self._close_guard = CloseGuard(self, self._tasks)
        self._closed_tabs = closed_tabs
        self._sent_to: SendTo | None = None  # while its dialog is open
        settings = settings_service.settings
        state = state or WindowState(
            settings.window_width, settings.window_height, settings.window_maximized
        )
        self._last_state: WindowState | None = None  # of a closed window
        self._is_agreed = self._is_asking = False  # to close
        self.set_default_size(state.width, state.height)
        if state.is_maximized or is_in_browser(self.get_display()):
            self.maximize()
        self._header.show_menu(self._main_menu)
        shortcuts.add_text_shortcuts(self)
        Composing(self)
        # Ctrl+Home and Ctrl+End belong to the timeline and to texts.
        self._tab_view.remove_shortcuts(
            Adw.TabViewShortcuts.CONTROL_HOME | Adw.TabViewShortcuts.CONTROL_END
        )
        self._add_actions()
        self.sidebar = WindowSidebar(
            self, self._flap, self._header.environment_button, settings_service, self._tasks
        )
        self._tab_menu = TabMenu(
            self, self._tab_view, self._tab_bar, closed_tabs, settings_service, self._tasks
        )
        self._file_opening = FileOpening(self, settings_service, self._tasks)

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

    @property
    def state(self) -> WindowState:
        """The window's size and tabs."""
        if self._last_state is not None:
            return self._last_state
        width, height = self.get_default_size()
        tabs = self.tabs
        selected = tabs.index(self.tab) if self.tab in tabs else 0
        states = tuple(one.memory.state for one in tabs)
        return WindowState(width, height, self.is_maximized(), states, selected)

    def restore(self, state: WindowState, *, connect: bool) -> None:
        """Add the tabs of an earlier window; connect those that were connected if told to.

        A tab that is neither selected nor connected is made when it is first selected.
        """
        tabs = [self.add_tab() for _tab in state.tabs]
        self._tab_view.set_selected_page(self._tab_view.get_page(tabs[state.selected]))
        for tab, one in zip(tabs, state.tabs, strict=True):
            connects = connect and one.was_connected
            if connects or tab is self.tab:
                tab.memory.restore(one, connect=connects)
            else:
                tab.memory.hold(one)

    def new_window(self) -> Window:
        """Open a window without a tab, for a tab of this one."""
        application = self.get_application()
        assert isinstance(application, Adw.Application)
        window = Window(application, self._settings_service, self._local_chat, self._closed_tabs)
        window.present()
        return window

    def show_notice(self, words: str) -> None:
        """Show a short message in the selected tab."""
        if self.tab is not None:
            self.tab.activate_action("tab.notify", GLib.Variant("s", words))

    def open_files(self, files: Sequence[Gio.File]) -> None:
        """Show recordings, each in a tab of its own."""
        self._file_opening.open(files)

    def open_recording(self, path: Path) -> None:
        """Show a recording in a tab."""
        self.open_files([Gio.File.new_for_path(str(path))])

    def select(self, tab: Tab) -> None:
        """Show a tab, which may be another window's."""
        window = tab.get_root()
        if isinstance(window, Window):
            window.tab_view.set_selected_page(window.tab_view.get_page(tab))
            window.present()

    def show_tab_of(self, path: Path) -> bool:
        """Select the tab that shows this recording; return whether there is one."""
        tab = next((one for one in self.tabs if one.shows(path)), None)
        if tab is not None:
            self.select(tab)
            tab.memory.when_restored(partial(_show_whole, tab))
        return tab is not None

    def show_chat(self, number: int) -> bool:
        """Show the tab whose chat has this number; return whether there is one."""
        tab = next((one for one in self.tabs if one.chat_number == number), None)
        if tab is not None:
            self.select(tab)
            tab.show_conversation()
        return tab is not None

    @property
    def tabs(self) -> list[Tab]:
        """The tabs, in order."""
        pages = (self._tab_view.get_nth_page(at) for at in range(self._tab_view.get_n_pages()))
        return [tab for page in pages if isinstance(tab := page.get_child(), Tab)]

    @property
    def siblings(self) -> list[Window]:
        """All windows with tabs, this one included."""
        application = self.get_application()
        windows = application.get_windows() if application is not None else []
        return [one for one in windows if isinstance(one, Window)]

    async def disconnect_tabs(self) -> None:
        """Disconnect every tab and release what it holds."""
        await asyncio.gather(self._tasks.finish(), *(tab.close() for tab in self.tabs))

    @property
    def tab(self) -> Tab | None:
        """The selected tab."""
        page = self._tab_view.get_selected_page()
        child = page.get_child() if page else None
        return child if isinstance(child, Tab) else None

    def free_tab(self) -> Tab:
        """Return the selected tab if nothing was done in it yet, or else a new one."""
        return self.tab if self.tab is not None and self.tab.is_untouched else self.add_tab()

    def _add_actions(self) -> None:
        reactions: dict[str, Callable[[], object]] = {
            "new-tab": self.add_tab,
            "send-to": self._send_to,
            "show-help-overlay": self._show_shortcuts,
        }
        add(self, reactions | {name: partial(self._activate_in_tab, name) for name in TAB_ACTIONS})

    def _show_shortcuts(self) -> None:
        shortcuts.show(self)

    def _send_to(self) -> None:
        """Send the selected tab's message to several connections, of other windows too."""
        if self.tab is None or not self.tab.is_conversation:
            return
        from spacebeam.ui.window.send_to import SendTo, targets  # not at the start

        composer = self.tab.conversation.sending.composer
        self._sent_to = SendTo(self, composer, targets(self), self._tasks)

    def _activate_in_tab(self, name: str) -> None:
        if self.tab is None:
            return
        if name == "save-as" and not self.tab.is_conversation:
            name = "save-connection"
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
        tabs, come_back = self.tabs, self._settings_service.settings.restore_tabs
        is_last = self.siblings == [self]
        must_ask = any(self._close_guard.must_ask(one) for one in tabs)
        if not self._is_agreed and (must_ask or ending(tabs, come_back=come_back and is_last)):
            if not self._is_asking:
                self._is_asking = True
                self._tasks.start(self._ask_and_close(come_back=come_back and is_last))
            return True
        self._last_state = self.state
        self._closed_tabs.push(self._last_state.tabs)
        return False

    def close_at_once(self) -> None:
        """Close without asking, as at the end of a desktop session."""
        self._is_agreed = True
        self.close()

    async def _ask_and_close(self, *, come_back: bool) -> None:
        try:
            ends = ending(self.tabs, come_back=come_back)
            words = await self.confirm_discarding(ends)
            if words is not None and (not words or await confirm_closing(self, words)):
                self.close_at_once()
        finally:
            self._is_asking = False

    async def confirm_discarding(self, words: str) -> str | None:
        """Ask about each tab whose entries would be lost, the first time with `words`.

        Return the words if there was no such tab, else "", or None if the person cancels.
        """
        for tab in self.tabs:
            if self._close_guard.must_ask(tab):
                self.select(tab)
                if not await self._close_guard.confirm(tab, words):
                    return None
                words = ""
        return words

    def _ask(self, tab: Tab, close: Callable[[], object]) -> None:
        self.select(tab)
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
            state = tab.memory.state
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
            tab.memory.wake()

    @Gtk.Template.Callback()
    def _on_tab_view_page_attached(
        self, _view: Adw.TabView, page: Adw.TabPage, _position: int
    ) -> None:
        tab = page.get_child()
        if isinstance(tab, Tab):
            self.sidebar.attach(tab)
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
            self.sidebar.detach(tab)
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

    def _on_tab_tab_requested(self, tab: Tab, address: str, profile: Profile | None) -> None:
        other = self.add_tab(beside=tab)
        if tab.connection.copy_to(other.connection):
            other.connection.connect_again()
        else:
            other.connect_to(address, profile)

    def _on_tab_titled(self, tab: Tab) -> None:
        page = self._tab_view.get_page(tab)
        self._name_tabs()
        page.set_tooltip(GLib.markup_escape_text(tab.whole_title))
        page.set_loading(tab.state in (ConnectionState.CONNECTING, ConnectionState.CLOSING))
        page.set_icon(Gio.ThemedIcon.new(tab.status.icon_name) if tab.status else None)
        self.sidebar.refresh()
        if tab is self.tab:
            self.set_title(f"{tab.title} — Spacebeam" if tab.is_conversation else "Spacebeam")

    def _on_tab_received(self, tab: Tab) -> None:
        if tab is not self.tab:
            self._tab_view.get_page(tab).set_needs_attention(True)

    def _name_tabs(self) -> None:
        tabs = self.tabs
        for tab, name in zip(tabs, names([one.parts for one in tabs]), strict=True):
            page = self._tab_view.get_page(tab)
            if page.get_title() != name:
                page.set_title(name)


def _show_whole(tab: Tab) -> None:
    tab.show_conversation()
    tab.activate_action("tab.show-cleared", None)
