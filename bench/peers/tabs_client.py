"""A window whose tabs are opened, used and closed: `tabs_client URL COUNT`.

The last line on standard error has the memory that COUNT tabs leave behind, after the first ten.
Needs a display, for example from `scripts/private.sh --window`.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial

import spacebeam.ui  # noqa: F401  it chooses the versions
from bench.peers.resident import resident
from bench.peers.window_client import run_in_window, until
from spacebeam.net.connection import ConnectionState
from spacebeam.ui.window.window import Window

_FIRST = 10  # tabs that fill the caches of GTK and Python
_REST_S = 3.0  # until the last tabs are collected


async def measure(window: Window, url: str, count: int) -> dict[str, float]:
    """Open, use and close tabs beside the first one; return the growth in MiB."""
    for _number in range(_FIRST):
        await _use_tab(window, url)
    await asyncio.sleep(_REST_S)
    before = resident()
    for _number in range(count):
        await _use_tab(window, url)
    await asyncio.sleep(_REST_S)
    return {"grown": resident() - before}


async def _use_tab(window: Window, url: str) -> None:
    """Open a tab, talk, look at an entry, and close the tab."""
    window.activate_action("win.new-tab", None)
    tab = window.tab
    assert tab is not None
    tab.conversation.connecting.start(url)
    await until(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)
    await tab.conversation.session.session.send('{"hello": "world"}')
    await until(lambda: len(tab.conversation.session.recording) >= 3)
    page = tab.conversation.page
    await until(lambda: page.timeline.counts.shown >= 3)
    page.timeline.go_to(1)
    await until(page.inspector.get_mapped)
    window.activate_action("win.close-tab", None)
    await until(lambda: tab.state is ConnectionState.CLOSED)


if __name__ == "__main__":
    run_in_window(partial(measure, url=sys.argv[1], count=int(sys.argv[2])))
