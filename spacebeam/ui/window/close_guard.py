"""Whether a tab may be closed: one that holds what is not kept only if the person gives that up."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from gi.repository import Gtk

from spacebeam.ui.recordings.dialogs import may_lose
from spacebeam.ui.tasks import Tasks
from spacebeam.ui.window.tab import Tab


class CloseGuard:
    """Asks before something is lost."""

    def __init__(self, window: Gtk.Window, tasks: Tasks) -> None:
        self._window = window
        self._tasks = tasks
        self._asked: set[Tab] = set()  # those of which it is being asked
        self._given_up: set[Tab] = set()

    def holds(self, tab: Tab) -> bool:
        """Whether it has something that is not kept, and was not given up."""
        return tab.fault is not None and tab not in self._given_up

    def give_up(self, tabs: Iterable[Tab]) -> None:
        """They may go, whatever is lost."""
        self._given_up.update(tabs)

    def forget(self, tab: Tab) -> None:
        """It is gone."""
        self._given_up.discard(tab)

    def ask(self, tab: Tab, close: Callable[[], object]) -> None:
        """Ask, and `close` if the person wants that; once, however often this is called."""
        if tab not in self._asked:
            self._asked.add(tab)
            self._tasks.start(self._close_if_wanted(tab, close))

    async def _close_if_wanted(self, tab: Tab, close: Callable[[], object]) -> None:
        try:
            is_wanted = tab.fault is None or await may_lose(self._window, tab.fault)
        finally:
            self._asked.discard(tab)
        if is_wanted:
            self._given_up.add(tab)
            close()
