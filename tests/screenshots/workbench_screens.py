"""The screens of the workbench: saved connections, environments, scenarios, help."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

from gi.repository import Gio, GLib, Gtk

from spacebeam.library.settings import Settings
from spacebeam.profiles.collection import MessageFormat, SavedMessage
from spacebeam.profiles.profile import Profile, ProtocolSettings, SchemaFiles, SpokenProtocol
from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.opening import create
from spacebeam.search.decoding import use_schemas
from spacebeam.ui.decoding.decoding_window import DecodingWindow
from tests.screenshots.screens import screen
from tests.screenshots.stage import Stage
from tests.support.node_peer import socketio_server
from tests.support.waiting import eventually
from tests.ui.doing import click
from tests.ui.messages.test_saved_messages import messages_of
from tests.ui.pageobjects.form import FormPage
from tests.ui.pageobjects.help import opened_help
from tests.ui.pageobjects.replay import opened_replay, opened_server
from tests.ui.pageobjects.scenario import opened_scenario
from tests.ui.pageobjects.sidebar import environments_of, sidebar_of
from tests.ui.sidebar.conftest import Saved, headers

_ENVIRONMENTS = 2
_WIRE = Path(__file__).parents[1] / "decode" / "wire"
_MESSAGES_ENOUGH = 3
_SCENARIO = """\
### Subscribe
WEBSOCKET {address}/v1/trades

{{"op": "subscribe", "channel": "trades", "symbols": ["BTC-EUR"]}}
# @expect json:event=trade

### Order book
# @timeout 500ms
WEBSOCKET {address}/v1/trades

