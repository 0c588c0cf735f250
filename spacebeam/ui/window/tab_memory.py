"""What a tab has, as a value that another tab can be made from, and how it becomes like one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from spacebeam.library.window_state import TabState
from spacebeam.ui.tasks import Tasks

if TYPE_CHECKING:
    from spacebeam.ui.window.tab import Tab


class TabMemory:
    """The state of one tab."""

    def __init__(self, tab: Tab, tasks: Tasks) -> None:
        self._tab = tab
        self._tasks = tasks
        self._restored: TabState | None = None  # while it is being restored

    @property
    def is_restoring(self) -> bool:
        """Whether the tab is becoming like another one."""
        return self._restored is not None

    @property
    def state(self) -> TabState:
        """What another tab needs to be like this one."""
        tab = self._tab
        if self._restored is not None:
            return self._restored
        first = tab.connection.state(tab.name)
        if not tab.has_made_conversation:
            return first
        state = tab.conversation.state(tab.name, is_conversation=tab.is_conversation)
        if not first.connection or state.is_earlier:
            return state
        return replace(  # the session has values in place of variables
            state,
            address=first.address,
            profile=first.profile,
            connection=first.connection,
            is_changed=first.is_changed,
            is_private=state.is_private or first.is_private,
        )

    def restore(self, state: TabState, *, connect: bool) -> asyncio.Task[None]:
        """Become like the tab that had this state; connect only if told to."""
        self._restored = state
        self._tab.rename(state.name)
        return self._tasks.start(self._restore(state, connect=connect))

    async def _restore(self, state: TabState, *, connect: bool) -> None:
        tab = self._tab
        try:
            is_shown = await tab.conversation.show(state)
            tab.connection.restore(state)
            if is_shown and state.is_conversation:
                tab.show_conversation()
        finally:
            self._restored = None
        tab.show_state()
        if connect:
            tab.conversation.connecting.connect_again()
