"""What is done with the entries of a tab: copied, cleared, paused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gi.repository import Adw, Gio, GLib

from spacebeam.ui.actions import add, add_switch
from spacebeam.ui.handlers import weak_handlers
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.session_adapter import SessionAdapter
from spacebeam.ui.tasks import Tasks


@weak_handlers
class EntryActions:
    """Adds the actions to the tab's group; `notify` shows a short message."""

    def __init__(
        self,
        session: SessionAdapter,
        page: ConversationPage,
        tasks: Tasks,
        actions: Gio.SimpleActionGroup,
        notify: Callable[[str], Adw.Toast],
    ) -> None:
        self._session = session
        self._page = page
        self._tasks = tasks
        self._notify = notify
        self._copying: asyncio.Task[None] | None = None
        reactions: dict[str, Callable[[], object]] = {
            "clear": self._clear,
            "show-cleared": session.show_cleared,
            "newest": page.timeline.follow,
            "copy": self._copy,
        }
        add(actions, reactions)
        add_switch(actions, "pause", self._on_pause_change_state)

    def _copy(self) -> None:
        if self._copying is not None:
            self._copying.cancel()  # what is copied last is in the clipboard
        self._copying = self._tasks.start(self._copy_selected())

    async def _copy_selected(self) -> None:
        notice = await self._page.copy_selected()
        if notice:
            self._notify(notice)

    def _clear(self) -> None:
        if len(self._session.recording) == self._session.shown_from:
            return
        undo = self._session.clear()
        toast = self._notify("Timeline cleared")
        toast.set_button_label("Undo")
        toast.connect("button-clicked", lambda _toast: undo())

    def _on_pause_change_state(self, action: Gio.SimpleAction, is_on: GLib.Variant) -> None:
        action.set_state(is_on)
        self._page.timeline.pause(is_paused=is_on.get_boolean())
