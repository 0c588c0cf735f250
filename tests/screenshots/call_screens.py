"""The screens of questions and answers."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from spacebeam.recording.opening import create
from spacebeam.ui.pairs.calls_window import CallsWindow
from tests.screenshots.screens import screen
from tests.screenshots.stage import Stage
from tests.support.calls import GRAPHQL, operations, text
from tests.support.waiting import eventually
from tests.ui.pageobjects.calls import CallsPage
from tests.ui.pageobjects.page import dialog_of
from tests.ui.pageobjects.window import WindowPage


async def _open_calls(window: WindowPage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "calls.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://api.example.com/graphql")
    recording.add_handshake(GRAPHQL)
    lines = operations(1795995133.0)
    for line in lines:
        recording.append(text(*line))
    recording.mark_complete(lines[-1][0])
    assert recording.close(20)
    await window.tab.widget.open_recording(path)
    await eventually(lambda: window.tab.timeline.length > 40)


@screen
async def _pairs(stage: Stage) -> None:
    async with stage.window() as window:
        await _open_calls(window)
        window.tab.timeline.widget.go_to(40)
        await window.tab.timeline.at_rest()
        await eventually(lambda: window.tab.session_page.widget.inspector.counterpart_row.words)
        await stage.shoot(window.widget)


@screen
async def _calls(stage: Stage) -> None:
    async with stage.window() as window:
        await _open_calls(window)
        window.tab.do("tab.calls")
        page = CallsPage(await dialog_of(window.tab.widget.get_root(), CallsWindow))
        await eventually(lambda: len(page.items) == 4)
        await stage.shoot(page.widget)
        page.choose("query PlaceOrder")
        await eventually(lambda: window.tab.timeline.length == 8)
        await stage.shoot(window.widget, "chosen")
