"""The screens that show what differs between two entries."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

from gi.repository import Gtk

from spacebeam.library.filters import FilterLibrary
from spacebeam.library.settings import Settings
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.opening import create
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.screenshots.screens import screen
from tests.screenshots.stage import Stage
from tests.support.waiting import eventually
from tests.ui.pageobjects.comparison import opened_comparison
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child

_ADDRESS = "wss://stream.example.com/v1/orders"
_ORDER: dict[str, Any] = {
    "type": "order",
    "id": 48213,
    "symbol": "BTC-EUR",
    "state": "open",
    "price": 58214.3,
    "updated": "2026-11-30T01:12:13.025Z",
    "fills": [
        {"id": "f-1", "price": 58214.3, "size": 0.4, "seq": 17},
        {"id": "f-2", "price": 58214.1, "size": 0.1, "seq": 18},
    ],
    "client": {"desk": "7", "note": "iceberg, do not cancel"},
}
_LATER: dict[str, Any] = {
    **_ORDER,
    "state": "partially filled",
    "updated": "2026-11-30T01:12:14.310Z",
    "fills": [
        {"id": "f-3", "price": 58213.9, "size": 1.2, "seq": 25},
        {"id": "f-1", "price": 58214.3, "size": 0.7, "seq": 21},
        {"id": "f-2", "price": 58214.1, "size": 0.1, "seq": 22},
    ],
    "client": {"desk": "7"},
}


def orders() -> Path:
    """Record an order, a trade, and the order later."""
    path = Path(os.environ["XDG_DATA_HOME"]) / "orders.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", _ADDRESS)
    for number, value in enumerate((_ORDER, {"type": "trade", "symbol": "BTC-EUR"}, _LATER)):
        payload = json.dumps(value).encode()
        recording.append(single(1796001133.0 + number, Direction.RECEIVED, Kind.TEXT, payload))
    recording.mark_complete(1796001137.0)
    assert recording.close(20)
    return path


@screen
async def _comparison(stage: Stage) -> None:
    filters = FilterLibrary(left_out={_ADDRESS: ["updated"]})
    async with stage.window(Settings(filters=filters)) as window:
        await window.tab.widget.open_recording(orders())
        await eventually(lambda: window.tab.timeline.length == 3)
        await window.tab.session_page.select(2)
        window.tab.do("tab.compare")
        async with opened_comparison() as page:
            await eventually(lambda: len(page.rows) > 5)
            page.step(1)
            await stage.shoot(page.widget, "tree")
            page.show_text()
            await eventually(lambda: len(page.text) > 5)
            await stage.shoot(page.widget, "text")


@screen
async def _changes(stage: Stage) -> None:
    async with stage.window() as window:
        await window.tab.widget.open_recording(orders())
        await eventually(lambda: window.tab.timeline.length == 3)
        await window.tab.session_page.select(2)
        inspector = window.tab.session_page.widget.inspector
        child(inspector, "_changes_button", Gtk.ToggleButton).set_active(True)
        tree = TreePage(child(inspector, "_tree_view", JsonTreeView))
        await eventually(lambda: any("since" in row for row in tree.rows))
        await stage.shoot(window.widget)
