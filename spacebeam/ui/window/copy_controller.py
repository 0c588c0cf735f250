"""Copies the selected entry of a tab."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from spacebeam.ui.pages.conversation_page import ConversationPage
from spacebeam.ui.tasks import Tasks


class CopyController:
    """Copies the selected entry's payload, and shows a notice if there is one."""

    def __init__(
        self, page: ConversationPage, tasks: Tasks, show_notice: Callable[[str], object]
    ) -> None:
        self._page = page
        self._tasks = tasks
        self._show_notice = show_notice
        self._copying: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to copy; a copy that is not finished is given up."""
        if self._copying is not None:
            self._copying.cancel()  # what is copied last is in the clipboard
        self._copying = self._tasks.start(self._copy())

    async def _copy(self) -> None:
        notice = await self._page.copy_selected()
        if notice:
            self._show_notice(notice)
