"""The tabs that were closed, so that they can be reopened, the newest first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from spacebeam.library.window_state import TabState

_MAX_CLOSED = 25


class ClosedTabs:
    """States of closed tabs in memory; private ones are not remembered."""

    def __init__(self) -> None:
        self._closed: list[tuple[TabState, asyncio.Task[None] | None]] = []

    def __len__(self) -> int:
        return len(self._closed)

    def push(self, states: Iterable[TabState], closing: asyncio.Task[None] | None = None) -> None:
        """Remember tabs whose connection and recording are closed by the task `closing`."""
        self._closed += [(one, closing) for one in states if not (one.is_private or one.is_empty)]
        del self._closed[:-_MAX_CLOSED]

    def pop(self) -> tuple[TabState, asyncio.Task[None] | None]:
        """Return the newest one and its task. Raises IndexError."""
        return self._closed.pop()
