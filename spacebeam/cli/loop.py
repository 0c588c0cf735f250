"""The event loop of commands: asyncio on GLib, with a handler for Ctrl+C."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from gi.events import GLibEventLoopPolicy

Result = TypeVar("Result")


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run `work` to its end and return its result; cancel all other tasks."""
    # gi.events gives loops only through its policy, so asyncio.run cannot be used.
    policy = GLibEventLoopPolicy()  # type: ignore[abstract]  # only by its stub
    loop = policy.get_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_cancel_all())
        loop.close()


async def unless(reason: asyncio.Future[Any], work: Coroutine[Any, Any, object]) -> bool:
    """Run `work`; cancel it and return False if `reason` is done first."""
    task = asyncio.create_task(work)
    either: set[asyncio.Future[Any]] = {task, reason}
    await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
    if task.done():
        task.result()
        return True
    task.cancel()
    await asyncio.wait({task})
    return False


async def _cancel_all() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


@contextmanager
def on_signals(leave: Callable[[], None]) -> Iterator[None]:
    """Call `leave` on the first Ctrl+C or SIGTERM; a second one ends the program at once."""
    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)

    def forget() -> None:
        for number in signals:
            if loop.remove_signal_handler(number):
                signal.signal(number, signal.SIG_DFL)

    def obey() -> None:
        forget()
        leave()

    for number in signals:
        loop.add_signal_handler(number, obey)
    try:
        yield
    finally:
        forget()
