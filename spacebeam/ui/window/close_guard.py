"""Asks before a tab with unsaved entries or private messages is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gi.repository import Gtk

from spacebeam.ui.recordings.dialogs import confirm_discard, confirm_discard_private
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.tab import Tab


class CloseGuard:
    """Tracks which tabs have unsaved entries, and which of them may be discarded."""

    def __init__(self, window: Gtk.Window, tasks: Tasks) -> None:
        self._window = window
        self._tasks = tasks
        self._asking: set[Tab] = set()
        self._discarded: set[Tab] = set()

    def must_ask(self, tab: Tab) -> bool:
        """Return whether closing this tab would lose entries without the person's consent."""
        has_unsaved = tab.storage_error is not None or tab.has_private_messages
        return has_unsaved and tab not in self._discarded

    def discard(self, tabs: Iterable[Tab]) -> None:
        """Allow closing these tabs without asking."""
        self._discarded.update(tabs)

    def forget(self, tab: Tab) -> None:
        """Forget a closed tab."""
        self._discarded.discard(tab)

    def ask(self, tab: Tab, close: Callable[[], object]) -> None:
        """Ask whether to discard the entries, and call `close` if so; ask once at a time."""
        if tab not in self._asking:
            self._asking.add(tab)
            self._tasks.start(self._close_if_confirmed(tab, close))

    async def _close_if_confirmed(self, tab: Tab, close: Callable[[], object]) -> None:
        try:
            is_confirmed = await self._confirm(tab)
        finally:
            self._asking.discard(tab)
        if is_confirmed:
            self._discarded.add(tab)
            close()

    async def _confirm(self, tab: Tab) -> bool:
        if tab.storage_error is not None:
            return await confirm_discard(self._window, tab.storage_error)
        return not tab.has_private_messages or await confirm_discard_private(self._window)
