"""Waiting for conditions, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

PATIENCE = 30.0  # seconds; a test that needs them all has failed


async def eventually(condition: Callable[[], object], *, within: float = PATIENCE) -> None:
    """Run the loop until `condition` holds; fail the test if it never does."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, "the condition never held"
        await asyncio.sleep(0.002)


async def settled(value: Callable[[], object], *, rounds: int = 60) -> None:
    """Run the loop until `value` has been the same for `rounds` readings in a row."""
    last, same = value(), 0
    deadline = time.monotonic() + PATIENCE
    while same < rounds:
        assert time.monotonic() < deadline, "the value never came to rest"
        await asyncio.sleep(0.002)
        now = value()
        last, same = now, same + 1 if now == last else 0
