"""Opens saved connections and addresses in a window's tabs, and never takes a live one away."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.ui.window.headline import ConnectionStatus
from spacebeam.ui.window.tab import Tab

if TYPE_CHECKING:
    from spacebeam.ui.window.window import Window


class SavedTabs:
    """The tabs of one window; connections that other windows show are found there too."""

    def __init__(self, window: Window) -> None:
        self._window = window

    def open(self, key: str, *, connects: bool = False, in_new_tab: bool = False) -> None:
        """Show a saved connection in its tab, in one where nothing would be lost, or a new one."""
        tab = None if in_new_tab else self._tab_of(key)
        if tab is None:
            tab = self._new_tab() if in_new_tab else self._free_tab()
            if not tab.connection.open(key):
                return
        if connects:
            tab.memory.when_restored(partial(_connect, tab))

    def open_address(
        self, address: str, *, connects: bool = False, in_new_tab: bool = False
    ) -> None:
        """Fill in an address that is not saved; connect to it if told to."""
        tab = self._new_tab() if in_new_tab else self._free_tab()
        tab.connection.leave()
        tab.connection.fill_in(address, connects=connects)

    @property
    def states(self) -> dict[str, ConnectionStatus]:
        """The states of the connections that any window shows, by their keys."""
        found: dict[str, ConnectionStatus] = {}
        for tab in self._all():
            if tab.connection.key and tab.status is not None:
                is_live = tab.state is ConnectionState.OPEN
                if is_live or tab.connection.key not in found:
                    found[tab.connection.key] = tab.status
        return found

    def _all(self) -> list[Tab]:
        windows = (self._window, *(one for one in self._window.siblings if one != self._window))
        return [tab for window in windows for tab in window.tabs]

    def _tab_of(self, key: str) -> Tab | None:
        """Select the tab that shows a connection, the live one if there are several."""
        tabs = [tab for tab in self._all() if tab.connection.key == key]
        tab = next((one for one in tabs if one.state is ConnectionState.OPEN), None)
        tab = tab or next(iter(tabs), None)
        if tab is not None:
            self._window.select(tab)
        return tab

    def _free_tab(self) -> Tab:
        tab = self._window.tab
        if tab is None or not _is_free(tab):
            return self._new_tab()
        return tab

    def _new_tab(self) -> Tab:
        return self._window.add_tab()


def _is_free(tab: Tab) -> bool:
    """Whether the first screen can be filled in again without losing anything."""
    shows_saved = tab.connection.is_bound and not tab.connection.is_changed
    return tab.is_untouched or (shows_saved and not (tab.has_conversation or tab.is_connecting))


def _connect(tab: Tab) -> None:
    """Connect a tab, unless it is busy."""
    if _is_busy(tab):
        return
    if tab.is_conversation and tab.has_conversation:
        tab.activate_action("tab.reconnect", None)
    else:
        tab.connection.connect_again()


def _is_busy(tab: Tab) -> bool:
    """Whether the tab is connected, or about to be."""
    return tab.state is not ConnectionState.CLOSED or tab.is_connecting or tab.is_reconnecting
