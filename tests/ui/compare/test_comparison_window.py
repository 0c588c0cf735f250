"""Which field of an order changed: two entries compared in a window."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from spacebeam.library.settings import default_path, load
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import Batch, Direction, Kind, single
from tests.cli.recordings import write_entries
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.comparison import opened_comparison
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import opened_window
from tests.ui.test_lifetimes import References, collected, parts

ORDER: dict[str, Any] = {
    "type": "order",
    "id": 7,
    "price": 12.5,
    "time": 1,
    "fills": [{"id": "a", "seq": 1, "size": 2}, {"id": "b", "seq": 2, "size": 5}],
}
LATER = {
    **ORDER,
    "price": 13.0,
    "time": 2,
    "fills": [{"id": "b", "seq": 9, "size": 6}, {"id": "a", "seq": 3, "size": 2}],
}


def batch(value: Any, direction: Direction = Direction.RECEIVED) -> Batch:
    payload = value.encode() if isinstance(value, str) else json.dumps(value).encode()
    return single(1_795_995_133.0, direction, Kind.TEXT, payload)


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """An order, a trade, the order later, a text and its echo."""
    batches = (ORDER, {"type": "trade", "id": 7}, LATER)
    echo = batch("hello\nworld", Direction.SENT), batch("hello\nworld!")
    return Path(write_entries(tmp_path / "orders.beam", *map(batch, batches), *echo))


def saved() -> dict[str, list[str]]:
    """Return the paths in the file of the settings, by address."""
    return load(default_path()).filters.left_out


async def opened(tab: TabPage, path: Path, count: int = 5) -> None:
    await tab.widget.open_recording(path)
    await eventually(lambda: tab.timeline.length == count)


async def test_the_field_that_changed_is_seen(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(0)
        window.tab.timeline.select_more(2)
        window.tab.do("tab.compare")
        async with opened_comparison() as page:
            await eventually(lambda: len(page.rows) == 8)
            assert page.rows[0] == "~ price: 12.5 → 13.0 changed"
            assert page.rows[2:5] == ["fills", '[id="b"]', "~ seq: 2 → 9 changed"]
            assert (page.title, page.summary) == ("#1 → #3", "5 differences")
            assert page.heads[0].startswith("- #1 · Received text · ")
            page.step(1)
            page.step(1)
            page.step(1)
            assert page.selected == 4  # past the rows around it
            page.step(-1)
            assert page.selected == 1


async def test_an_entry_is_compared_with_the_previous_of_its_kind(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(2)
        window.tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            assert page.title == "#1 → #3"
        await window.tab.session_page.select(1)
        window.tab.do("tab.compare")
        await eventually(lambda: window.tab.says("of its kind"))


async def test_the_echo_is_compared_as_text(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(4)
        window.tab.do("tab.compare-echo")
        async with opened_comparison() as page:
            await eventually(lambda: page.text == ["  hello", "- world", "+ world!"])
            assert page.summary == "1 line removed, 1 added"


async def test_the_text_is_shown_in_place_of_the_tree(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(2)
        window.tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            page.show_text()
            await eventually(lambda: '-   "price": 12.5,' in page.text)
            assert '+   "price": 13.0,' in page.text


async def test_paths_are_left_out_and_put_back(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(2)
        window.tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            await eventually(lambda: len(page.rows) == 8)
            page.press_row(4)
            await eventually(lambda: page.summary == "3 differences, 2 more are left out")
            assert page.left_out == ["fills[*].seq"]
            await eventually(lambda: "seq: 2 → 9 left out" in page.rows)
            page.press_row(page.rows.index("~ time: 1 → 2 changed"))
            await eventually(lambda: page.left_out == ["fills[*].seq", "time"])
            page.put_back(0)
            await eventually(lambda: page.summary == "4 differences, 1 more is left out")
            await eventually(lambda: "~ price: 12.5 → 13.0 changed" in page.rows)
            page.step(1)
            page.widget.activate_action("compare.leave-out", None)
            await eventually(lambda: page.left_out == ["time", "price"])
            page.put_back(1)
            await eventually(lambda: page.left_out == ["time"])
        window.tab.do("tab.compare-previous")  # the tab remembers it
        async with opened_comparison() as page:
            assert page.left_out == ["time"]


async def test_what_is_left_out_is_remembered_for_the_address() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        for number in (1, 2):
            await tab.session.session.send(json.dumps({"op": "a", "time": number}))
        await eventually(lambda: tab.timeline.length == 5)
        await tab.session_page.select(4)
        tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            await eventually(lambda: page.rows == ["~ time: 1 → 2 changed"])
            page.press_row(0)
            await eventually(lambda: page.rows == ["time: 1 → 2 left out"])
            assert page.summary == "The same, 1 more is left out"
        await eventually(lambda: saved() == {f"{url}/echo": ["time"]})


async def test_what_a_private_connection_leaves_out_is_not_saved() -> None:
    async with serving() as url, opened_window() as window:
        tab = window.tab
        tab.connect_with(f"{url}/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        for number in (1, 2):
            await tab.session.session.send(json.dumps({"op": "a", "time": number}))
        await eventually(lambda: tab.timeline.length == 5)
        await tab.session_page.select(4)
        tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            await eventually(lambda: page.rows == ["~ time: 1 → 2 changed"])
            page.press_row(0)
            await eventually(lambda: page.left_out == ["time"])
        assert saved() == {}


async def test_only_two_entries_are_compared(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(0)
        assert window.tab.can("tab.compare")
        window.tab.timeline.select_more(1)
        assert window.tab.can("tab.compare")
        window.tab.timeline.select_more(2)
        assert not window.tab.can("tab.compare")
        assert not window.tab.can("tab.compare-previous")


@pytest.fixture
def rewritten(tmp_path: Path) -> Path:
    """An order, and the same with its keys in another order."""
    other = {key: ORDER[key] for key in reversed(ORDER)}
    return Path(write_entries(tmp_path / "same.beam", batch(ORDER), batch(other)))


async def test_nothing_differs_in_the_same_entry_written_otherwise(rewritten: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, rewritten, 2)
        await window.tab.session_page.select(1)
        window.tab.do("tab.compare-previous")
        async with opened_comparison() as page:
            await eventually(lambda: page.says_same)
            assert page.summary.startswith("The same values; they are written differently")


async def used_comparison() -> References:
    """Use the window and close it; return references to its widgets."""
    async with opened_comparison() as page:
        await eventually(lambda: len(page.rows) == 8)
        page.show_text()
        await eventually(lambda: page.text)
        return parts(page.widget)


async def test_a_closed_window_is_released(orders: Path) -> None:
    async with opened_window() as window:
        await opened(window.tab, orders)
        await window.tab.session_page.select(2)
        window.tab.do("tab.compare")
        references = await used_comparison()
        await eventually(lambda: collected(references))
