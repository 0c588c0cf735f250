"""Runs the engine's loop, asyncio on GLib, beside any loop of asyncio that a test has.

The engine needs GLib's default main context. Where no one runs it, a thread does.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Coroutine
from typing import Any, TypeVar

from gi.events import GLibEventLoop, GLibEventLoopPolicy
from gi.repository import GLib

T = TypeVar("T")

_JOIN_TIMEOUT = 5.0  # seconds
_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


async def in_engine(work: Coroutine[Any, Any, T]) -> T:
    """Await `work` on the engine's loop. Cancelling this cancels it."""
    if isinstance(asyncio.get_running_loop(), GLibEventLoop):
        return await work
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, _started()))


def _started() -> asyncio.AbstractEventLoop:
    global _loop
    with _lock:
        if _loop is None:
            policy = GLibEventLoopPolicy()  # type: ignore[abstract]  # only by its stub
            _loop = policy.get_event_loop_for_context(GLib.MainContext.default())
            thread = threading.Thread(target=_loop.run_forever, name="spacebeam", daemon=True)
            thread.start()
            atexit.register(_stop, _loop, thread)
        return _loop


def _stop(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    thread.join(_JOIN_TIMEOUT)
    if not thread.is_alive():
        loop.close()
