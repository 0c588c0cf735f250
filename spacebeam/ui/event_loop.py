"""asyncio on GLib's main loop, for the whole process."""

from __future__ import annotations

import asyncio

from gi.events import GLibEventLoopPolicy


def use_glib_loop() -> None:
    """From now on `Gio.Application.run` runs asyncio's tasks too."""
    policy: asyncio.AbstractEventLoopPolicy = GLibEventLoopPolicy()  # type: ignore[abstract]  # its stub lacks what the base class has
    asyncio.set_event_loop_policy(policy)
