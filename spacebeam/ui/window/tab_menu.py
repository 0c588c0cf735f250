"""What can be done with a whole tab: rename, duplicate, move, close, reopen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gi.repository import Adw, Gtk

from spacebeam.library.window_state import TabState
from spacebeam.ui.actions import add, enable
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.recordings.dialogs import ask_tab_name
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.closed_tabs import ClosedTabs
from spacebeam.ui.window.connection_copier import ConnectionCopier
from spacebeam.ui.window.tab import Tab

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window

_OF_TAB = ("rename-tab", "duplicate-tab", "close-tab")


@weak_handlers
class TabMenu:
    """Adds the actions of a window's tabs. They are for the tab under the menu, or the selected."""

    def __init__(
        self,
        window: Window,
        view: Adw.TabView,
        bar: Adw.TabBar,
        closed_tabs: ClosedTabs,
        settings_service: SettingsService,
        tasks: Tasks,
    ) -> None:
        self._window = window
        self._view = view
        self._bar = bar
        self._closed_tabs = closed_tabs
        self._settings_service = settings_service
        self._tasks = tasks
        self._page: Adw.TabPage | None = None  # under the open menu
        self._is_asking = False
        reactions: dict[str, Callable[[], object]] = {
            "rename-tab": self._rename,
            "duplicate-tab": self._duplicate,
            "move-tab": self._move,
            "close-tab": self._close,
            "close-other-tabs": self._close_others,
            "reopen-tab": self._reopen,
        }
        add(window, reactions)
        self._connection_copier = ConnectionCopier(window, self._copied_tab)
        view.connect("setup-menu", self._on_view_setup_menu)
        click = Gtk.GestureClick(propagation_phase=Gtk.PropagationPhase.CAPTURE)
        click.connect("pressed", self._on_click_pressed)
        bar.add_controller(click)

    def refresh(self) -> None:
        """Enable what is possible now."""
        count = self._view.get_n_pages()
        for name in _OF_TAB:
            enable(self._window, name, count > 0)
        for name in ("move-tab", "close-other-tabs"):
            enable(self._window, name, count > 1)
        enable(self._window, "reopen-tab", len(self._closed_tabs) > 0)

    @property
    def _target(self) -> Adw.TabPage | None:
        return self._page or self._view.get_selected_page()

    @property
    def _tab(self) -> Tab | None:
        page = self._target
        child = page.get_child() if page is not None else None
        return child if isinstance(child, Tab) else None

    def _copied_tab(self) -> Tab | None:
        return self._tab

    def _rename(self) -> None:
        tab = self._tab
        if self._page is None and self._window.sidebar.rename():
            return
        if tab is not None and not self._is_asking:
            self._tasks.start(self._ask_name(tab))

    async def _ask_name(self, tab: Tab) -> None:
        self._is_asking = True
        try:
            name = await ask_tab_name(self._window, tab.name, tab.automatic_title)
        finally:
            self._is_asking = False
        if name is not None:
            tab.rename(name)

    def _duplicate(self) -> None:
        tab = self._tab
        if tab is not None:
            state = replace(tab.memory.state, recording="")
            copy = self._window.add_tab(beside=tab)
            self._tasks.start(self._restore(copy, state, connect=state.was_connected))

    def _move(self) -> None:
        page = self._target
        if page is not None:
            self._view.transfer_page(page, self._window.new_window().tab_view, 0)

    def _close(self) -> None:
        page = self._target
        if page is not None:
            self._view.close_page(page)

    def _close_others(self) -> None:
        page = self._target
        if page is not None:
            self._view.close_other_pages(page)

    def _reopen(self) -> None:
        if self._closed_tabs:
            state, closing = self._closed_tabs.pop()
            self._tasks.start(self._restore(self._window.free_tab(), state, closing))
        self.refresh()

    async def _restore(
        self,
        tab: Tab,
        state: TabState,
        closing: asyncio.Task[None] | None = None,
        *,
        connect: bool = False,
    ) -> None:
        """Show a state in a tab, once the tab that had it is closed."""
        if closing is not None:
            await asyncio.wait((closing,))
        if state.recording:
            await self._settings_service.until_written(Path(state.recording))
        await tab.memory.restore(state)
        if connect and tab.connection.variables.apply_to(state.address, state.profile):
            tab.connection.connect_again()
        elif connect:
            tab.connect_to(state.address, state.profile)

    def _on_view_setup_menu(self, _view: Adw.TabView, page: Adw.TabPage | None) -> None:
        self._page = page
        self.refresh()

    def _on_click_pressed(self, _gesture: Gtk.GestureClick, count: int, x: float, y: float) -> None:
        # The first click has selected the tab.
        if count == 2 and _is_in_tab(self._bar.pick(x, y, Gtk.PickFlags.DEFAULT), self._bar):
            self._page = None
            self._rename()


def _is_in_tab(widget: Gtk.Widget | None, bar: Gtk.Widget) -> bool:
    """Return whether a widget is in one of the bar's tabs, and not in a button there."""
    while widget is not None and widget is not bar:
        if isinstance(widget, Gtk.Button):
            return False
        if widget.get_css_name() == "tab":
            return True
        widget = widget.get_parent()
    return False
