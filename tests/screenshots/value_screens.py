"""The screens of values over time."""

from __future__ import annotations

import asyncio
import json
import math
import os
from pathlib import Path

from gi.repository import GLib

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.opening import create
from tests.screenshots.screens import screen
from tests.screenshots.stage import Stage
from tests.support.waiting import eventually
from tests.ui.pageobjects.values import ValuesPage

_COUNT = 1500
_CALLS = 600
_BEGAN = 1795995133.0
_STATES = ("open", "open", "auction", "open", "halted", "open")


def feed(path: Path) -> None:
    """A feed of ten minutes with two gaps in its sequence number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://stream.example.com/v1/ticker")
    for at in range(_COUNT):
        seq = 16000 + at + 7 * (at > 610) + 3 * (at > 1100)
        price = 58_200 + 40 * math.sin(at / 90) + 9 * math.sin(at / 7) + (at * 7919 % 13)
        status = _STATES[at * len(_STATES) // _COUNT]
        value = {"type": "ticker", "seq": seq, "price": round(price, 1), "status": status}
        payload = json.dumps(value).encode()
        recording.append(single(_BEGAN + at * 0.4, Direction.RECEIVED, Kind.TEXT, payload))
    recording.mark_complete(_BEGAN + _COUNT * 0.4)
    assert recording.close(20)


@screen
async def _values(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "ticker.beam"
    feed(path)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        tab = window.tab
        await eventually(lambda: tab.timeline.length == _COUNT)
        values = ValuesPage(tab.session_page.widget.values)
        for name in ("price", "status", "seq"):
            tab.widget.activate_action("tab.pin-value", GLib.Variant("s", name))
        await eventually(lambda: len(values.charted) == 3 and values.breaks.get_visible())
        await eventually(lambda: values.chart.width == values.plot.get_width())
        await stage.shoot(window.widget)
        values.choose("states", "messages")
        await eventually(lambda: values.chart.lanes[1].scale)
        await stage.shoot(window.widget, "rates")
        values.press("price")
        values.press("status")
        values.breaks.emit("clicked")
        await eventually(lambda: tab.timeline.length == 2 and len(values.charted) == 1)
        await tab.session_page.select(0)
        await stage.shoot(window.widget, "gap")


def calls(path: Path) -> None:
    """Calls of four minutes whose answers become slower, and larger."""
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://stream.example.com/v1/rpc")
    for at in range(_CALLS):
        began, name = _BEGAN + at * 0.4, ("getBook", "placeOrder")[at % 3 == 2]
        latency = (0.012 + 0.0001 * at + (at * 7919 % 13) / 800) * (4 if at % 3 == 2 else 1)
        question = {"jsonrpc": "2.0", "id": at, "method": name}
        answer = {"jsonrpc": "2.0", "id": at, "result": [7] * (3 + at // 12)}
        lines = ((began, Direction.SENT, question), (began + latency, Direction.RECEIVED, answer))
        for when, direction, value in lines:
            recording.append(single(when, direction, Kind.TEXT, json.dumps(value).encode()))
    recording.mark_complete(_BEGAN + _CALLS * 0.4)
    assert recording.close(20)


@screen
async def _latency(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "rpc.beam"
    calls(path)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        tab = window.tab
        await eventually(lambda: tab.timeline.length == 2 * _CALLS)
        values = ValuesPage(tab.session_page.widget.values)
        for name in ("latency:", "latency:placeOrder", "size:"):
            tab.widget.activate_action("tab.pin-value", GLib.Variant("s", name))
        await eventually(lambda: len(values.charted) == 3 and values.chart.lanes[1].points)
        await eventually(lambda: values.chart.width == values.plot.get_width())
        await stage.shoot(window.widget)
