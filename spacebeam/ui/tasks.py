"""asyncio in the window: its loop runs on GLib's, and widgets own their tasks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from gi.events import GLibEventLoopPolicy


def use_glib_loop() -> None:
    """Run asyncio on GLib's main loop, so that `Gio.Application.run` runs asyncio's tasks too."""
    policy: asyncio.AbstractEventLoopPolicy = GLibEventLoopPolicy()  # type: ignore[abstract]  # its stub lacks what the base class has
    asyncio.set_event_loop_policy(policy)


class Tasks:
    """The running tasks of one owner, which cancels them in one place.

    `sys.excepthook` reports an exception in any of them.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def are_running(self) -> bool:
        """Whether any task has not ended."""
        return bool(self._tasks)

    def start(self, coroutine: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run a coroutine as a task."""
        task = asyncio.get_event_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._on_task_done)
        return task

    async def finish(self) -> None:
        """Wait until every task has ended, including tasks that start meanwhile."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))

    def cancel(self) -> None:
        """Cancel every task."""
        for task in list(self._tasks):
            task.cancel()

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            sys.excepthook(type(error), error, error.__traceback__)
