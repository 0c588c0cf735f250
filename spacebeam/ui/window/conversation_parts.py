"""The widgets of a conversation, which are made in several turns of the main loop."""

from __future__ import annotations

import asyncio
from functools import cached_property

from spacebeam.ui.composer.history_popover import HistoryPopover
from spacebeam.ui.composer.repeat_popover import RepeatPopover
from spacebeam.ui.messages.messages_popover import MessagesPopover
from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.pages.page_parts import PageParts

_OF_PAGE = (
    "timeline",
    "composer",
    "filter_bar",
    "inspector",
    "chat",
    "rate_graph",
    "values",
)
_OTHERS = ("page", "history_popover", "messages_popover", "repeat_popover")


class ConversationParts:
    """Makes each widget when it is first wanted, or one after the other with `prepare`."""

    def __init__(self) -> None:
        self._page_parts = PageParts()

    @cached_property
    def page(self) -> ConversationPage:
        return ConversationPage(self._page_parts)

    @cached_property
    def history_popover(self) -> HistoryPopover:
        return HistoryPopover()

    @cached_property
    def messages_popover(self) -> MessagesPopover:
        return MessagesPopover()

    @cached_property
    def repeat_popover(self) -> RepeatPopover:
        return RepeatPopover()

    async def prepare(self) -> None:
        """Make the widgets, each in a turn of the main loop."""
        for name in _OF_PAGE:
            getattr(self._page_parts, name)
            await asyncio.sleep(0)
        self._page_parts.composer.editor  # noqa: B018  it is made now
        await asyncio.sleep(0)
        for name in _OTHERS:
            getattr(self, name)
            await asyncio.sleep(0)

    def close(self) -> None:
        """Show nothing, so that GTK no longer uses the lists' models."""
        self._page_parts.close()
