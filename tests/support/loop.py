"""Runs coroutines as the program does: asyncio on GLib's main loop."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from gi.events import GLibEventLoopPolicy

T = TypeVar("T")
Context = dict[str, Any]

_PATIENCE = 110.0  # seconds; each wait in a test has a shorter time of its own

# The stubs know the base class of newer Pythons alone.
_policy = GLibEventLoopPolicy()  # type: ignore[abstract]


def run(main: Coroutine[Any, Any, T], on_exception: Callable[[Context], None] | None = None) -> T:
    """Run `main` to its end; what it left running is cancelled, as asyncio.run does."""
    loop = _policy.get_event_loop()
    if on_exception is not None:
        loop.set_exception_handler(lambda _loop, context: on_exception(context))
    try:
        # A signal's exception is lost below GLib's loop, so pytest-timeout cannot end a test here.
        return loop.run_until_complete(asyncio.wait_for(main, _PATIENCE))
    finally:
        loop.run_until_complete(_cancel_the_rest())
        if on_exception is not None:
            gc.collect()  # a task nobody asked for its exception says so when it is collected
            loop.set_exception_handler(None)


async def _cancel_the_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)
