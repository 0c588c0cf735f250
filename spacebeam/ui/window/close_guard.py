"""Asks before something is closed that would be lost: entries, private messages, connections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from gi.repository import Gtk

from spacebeam.library.window_state import keeps_draft
from spacebeam.protocol.lifecycle import ConnectionState
from spacebeam.ui.recordings.dialogs import (
    confirm_discard,
    confirm_discard_private,
)
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.tab import Tab
from spacebeam.wording.closing import ending_words


class CloseGuard:
    """Tracks which tabs have unsaved entries, and which of them may be discarded."""

    def __init__(self, window: Gtk.Window, tasks: Tasks) -> None:
        self._window = window
        self._tasks = tasks
        self._asking: set[Tab] = set()
        self._discarded: set[Tab] = set()

    def must_ask(self, tab: Tab) -> bool:
        """Return whether closing this tab would lose entries without the person's consent."""
        loses = tab.storage_error is not None or tab.has_private_messages
        return loses and tab not in self._discarded

    def discard(self, tabs: Iterable[Tab]) -> None:
        """Allow closing these tabs without asking."""
        self._discarded.update(tabs)

    def forget(self, tab: Tab) -> None:
        """Forget a closed tab."""
        self._discarded.discard(tab)

    def ask(self, tab: Tab, close: Callable[[], object]) -> None:
        """Ask whether to discard the entries, and call `close` if so; ask once at a time."""
        if tab not in self._asking:
            self._tasks.start(self._close_if_confirmed(tab, close))

    async def confirm(self, tab: Tab, also: str = "") -> bool:
        """Ask whether to discard a tab's entries; False also while that is being asked.

        The question says what closing ends `also`.
        """
        if tab in self._asking:
            return False
        self._asking.add(tab)
        try:
            is_confirmed = await self._is_confirmed(tab, also)
        finally:
            self._asking.discard(tab)
        if is_confirmed:
            self._discarded.add(tab)
        return is_confirmed

    async def _close_if_confirmed(self, tab: Tab, close: Callable[[], object]) -> None:
        if await self.confirm(tab, ending([tab], come_back=False)):
            close()

    async def _is_confirmed(self, tab: Tab, also: str) -> bool:
        if tab.storage_error is not None:
            return await confirm_discard(self._window, tab.storage_error, also)
        return not tab.has_private_messages or await confirm_discard_private(self._window, also)


def ending(tabs: Sequence[Tab], *, come_back: bool) -> str:
    """Return what closing these tabs ends, in words, or "".

    If tabs come back at the next start, the drafts that are saved until then do not count.
    """
    states = [tab.memory.state for tab in tabs]
    drafts = [one for one in states if one.draft or one.has_more]
    lost = [one for one in drafts if not come_back or one.has_more or not keeps_draft(one)]
    is_open = [tab.state is ConnectionState.OPEN or tab.is_reconnecting for tab in tabs]
    return ending_words(sum(is_open), len(lost))
