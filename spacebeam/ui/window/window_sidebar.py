"""A window's part in saved connections: its sidebar, its environment chooser, and their actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gi.repository import Adw, GLib, Gtk

from spacebeam.ui.actions import add
from spacebeam.ui.environments.environment_button import EnvironmentButton
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.sidebar.sidebar_controller import SidebarController
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.saved_tabs import SavedTabs
from spacebeam.ui.window.tab import Tab

if TYPE_CHECKING:
    from spacebeam.ui.library_service import LibraryService
    from spacebeam.ui.sidebar.sidebar import Sidebar
    from spacebeam.ui.sidebar.sidebar_actions import SidebarActions
    from spacebeam.ui.window.window import Window


@weak_handlers
class WindowSidebar:
    """Adds the actions `sidebar`, `find-connection`, `environments` and `save-connection`.

    The library is read after the window's first frame.
    """

    def __init__(
        self,
        window: Window,
        flap: Adw.Flap,
        button: EnvironmentButton,
        settings_service: SettingsService,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._button = button
        self._settings_service = settings_service
        self._tasks = tasks
        self._library: LibraryService | None = None  # once it is read
        self._handler = 0
        self._sidebar: Sidebar | None = None
        self._actions: SidebarActions | None = None
        self._connections: dict[Tab, tuple[int, int]] = {}  # with the handlers of their signals
        self._controller = SidebarController(window, flap, settings_service, self._make, self._load)
        add(
            window,
            {
                "find-connection": self._find,
                "environments": self._edit_environments,
                "save-connection": self._save,
            },
        )
        button.connect("chosen", self._on_button_chosen)
        window.connect("unrealize", self._on_window_unrealize)

    @property
    def has_loaded(self) -> bool:
        """Whether the saved connections are known."""
        return self._library is not None and self._library.is_loaded

    @property
    def is_sheet(self) -> bool:
        """Whether the sidebar covers the page."""
        return self._controller.is_sheet

    def leave(self) -> None:
        """Move the focus to the page, and uncover it."""
        self._controller.hide_sheet()
        if self._window.tab is not None:
            self._window.tab.focus()

    def rename(self) -> bool:
        """Let the person rename the selected row if the focus is on it; return whether it is."""
        focus = self._window.get_focus()
        sidebar = self._sidebar
        if sidebar is None or focus is None or not focus.is_ancestor(sidebar):
            return False
        sidebar.rename()
        return True

    def new_connection(self, folder: str) -> None:
        """Show an empty first screen, which is saved in a folder."""
        tab = self._window.free_tab()
        tab.connection.wanted_folder = folder
        self.leave()

    def show_toast(self, toast: Adw.Toast) -> None:
        """Show a toast in the selected tab."""
        if self._window.tab is not None:
            self._window.tab.show_toast(toast)

    def attach(self, tab: Tab) -> None:
        """Follow a tab that is in the window now."""
        self._connections[tab] = (
            tab.connection.connect("saved", self._on_connection_saved),
            tab.connection.connect("open-requested", self._on_connection_open_requested),
        )

    def detach(self, tab: Tab) -> None:
        """Follow a tab no more."""
        for handler in self._connections.pop(tab):
            tab.connection.disconnect(handler)

    def refresh(self) -> None:
        """Show the states of the tabs, and the environments of the selected one."""
        if self._actions is not None:
            self._actions.show_states()
        self._show_environments()

    def _load(self) -> None:
        """Read the library; it is shown here and completes addresses."""
        if self._library is None:
            self._library = self._settings_service.library
            self._handler = self._library.connect("changed", self._on_library_changed)
            self._library.load()
            self._show_environments()

    def _make(self) -> Gtk.Widget:
        from spacebeam.ui.sidebar.sidebar import Sidebar
        from spacebeam.ui.sidebar.sidebar_actions import SidebarActions

        self._load()
        self._sidebar = Sidebar()
        self._actions = SidebarActions(
            self._window, self, self._sidebar, self._settings_service, self._tasks
        )
        return self._sidebar

    def _find(self) -> None:
        self._controller.show(focuses=True)

    def _save(self) -> None:
        if self._window.tab is not None:
            self._window.tab.connection.save()

    def _edit_environments(self) -> None:
        tab = self._window.tab
        self._load()
        if tab is not None and self._library is not None:
            self._library.edit_environments(self._window, tab.connection.folder)

    def _show_environments(self) -> None:
        tab = self._window.tab
        if self._library is None or tab is None:
            return
        store, root = self._library.environments, tab.connection.folder.root
        found = [one.environment for one in store.all(root) if one.problem is None]
        self._button.show_environments(found, store.chosen_name(root))

    def _on_button_chosen(self, _button: EnvironmentButton, name: str) -> None:
        tab = self._window.tab
        if tab is not None and self._library is not None:
            self._library.choose_environment(tab.connection.folder.root, name)

    def _on_library_changed(self, _library: LibraryService) -> None:
        for tab in self._window.tabs:
            tab.connection.take_up()
        self._show_environments()

    def _on_connection_saved(self, _connection: object, key: str) -> None:
        if not self._controller.is_sheet:
            self._controller.show()
        GLib.idle_add(self._on_idle_select, key, priority=GLib.PRIORITY_LOW)

    def _on_connection_open_requested(self, _connection: object, key: str, connects: bool) -> None:
        tab = self._window.tab
        if tab is not None and not tab.has_conversation:
            tab.connection.open(key)  # what was typed is a search for it
            if connects:
                tab.connection.connect_again()
        else:
            SavedTabs(self._window).open(key, connects=connects)

    def _on_idle_select(self, key: str) -> bool:
        if self._sidebar is not None:
            self._sidebar.select(key)
        return GLib.SOURCE_REMOVE

    def _on_window_unrealize(self, _window: Gtk.Widget) -> None:
        if self._library is not None and self._handler:
            self._library.disconnect(self._handler)
            self._handler = 0
