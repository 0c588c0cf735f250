"""Pinning values of a conversation: their chart, a time in it, gaps, and what is saved."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
from collections.abc import AsyncIterator
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gi.repository import Gio, GLib

from spacebeam.decode.schemas import ProtobufRule, Schemas
from spacebeam.library.settings import load
from spacebeam.profiles.profile import Profile
from spacebeam.recording.opening import create
from spacebeam.search.decoding import use_schemas
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.library.files import NOON, write_recording
from tests.support.calls import CALLS, call, result, text
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.decoding.test_decoding import QUOTE, SCHEMA
from tests.ui.doing import descendants, serving
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.values import ValuesPage
from tests.ui.pageobjects.window import questions

ADDRESS = "ws://one.test/feed"
SEQS = (*range(1, 20), *range(25, 46))


def said(seqs: tuple[int, ...] = SEQS) -> list[str]:
    """A feed with a gap of five numbers at the 20th entry."""
    return [
        json.dumps({"seq": seq, "data": {"price": 100 + seq % 7, "status": "open"}}) for seq in seqs
    ]


@contextlib.asynccontextmanager
async def showing(path: Path, address: str = ADDRESS) -> AsyncIterator[TabPage]:
    """A tab with a recording of the feed."""
    async with opened_tab() as tab:
        await tab.widget.open_recording(write_recording(path, *said(), address=address))
        await tab.timeline.at_rest()
        yield tab


def values_of(tab: TabPage) -> ValuesPage:
    return ValuesPage(tab.session_page.widget.values)


async def pin(tab: TabPage, path: str) -> ValuesPage:
    """Pin a value and wait until its chart is drawn."""
    tab.widget.activate_action("tab.pin-value", GLib.Variant("s", path))
    values = values_of(tab)
    await eventually(lambda: path in values.charted and values.chart.width > 100)
    return values


async def test_a_value_is_pinned_in_the_inspectors_tree(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        values = values_of(tab)
        assert not values.widget.get_visible()
        await tab.session_page.select(3)
        view = next(descendants(tab.session_page.widget.inspector, JsonTreeView))
        tree = TreePage(view)
        await eventually(lambda: any("price" in row for row in tree.rows))
        tree.select(next(at for at, row in enumerate(tree.rows) if "price" in row))
        tree.do("pin")
        await eventually(lambda: values.charted == ["data.price"])
        assert values.value("data.price") == "103"
        (lane,) = values.chart.lanes
        assert lane.scale == "100 to 106"


async def test_a_dragged_time_filters_and_a_click_clears_it(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        values = await pin(tab, "data.price")
        view = values.chart.view
        begin, end = (view.x(NOON - 0.25 + at, 1.0) for at in (9.9, 15.1))
        values.drag(begin, end)
        await tab.timeline.at_rest()
        first, *rest = tab.timeline.numbers
        assert (first, len(rest)) in ((9, 5), (9, 6))  # a second more at a pixel's edge
        assert "after:" in tab.session_page.filter.text
        assert values.info in ("6 s", "7 s")
        values.drag(0.5, 0.5)
        await tab.timeline.at_rest()
        assert tab.session_page.filter.text == ""


async def test_the_gap_in_a_sequence_is_marked_and_found(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        values = await pin(tab, "seq")
        await eventually(values.breaks.get_visible)
        assert values.breaks.get_label() == "1 gap, 5 missing"
        assert len(values.chart.lanes[0].marks) == 1
        values.breaks.emit("clicked")
        await tab.timeline.at_rest()
        assert tab.session_page.filter.text == "gap:json:seq"
        assert tab.timeline.numbers == [19]


async def test_several_values_are_in_one_chart_and_taken_out(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        await pin(tab, "seq")
        values = await pin(tab, "data.status")
        assert values.charted == ["seq", "data.status"]
        values.press("seq")
        await eventually(lambda: values.charted == ["data.status"])
        assert values.chart.lanes[0].bands[0].spans
        values.choose("states", "messages")
        await eventually(lambda: values.chart.lanes[0].bands[0].heights)
        assert values.chart.lanes[0].scale == "1/s"
        values.unpin("data.status")
        assert list(values.chips) == ["seq"]
        assert not values.plot.get_mapped()
        values.unpin("seq")
        assert not values.widget.get_visible()


async def test_latency_and_size_are_charted_and_exported(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "calls.beam"
    write_calls(path)
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        await tab.timeline.at_rest()
        await pin(tab, "latency:")
        values = await pin(tab, "size:")
        await eventually(lambda: values.value("latency:") == "125 ms")
        await eventually(lambda: values.chart.lanes[0].scale == "125 ms to 1 s")
        assert [one.name for one in values.chart.lanes] == ["Latency", "Size"]
        assert values.value("size:") == "45 B"
        values.choose("save", "csv")
        await eventually((target / "Latency-Size.csv").exists)
        await eventually(lambda: tab.says("Saved as “Latency-Size.csv”"))
        rows = list(csv.reader((target / "Latency-Size.csv").read_text().splitlines()))
        assert rows[0] == ["number", "time", "latency:", "size:"]
        assert [row[2] for row in rows[1:] if row[2]] == ["0.25", "1.0", "0.125"]


async def test_the_latency_of_the_selected_calls_method_is_pinned(tmp_path: Path) -> None:
    path = tmp_path / "calls.beam"
    write_calls(path)
    async with opened_tab() as tab:
        await tab.widget.open_recording(path)
        await tab.timeline.at_rest()
        await tab.session_page.select(0)
        tab.do("tab.pin-latency")
        values = values_of(tab)
        await eventually(lambda: values.charted == ["latency:getBook"])
        await eventually(lambda: values.chart.lanes[0].name == "Latency of getBook")
        await eventually(lambda: values.value("latency:getBook") == "125 ms")


def write_calls(path: Path) -> None:
    recording = create(path, asyncio.get_running_loop())
    recording.set_fact("address", ADDRESS)
    for line in CALLS:
        recording.append(text(*line))
    recording.mark_complete(5.0)
    assert recording.close(20)


async def test_a_latency_follows_the_conversation() -> None:
    with listener() as peer:
        async with opened_tab() as tab:
            await tab.connect(peer.url)
            tab.widget.activate_action("tab.pin-value", GLib.Variant("s", "latency:"))
            values = values_of(tab)
            for number in (1, 2):
                tab.composer.say(json.dumps(call(number, "getBook")))
                await eventually(lambda number=number: len(peer.messages) == number)  # type: ignore[misc]
                peer.clients[-1].send(json.dumps(result(number)))
                await eventually(lambda: values.value("latency:") not in ("…", ""))
            values.choose("time", "recent")
            await eventually(lambda: "s" in values.chart.lanes[0].scale)


async def test_pins_are_there_after_a_restart(tmp_path: Path, settings_path: Path) -> None:
    secret = f"{ADDRESS}?token=abcdefghijklmnop"
    async with showing(tmp_path / "a.beam", secret) as tab:
        await pin(tab, "seq")
        await pin(tab, "data.status")
    assert "abcdefghijklmnop" not in settings_path.read_text()
    (paths,) = load(settings_path).filters.pinned.values()
    assert paths == ["seq", "data.status"]
    async with showing(tmp_path / "b.beam", secret) as tab:
        values = values_of(tab)
        await eventually(lambda: values.value("data.status") == "open")
        assert list(values.chips) == ["seq", "data.status"]
        assert not values.plot.get_mapped()
    async with showing(tmp_path / "c.beam", "ws://other.test/") as tab:
        assert not values_of(tab).chips


async def test_a_live_value_follows_the_conversation() -> None:
    async with serving() as address, opened_tab() as tab:
        await tab.connect(address + "/echo")
        values = await pin_of_live(tab)
        for number in (1, 2, 7):
            tab.composer.say(json.dumps({"n": number}))
            await eventually(lambda number=number: values.value("n") == str(number))  # type: ignore[misc]
        await eventually(lambda: values.chart.lanes and values.chart.lanes[0].scale == "1 to 7")
        values.choose("time", "recent")
        await eventually(lambda: values.chart.view.ended - values.chart.view.began == 300)


async def pin_of_live(tab: TabPage) -> ValuesPage:
    tab.widget.activate_action("tab.pin-value", GLib.Variant("s", "n"))
    values = values_of(tab)
    await eventually(lambda: "n" in values.chips)
    return values


async def test_a_tab_that_comes_back_goes_on_reading() -> None:
    async with serving() as address, opened_tab() as tab:
        await tab.connect(address + "/echo")
        tab.composer.say('{"n": 4}')
        values = await pin_of_live(tab)
        await eventually(lambda: values.value("n") == "4")
        page = tab.session_page.widget
        page.set_visible(False)
        page.set_visible(True)
        tab.composer.say('{"n": 5}')
        await eventually(lambda: values.value("n") == "5")
        await eventually(lambda: values.chart.lanes and values.chart.lanes[0].scale == "4 to 5")


async def test_values_are_read_again_by_another_schema() -> None:
    async with serving() as address, opened_tab() as tab:
        await tab.connect(address + "/echo")
        tab.composer.type_message(QUOTE.hex(" "), PayloadFormat.HEX)
        tab.composer.press_enter()
        tab.widget.activate_action("tab.pin-value", GLib.Variant("s", "quote.bid"))
        values = values_of(tab)
        await eventually(lambda: len(tab.recording) >= 2)
        assert values.value("quote.bid") == "…"
        use_schemas(tab.recording, Schemas(SCHEMA, (ProtobufRule("feed.v1.Envelope"),)))
        await eventually(lambda: values.value("quote.bid") == "9.5")


async def test_pins_of_a_private_conversation_are_not_saved(settings_path: Path) -> None:
    async with serving() as address, opened_tab() as tab:
        tab.connect_with(address + "/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        tab.composer.say('{"n": 4}')
        values = await pin_of_live(tab)
        await eventually(lambda: values.value("n") == "4")
        assert load(settings_path).filters.pinned == {}


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which a person saves under the proposed name."""

    async def chosen(_window: object, _title: str, name: str) -> Gio.File:
        return Gio.File.new_for_path(str(tmp_path / name))

    monkeypatch.setattr("spacebeam.ui.values.saving.choose_target", chosen)
    return tmp_path


