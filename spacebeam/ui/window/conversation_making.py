"""Makes a tab's conversation in several turns of the main loop: one would hold up the window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from gi.repository import Adw

from spacebeam.ui.handlers import HeldBy
from spacebeam.ui.tasks import Tasks

if TYPE_CHECKING:
    from spacebeam.ui.window.conversation import Conversation
    from spacebeam.ui.window.conversation_parts import ConversationParts
    from spacebeam.ui.window.tab import Tab


class ConversationMaking:
    """What a tab has of its conversation until that is made; its page goes into `page_bin`."""

    _tab: HeldBy[Tab] = HeldBy()

    def __init__(self, tab: Tab, page_bin: Adw.Bin, tasks: Tasks) -> None:
        self._tab = tab
        self._bin = page_bin
        self._tasks = tasks
        self._parts: ConversationParts | None = None

    @property
    def is_running(self) -> bool:
        """Whether the conversation is being made."""
        return self._parts is not None

    async def finish(self) -> Conversation:
        """Make the conversation if it is not made yet, and return it."""
        if not self._tab.has_made_conversation:
            parts = self._made_parts
            await parts.prepare()
            self._bin.set_child(parts.page)
            await asyncio.sleep(0)
        return self._tab.conversation

    def then(self, act: Callable[[Conversation], object]) -> None:
        """Call `act` with the conversation once it is made."""
        if self._tab.has_made_conversation:
            act(self._tab.conversation)
        else:
            self._tasks.start(self._finish_and(act))

    def take(self) -> ConversationParts:
        """Return the parts, for the conversation that is made now."""
        parts, self._parts = self._made_parts, None
        if self._bin.get_child() is not parts.page:
            self._bin.set_child(parts.page)
        return parts

    def close(self) -> None:
        """Release the parts of a conversation that was not made."""
        if self._parts is not None:
            self._parts.close()

    async def _finish_and(self, act: Callable[[Conversation], object]) -> None:
        act(await self.finish())

    @property
    def _made_parts(self) -> ConversationParts:
        if self._parts is None:
            from spacebeam.ui.window.conversation_parts import ConversationParts  # not at the start

            self._parts = ConversationParts()
        return self._parts