{{"op": "subscribe", "id": 8, "symbols": ["BTC-EUR"]}}
# @expect json:id=9 json:type=book
"""


def library(address: str) -> None:
    """The saved connections of a person: two folders, two environments."""
    saved = Saved()
    trading = saved.add_folder("Trading", profile=headers(("X-Client", "desk-7")))
    subscribe = '{"op": "subscribe", "channel": "trades", "symbols": ["BTC-EUR"]}'
    messages = (
        SavedMessage("Subscribe to trades", subscribe, MessageFormat.JSON, on_connect=True),
        SavedMessage("Order book", '{"op": "getBook", "id": {{$seq}}}', MessageFormat.JSON),
        SavedMessage("Position", '{"op": "where"}', MessageFormat.JSON, encoding="MessagePack"),
    )
    saved.add("BTC feed", f"{address}/v1/trades", trading, messages=messages, is_favorite=True)
    saved.add("Orders", "wss://{{host}}/v1/orders", trading)
    home = saved.add_folder("Home")
    saved.add("MQTT", "wss://home.example.net/mqtt", home)
    saved.add_environment("Production", host="stream.example.com", desk="7")
    saved.add_environment("Staging", host="staging.example.com", desk="7")


@screen
async def _sidebar(stage: Stage) -> None:
    library(stage.address)
    async with stage.window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("BTC feed", "Orders")
        sidebar.click("Orders")
        await eventually(lambda: window.tab.connect_page.address.endswith("orders"))
        await stage.shoot(window.widget)
        sidebar = await sidebar_of(window)  # where it is a sheet, the click has closed it
        await sidebar.shows("Orders")
        sidebar.select("Orders")
        sidebar.widget.rename()
        await stage.shoot(window.widget, "renaming")


@screen
async def _saved_conversation(stage: Stage) -> None:
    library(stage.address)
    async with stage.window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("BTC feed")
        sidebar.activate("BTC feed")
        await eventually(lambda: window.tab.is_connected)
        await window.tab.timeline.at_rest()
        await stage.shoot(window.widget)
        await messages_of(window.tab)
        await stage.shoot(window.widget, "messages")


@screen
async def _decoding(stage: Stage) -> None:
    files = SchemaFiles(str(_WIRE / "feed.proto"), ("received:feed.v1.Envelope",))
    async with stage.conversation() as tab:
        dialog = await tab.open_dialog("tab.decoding", DecodingWindow)
        page = FormPage(dialog)
        page.type_in("Schema (.proto or descriptor set)", files.protobuf)
        page.type_in("Message types, separated by commas", ", ".join(files.message_types))
        await eventually(lambda: page.shows("Received messages") == [True])
        await stage.shoot(dialog)
        page.type_in("Schema (.avsc)", "/missing.avsc")
        await eventually(lambda: any("No such file" in one for one in page.words))
        await stage.shoot(dialog, "missing")
        dialog.close()


@screen
async def _violations(stage: Stage) -> None:
    schema = Path(os.environ["XDG_DATA_HOME"]) / "feed.json"
    schema.parent.mkdir(parents=True, exist_ok=True)
    levels = {"items": {"items": {"type": "number"}}}
    detail = {"properties": {"account": {"type": "integer"}, "book": levels}}
    schema.write_text(json.dumps({"properties": {"detail": detail, "seq": {"maximum": 9}}}))
    async with stage.conversation() as tab:
        page = FormPage(await tab.open_dialog("tab.decoding", DecodingWindow))
        page.type_in("JSON Schema of received messages, or AsyncAPI", str(schema))
        page.widget.close()
        numbers = reversed(range(len(tab.recording)))
        alarm = next(one for one in numbers if b"MARGIN" in tab.recording.entry(one).payload)
        tab.timeline.widget.go_to(alarm)
        await eventually(lambda: any(one.startswith("⚠") for one in tab.words))
        await eventually(lambda: any("violates" in one for one in tab.words))
        await tab.timeline.at_rest()
        window = tab.widget.get_root()
        assert isinstance(window, Gtk.Window)
        await stage.shoot(window)
        tab.session_page.filter.type_filter("is:invalid")
        await eventually(lambda: tab.timeline.length < len(tab.recording))
        await tab.timeline.at_rest()
        await stage.shoot(window, "filter")
        use_schemas(tab.recording, None)
        tab.session_page.filter.type_filter("-is:invalid")
        await eventually(lambda: any("needs a JSON Schema" in one for one in tab.words))
        await stage.shoot(window, "none")


@screen
async def _encoding(stage: Stage) -> None:
    async with stage.conversation() as tab:
        window = tab.widget.get_root()
        assert isinstance(window, Gtk.Window)
        tab.composer.widget.activate_action("encoding.as", GLib.Variant("s", "MessagePack"))
        tab.composer.type_message('{"op": "getBook", "id": 8, "symbol": "BTC-EUR"}')
        await eventually(lambda: any(one.startswith("MessagePack, ") for one in tab.words))
        await stage.shoot(window)
        tab.composer.widget.activate_action("encoding.as", GLib.Variant("s", "BSON"))
        tab.composer.type_message("[8]")
        await eventually(lambda: any(one.startswith("BSON: ") for one in tab.words))
        await stage.shoot(window, "mistake")


@screen
async def _environments(stage: Stage) -> None:
    library(stage.address)
    async with stage.window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("BTC feed")
        environments = await environments_of(window)
        await eventually(lambda: len(environments.names) == _ENVIRONMENTS)
        environments.select("Staging")
        await stage.shoot(environments.widget)


@screen
async def _scenario(stage: Stage) -> None:
    async with stage.window() as window:
        path = Path(os.environ["XDG_DATA_HOME"], "feed.http")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_SCENARIO.format(address=stage.address))
        assert window.drop([Gio.File.new_for_path(str(path))])
        scenario = await opened_scenario()
        await stage.shoot(scenario.widget)
        scenario.do("scenario.run")
        await eventually(lambda: any("✗" in scenario.beside(line) for line in range(1, 20)))
        await stage.shoot(scenario.widget, "run")
        scenario.type_text(f"{scenario.text}\n")
        path.write_text(_SCENARIO.format(address=stage.address).replace("book", "books"))
        await eventually(lambda: scenario.asks_about_outside)
        await stage.shoot(scenario.widget, "outside")


@screen
async def _replay(stage: Stage) -> None:
    async with stage.window() as window:
        tab = await window.connect(f"{stage.address}/v1/trades")
        await tab.session.session.send('{"op": "getBook", "id": 8, "symbols": ["BTC-EUR"]}')
        await eventually(lambda: len(tab.recording) > _MESSAGES_ENOUGH)
        await tab.timeline.at_rest()
        tab.do("tab.replay")
        replay = await opened_replay()
        await stage.shoot(replay.widget)
        await replay.play()
        replay.choose_row(0)
        await stage.shoot(replay.widget, "played")
        replay.widget.close()
        tab.do("tab.play-as-server")
        server = await opened_server()
        await stage.shoot(server.widget, "server")


@screen
async def _help(stage: Stage) -> None:
    async with stage.window() as window:
        program = window.widget.get_application()
        assert program is not None
        program.activate_action("help", GLib.Variant("s", ""))
        page = await opened_help(program)
        for topic in ("search", "scenarios"):
            page.choose(topic)
            await stage.shoot(page.widget, topic)


_CALLS = (
    (Direction.RECEIVED, '0{"sid":"x1","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'),
    (Direction.SENT, '40{"token":"demo"}'),
    (Direction.RECEIVED, '40{"sid":"D-ma-P"}'),
    (Direction.SENT, '427["getBook",{"symbol":"BTC-EUR","depth":3}]'),
    (Direction.RECEIVED, '42["trade",{"symbol":"BTC-EUR","price":58214.3}]'),
    (Direction.RECEIVED, '437[{"symbol":"BTC-EUR","bids":[[58214.3,0.4],[58214.1,1.2]]}]'),
    (Direction.RECEIVED, "2"),
    (Direction.SENT, "3"),
)


@screen
async def _decoded(stage: Stage) -> None:
    path = Path(os.environ["XDG_DATA_HOME"]) / "calls.beam"
    path.parent.mkdir(parents=True, exist_ok=True)
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", "wss://stream.example.com/socket.io/?EIO=4&transport=websocket")
    for place, (direction, text) in enumerate(_CALLS):
        recording.append(single(1795995133.0 + place / 40, direction, Kind.TEXT, text.encode()))
    recording.mark_complete(1795995134.0)
    assert recording.close(20)
    async with stage.window() as window:
        await window.tab.widget.open_recording(path)
        tab = window.tab
        await eventually(lambda: tab.timeline.length == len(_CALLS))
        await tab.session_page.select(3)
        await eventually(lambda: tab.session_page.widget.inspector.counterpart_row.words)
        await stage.shoot(window.widget)


@screen
async def _speaking(stage: Stage) -> None:
    with socketio_server() as port:
        async with stage.window(Settings()) as window:
            protocol = ProtocolSettings(SpokenProtocol.SOCKET_IO, '{"token": "s3same"}')
            tab = window.tab
            tab.connect_with(f"ws://127.0.0.1:{port}", Profile(protocol=protocol))
            await eventually(lambda: tab.is_connected and tab.composer.call[0])
            await eventually(lambda: any("welcome" in one for one in tab.entries))
            tab.composer.choose_call("Call", "sum")
            tab.composer.type_message("[40, 2]")
            tab.composer.send()
            await eventually(lambda: "430[42]" in tab.entries)
            sent = next(number for number, one in enumerate(tab.entries) if "sum" in one)
            await eventually(lambda: tab.timeline.length > sent)
            await tab.session_page.select(sent)
            counterpart = tab.session_page.widget.inspector.counterpart_row
            await eventually(lambda: counterpart.words.startswith("Answered"))
            tab.composer.type_message('["hello", {"room": 7}]')
            await stage.shoot(window.widget)
    async with stage.window() as window:
        window.tab.connect_page.type_address("ws://localhost:4000/socket")
        click(window.tab.connect_page.options_button)
        options = await window.tab.options()
        options.enter("protocol.name", SpokenProtocol.PHOENIX)
        options.enter("protocol.topic", "room:lobby")
        await stage.shoot(options.widget, "options")
        options.close()