async def test_values_are_exported(tmp_path: Path, target: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        await pin(tab, "seq")
        values = await pin(tab, "data.price")
        for suffix in ("csv", "png", "svg"):
            values.choose("save", suffix)
            path = target / f"seq-price.{suffix}"
            await eventually(path.exists)
            await eventually(lambda path=path: tab.says(f"Saved as “{path.name}”"))  # type: ignore[misc]
        head, *rows = csv.reader((target / "seq-price.csv").read_text().splitlines())
        assert head == ["number", "time", "seq", "data.price"]
        assert [row[2] for row in rows] == [str(seq) for seq in SEQS]
        assert (target / "seq-price.png").read_bytes().startswith(b"\x89PNG")
        root = ElementTree.parse(target / "seq-price.svg").getroot()
        assert root.tag.endswith("svg")
        assert not list(target.glob(".*"))


async def test_half_a_surrogate_pair_is_shown_and_exported(tmp_path: Path, target: Path) -> None:
    async with opened_tab() as tab:
        path = write_recording(tmp_path / "a.beam", '{"s": "\\ud800"}', address=ADDRESS)
        await tab.widget.open_recording(path)
        values = await pin(tab, "s")
        assert values.value("s") == "\\ud800"
        values.choose("save", "csv")
        await eventually((target / "s.csv").exists)
        assert "\\ud800" in (target / "s.csv").read_text()


async def test_a_file_that_cannot_be_written_is_explained(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nowhere(*_arguments: object) -> Gio.File:
        return Gio.File.new_for_path(str(target / "none" / "x.svg"))

    monkeypatch.setattr("spacebeam.ui.values.saving.choose_target", nowhere)
    async with showing(tmp_path / "a.beam") as tab:
        values = await pin(tab, "seq")
        values.choose("save", "svg")
        await eventually(lambda: [one.get_heading() for one in questions()] == ["Could not export"])
        questions()[0].response("close")


async def test_a_path_that_is_not_valid_is_refused(tmp_path: Path) -> None:
    async with showing(tmp_path / "a.beam") as tab:
        tab.widget.activate_action("tab.pin-value", GLib.Variant("s", "a["))
        assert not values_of(tab).chips
