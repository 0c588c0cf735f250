"""Messages that violate the connection's JSON Schema are marked: in the row, and at the place."""

from __future__ import annotations

import json
from pathlib import Path

from spacebeam.profiles.profile import Profile, SchemaFiles
from spacebeam.ui.decoding.decoding_window import DecodingWindow
from spacebeam.ui.inspector.json_row import JsonRow
from spacebeam.ui.inspector.violation_bar import ViolationBar
from spacebeam.ui.timeline.timeline_row import TimelineRow
from tests.support.listener import Listener, listener
from tests.support.waiting import eventually
from tests.ui.doing import descendants, words
from tests.ui.pageobjects.form import FormPage
from tests.ui.pageobjects.tab import TabPage, opened_tab

SCHEMA = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "lines": {"items": {"properties": {"sku": {"type": "string"}}}},
    },
}
GOOD = {"id": 7, "lines": [{"sku": "AB"}]}
BAD = {"id": 7, "lines": [{"sku": "AB"}, {"sku": 8}]}
TITLE = "JSON Schema of received messages, or AsyncAPI"


def rows(tab: TabPage) -> dict[int, list[str]]:
    """What each row of the timeline says, by the numbers of their entries."""
    every = descendants(tab.timeline.widget, TimelineRow)
    return {row.number: words(row) for row in every if row.get_mapped()}


def marked(tab: TabPage) -> list[str]:
    """The names of the tree's rows that are marked."""
    every = descendants(tab.session_page.widget.inspector, JsonRow)
    return [one.accessible_name for one in every if one.has_css_class("violation")]


def bar(tab: TabPage) -> list[str]:
    """What the inspector says of violations."""
    found = next(descendants(tab.session_page.widget.inspector, ViolationBar))
    return words(found) if found.get_mapped() else []


async def received(tab: TabPage, peer: Listener, *values: object) -> int:
    """Receive messages; return the number of the first."""
    await eventually(lambda: peer.clients)
    count = len(tab.recording)
    for value in values:
        peer.clients[-1].send(json.dumps(value))
    await eventually(lambda: len(tab.recording) == count + len(values))
    await tab.timeline.at_rest()
    return count


async def test_a_violation_is_marked_in_the_row_and_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(json.dumps(SCHEMA))
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            page = FormPage(await tab.open_dialog("tab.decoding", DecodingWindow))
            page.type_in(TITLE, str(path))
            page.widget.close()
            first = await received(tab, peer, GOOD, BAD)
            await eventually(lambda: "⚠ lines[1].sku" in rows(tab)[first + 1])
            assert not any("⚠" in one for one in rows(tab)[first])
            tab.timeline.select_number(first + 1)
            said = "The message violates the schema in 1 place:\n"
            said += "$.lines[1].sku: 8 is not of type 'string'"
            await eventually(lambda: bar(tab) == [said])
            await eventually(lambda: marked(tab) == ["sku: 8, 8 is not of type 'string'"])
            tab.timeline.select_number(first)
            await eventually(lambda: not bar(tab) and not marked(tab))
            # What this side sends is not what the schema is of.
            tab.composer.say('{"id": "x"}')
            await eventually(lambda: len(tab.recording) == first + 3)
            await tab.timeline.at_rest()
            assert not any("⚠" in one for one in rows(tab)[first + 2])


async def test_a_filter_shows_the_messages_that_violate_the_schema(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(json.dumps(SCHEMA))
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            first = await received(tab, peer, GOOD, BAD, GOOD)
            tab.session_page.filter.type_filter("is:invalid")
            said = "is:invalid needs a JSON Schema. Choose its file in the menu, at Decoding."
            await eventually(lambda: said in words(tab.session_page.filter.widget))
            page = FormPage(await tab.open_dialog("tab.decoding", DecodingWindow))
            page.type_in(TITLE, str(path))
            page.widget.close()
            await eventually(lambda: list(rows(tab)) == [first + 1])
            assert said not in words(tab.session_page.filter.widget)
            peer.clients[-1].send(json.dumps(GOOD))
            peer.clients[-1].send(json.dumps({"id": "8"}))
            await eventually(lambda: sorted(rows(tab)) == [first + 1, first + 4])


async def test_a_longer_message_is_checked_too(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text(json.dumps(SCHEMA))
    with listener() as peer:
        async with opened_tab() as tab:
            tab.connect_with(peer.url, Profile(schemas=SchemaFiles(json_schema=str(path))))
            await eventually(lambda: tab.is_connected)
            first = await received(tab, peer, {"note": "x" * 5000, "id": "7"})
            await eventually(lambda: "⚠ id" in rows(tab)[first])


async def test_a_wrong_schema_is_said(tmp_path: Path) -> None:
    path = tmp_path / "order.json"
    path.write_text('{\n  "type": }')
    async with opened_tab() as tab:
        with listener() as peer:
            await tab.connect(peer.url)
            page = FormPage(await tab.open_dialog("tab.decoding", DecodingWindow))
            page.type_in(TITLE, str(path))
            said = "The file is no JSON Schema: line 2, column 11: Expecting value."
            await eventually(lambda: said in page.words)
            page.widget.close()
