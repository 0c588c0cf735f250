"""What changed since the previous entry of its kind is marked in the inspector's tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.protocol.batch import Kind
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.cli.recordings import write_entries
from tests.support.waiting import eventually, settled
from tests.ui.compare.test_comparison_window import LATER, ORDER, batch
from tests.ui.doing import serving
from tests.ui.pageobjects.comparison import opened_comparison
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child
from tests.ui.pageobjects.tab import TabPage, opened_tab
from tests.ui.pageobjects.window import opened_window


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    """An order, a trade, and the order later."""
    batches = (ORDER, {"type": "trade", "id": 7}, LATER)
    return Path(write_entries(tmp_path / "orders.beam", *map(batch, batches)))


def tree_of(tab: TabPage) -> TreePage:
    return TreePage(child(tab.session_page.widget.inspector, "_tree_view", JsonTreeView))


def mark_changes(tab: TabPage, *, is_on: bool = True) -> None:
    """Press the button that marks changes."""
    inspector = tab.session_page.widget.inspector
    child(inspector, "_changes_button", Gtk.ToggleButton).set_active(is_on)


async def test_changes_are_marked_once_that_is_switched_on(orders: Path) -> None:
    async with opened_tab() as tab:
        await tab.widget.open_recording(orders)
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(2)
        tree = tree_of(tab)
        await eventually(lambda: "price: 13.0" in tree.rows)
        mark_changes(tab)
        await eventually(lambda: "price: 13.0 ~ was 12.5" in tree.rows)
        await eventually(lambda: tree.rows[0].endswith("5 changes since #1"))
        assert 'id: "b"' in tree.rows
        assert "seq: 9 ~ was 2" in tree.rows
        mark_changes(tab, is_on=False)
        await eventually(lambda: "price: 13.0" in tree.rows)


async def test_what_is_left_out_is_not_marked(orders: Path) -> None:
    async with opened_window() as window:
        tab = window.tab
        await tab.widget.open_recording(orders)
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(2)
        tab.do("tab.compare")
        async with opened_comparison() as page:
            await eventually(lambda: "~ time: 1 → 2 changed" in page.rows)
            page.press_row(page.rows.index("~ time: 1 → 2 changed"))
        mark_changes(tab)
        tree = tree_of(tab)
        await eventually(lambda: "price: 13.0 ~ was 12.5" in tree.rows)
        assert "time: 2" in tree.rows


async def test_there_may_be_no_entry_before(orders: Path) -> None:
    async with opened_window() as window:
        tab = window.tab
        await tab.widget.open_recording(orders)
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(1)
        mark_changes(tab)
        await eventually(lambda: tab.says("of its kind"))


async def _say(tab: TabPage, price: int) -> int:
    """Send an order to an echo; return the number of the echo."""
    count = len(tab.recording)
    await tab.session.session.send(json.dumps({"op": "order", "id": 7, "price": price}))
    await tab.session.session.send(json.dumps({"op": "other"}))
    await eventually(lambda: len(tab.recording) == count + 4)
    every = range(count, len(tab.recording))
    received = [at for at in every if tab.recording.entry(at).direction.name == "RECEIVED"]
    assert all(tab.recording.entry(at).kind is Kind.TEXT for at in received)
    return received[0]


async def test_the_newest_of_its_kind_is_shown_while_a_feed_runs() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        first = await _say(tab, 1)
        await eventually(lambda: tab.timeline.length == len(tab.recording))
        await tab.session_page.select(first)
        mark_changes(tab)
        tree = tree_of(tab)
        await eventually(lambda: tab.session_page.widget.inspector.changes.following is not None)
        tab.do("tab.newest")
        second = await _say(tab, 2)
        await eventually(lambda: tab.timeline.selected == second)
        await eventually(lambda: "price: 2 ~ was 1" in tree.rows)
        third = await _say(tab, 3)
        await eventually(lambda: "price: 3 ~ was 2" in tree.rows)
        assert tab.timeline.selected == third
        assert tab.timeline.widget.is_following


@pytest.mark.parametrize("hidden", [0, 12])
async def test_a_long_tree_stays_scrolled_while_a_feed_runs(hidden: int) -> None:
    def book(price: int, more: int = 0) -> str:
        return json.dumps({"op": "book", "rows": list(range(100 + more)), "price": price})

    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await tab.session.session.send(book(1))
        await eventually(lambda: tab.timeline.length == 3)
        await tab.session_page.select(2)
        mark_changes(tab)
        tree = tree_of(tab)
        await eventually(lambda: tab.session_page.widget.inspector.changes.following is not None)
        await eventually(lambda: tree.count == 104)
        await settled(lambda: tree.height)
        tree.scroll_to_end(hidden)
        await eventually(lambda: "price: 1" in tree.rows_in_sight)
        tab.do("tab.newest")
        await tab.session.session.send(book(2))
        await eventually(lambda: "price: 2 ~ was 1" in tree.rows_in_sight)
        await tab.session.session.send(book(3, more=1))
        await eventually(lambda: "100: 100 + new" in tree.rows_in_sight)


async def test_an_entry_stays_that_is_looked_at_away_from_the_newest() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        first = await _say(tab, 1)
        await eventually(lambda: tab.timeline.length == len(tab.recording))
        await tab.session_page.select(first)
        mark_changes(tab)
        await eventually(lambda: tab.session_page.widget.inspector.changes.following is not None)
        await _say(tab, 2)
        await eventually(lambda: tab.timeline.length == len(tab.recording))
        await tab.timeline.at_rest()
        assert tab.timeline.selected == first
