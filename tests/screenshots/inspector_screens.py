"""The screens of the inspector."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from gi.repository import Gdk, Gtk

from spacebeam.decode.decoder import Value
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.opening import create
from spacebeam.ui.inspector.json_table_view import JsonTableView
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.inspector.media_page import MediaPage
from tests.decode.test_sounds import wav
from tests.screenshots.screens import screen
from tests.screenshots.stage import Stage
from tests.support.spanning import EVENT, binary, text
from tests.support.waiting import eventually
from tests.ui.inspector.test_media import png
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_table import TablePage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child

_BOOK = json.dumps(
    {
        "type": "book",
        "symbol": "BTC-EUR",
        "time": 1795995133025,
        "bids": [{"price": 58214.3 - at, "size": 0.4 + at / 10, "orders": at} for at in range(12)],
        "asks": [{"price": 58215.1 + at, "size": 0.2 + at / 10, "orders": 2} for at in range(12)],
    }
)


@screen
async def _inspector(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "book.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://stream.example.com/v1/feed")
    recording.append(single(1795995133.0, Direction.RECEIVED, Kind.TEXT, _BOOK.encode()))
    recording.mark_complete(1795995134.0)
    assert recording.close(20)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        await window.tab.session_page.select(0)
        inspector = InspectorPage(window.tab.session_page.widget.inspector)
        inspector.find("price")
        await inspector.wait_for("1 of 24 in this message")
        await stage.shoot(window.widget, "find")
        tree = TreePage(child(window.tab.session_page.widget.inspector, "_tree_view", JsonTreeView))
        tree.do("show-bytes")
        await eventually(lambda: inspector.coloured("selected-bytes"))
        inspector.press_key_in_find(Gdk.KEY_Escape)
        await stage.shoot(window.widget, "bytes")
        inspector.do("show-value")
        await eventually(lambda: tree.is_shown and "bids: [12]" in tree.rows)
        tree.select(tree.rows.index("bids: [12]"))
        tree.do("show-table")
        table = TablePage(
            child(window.tab.session_page.widget.inspector, "_table_view", JsonTableView)
        )
        await eventually(lambda: table.count == 12)
        table.sort_by("size")
        table.sort_by("size")
        await eventually(lambda: table.rows[0].startswith("11 "))
        await stage.shoot(window.widget, "table")


@screen
async def _picture(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "pictures.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://stream.example.com/msgpack")
    profile: Value = {"name": "Ada", "joined_at": 1795995133, "portrait": png(96, 96)}
    payloads = png(320, 200), MessagePackDecoder().encode(profile), wav()
    for place, payload in enumerate(payloads):
        time = 1795995133.0 + place
        recording.append(single(time, Direction.RECEIVED, Kind.BINARY, payload))
    recording.mark_complete(1795995135.0)
    assert recording.close(20)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        inspector = window.tab.session_page.widget.inspector
        await window.tab.session_page.select(0)
        page = child(inspector, "_media_page", MediaPage)
        await eventually(lambda: child(page, "_picture", Gtk.Picture).get_paintable())
        await stage.shoot(window.widget)
        await window.tab.session_page.select(1)
        tree = TreePage(child(inspector, "_tree_view", JsonTreeView))
        await eventually(lambda: any("PNG" in row for row in tree.rows))
        await stage.shoot(window.widget, "value")
        await window.tab.session_page.select(2)
        await eventually(lambda: child(page, "_play_button", Gtk.Button).get_mapped())
        await stage.shoot(window.widget, "sound")


@screen
async def _attachments(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "attachments.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://chat.example.com/socket.io/?EIO=4&transport=websocket")
    payloads = [
        text(b'0{"sid":"lv_VI97HAXpY6yYWAAAC","pingInterval":25000}'),
        text(b'40{"sid":"wZX3oN0bSVIhsaknAAAI"}'),
        text(EVENT.replace(b"files", b"upload"), Direction.SENT),
        binary(png(48, 48), Direction.SENT),
        text(b'42["typing",{"user":"Ada"}]'),
        binary(b"\0\1\2\3", Direction.SENT),
        text(EVENT),
        binary(png(32, 32)),
    ]
    for place, (direction, kind, payload) in enumerate(payloads):
        recording.append(single(1795995133.0 + place, direction, kind, payload))
    recording.mark_complete(1795995142.0)
    assert recording.close(20)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        page = window.tab.session_page
        await page.select(3)
        await eventually(lambda: page.widget.inspector.span_row.words)
        await eventually(lambda: "Attachment 1 of 2 of #7" in page.timeline.previews_in_sight)
        await stage.shoot(window.widget, "part")
        await page.select(2)
        inspector = page.widget.inspector
        tree = TreePage(child(inspector, "_tree_view", JsonTreeView))
        await eventually(lambda: any("AAECAw==" in row for row in tree.rows))
        await stage.shoot(window.widget, "whole")
