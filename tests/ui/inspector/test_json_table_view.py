"""A list of like values is read as a table: sorted, copied, and left for the tree."""

from __future__ import annotations

import json
from functools import partial

from gi.repository import Gio, GLib, Gtk

from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.protocol.batch import Kind
from spacebeam.ui.inspector.inspector import Inspector
from spacebeam.ui.inspector.json_table_view import JsonTableView
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.waiting import eventually
from tests.ui.doing import click, shown
from tests.ui.pageobjects.inspector import InspectorPage
from tests.ui.pageobjects.json_table import TablePage
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import child
from tests.ui.recordings import entry

_TRADES = b'[{"id":9,"price":10.50,"side":"buy"},{"id":10,"price":9.5},{"id":8,"side":"sell"}]'


def notices_of(inspector: Inspector) -> list[str]:
    """Return a list of the tab's notices, which grows."""
    notices: list[str] = []
    group = Gio.SimpleActionGroup()
    notify = Gio.SimpleAction.new("notify", GLib.VariantType("s"))
    notify.connect("activate", lambda _action, words: notices.append(words.get_string()))
    group.add_action(notify)
    inspector.insert_action_group("tab", group)
    return notices


async def open_table(inspector: Inspector) -> None:
    """Press the button that shows the whole list as a table."""
    found = child(inspector, "_table_button", Gtk.Button)
    await eventually(found.get_mapped)
    click(found)


def pages(inspector: Inspector) -> tuple[TreePage, TablePage]:
    tree = TreePage(child(inspector, "_tree_view", JsonTreeView))
    return tree, TablePage(child(inspector, "_table_view", JsonTableView))


async def test_a_list_is_a_table_by_its_button() -> None:
    async with shown(Inspector()) as inspector:
        tree, table = pages(inspector)
        inspector.show_entry(entry(_TRADES))
        await open_table(inspector)
        await table.shows("0 9 10.50 buy", "1 10 9.5", "2 8 sell")
        assert table.columns == ["#", "id", "price", "side"]
        assert table.says("3 rows · 3 columns")
        await open_table(inspector)
        await eventually(lambda: tree.is_shown and not table.count)
        inspector.show_entry(entry(b'{"id":1}'))
        await eventually(lambda: "id: 1" in tree.rows)
        assert not child(inspector, "_table_button", Gtk.Button).get_visible()


async def test_rows_are_sorted_by_a_column() -> None:
    async with shown(Inspector()) as inspector:
        _tree, table = pages(inspector)
        inspector.show_entry(entry(_TRADES))
        await open_table(inspector)
        await eventually(lambda: table.count == 3)
        for column, ids in (
            ("id", ["8", "9", "10"]),
            ("id", ["10", "9", "8"]),
            ("id", ["9", "10", "8"]),  # no longer sorted
            ("price", ["10", "9", "8"]),
            ("side", ["9", "8", "10"]),
            ("side", ["8", "9", "10"]),
            ("#", ["9", "10", "8"]),
            ("#", ["8", "10", "9"]),
        ):
            table.sort_by(column)
            await eventually(partial(_has_ids, table, ids))
        assert table.columns == ["# ↓", "id", "price", "side"]


async def test_selected_rows_are_copied_or_all() -> None:
    async with shown(Inspector()) as inspector:
        _tree, table = pages(inspector)
        inspector.show_entry(entry(_TRADES))
        await open_table(inspector)
        await eventually(lambda: table.count == 3)
        table.sort_by("id")
        await eventually(partial(_has_ids, table, ["8", "9", "10"]))
        notices = notices_of(inspector)
        table.do("copy-csv")
        await eventually(lambda: notices == ["Copied 3 rows"])
        assert (await table.clipboard()).split() == [
            "id,price,side",
            "8,,sell",
            "9,10.50,buy",
            "10,9.5,",
        ]
        table.select(0, 2)
        table.do("copy-json")
        await eventually(lambda: notices[1:] == ["Copied 2 rows"])
        expected = [{"id": 8, "side": "sell"}, {"id": 10, "price": 9.5}]
        assert json.loads(await table.clipboard()) == expected


async def test_a_row_leads_to_its_value_in_the_tree() -> None:
    payload = MessagePackDecoder().encode(
        {"id": 1, "book": {"BTC": {"bid": 1, "ask": 2}, "ETH": {"bid": 3, "ask": 4}}}
    )
    async with shown(Inspector()) as inspector:
        tree, table = pages(inspector)
        inspector.show_entry(entry(payload, Kind.BINARY))
        await eventually(lambda: "book: {2}" in tree.rows)
        assert not child(inspector, "_table_button", Gtk.Button).get_visible()
        tree.select(tree.rows.index("book: {2}"))
        tree.do("show-table")
        await table.shows("BTC 1 2", "ETH 3 4")
        assert table.says("book · 2 rows · 2 columns")
        table.activate(1)
        await eventually(lambda: tree.is_shown and tree.selected == "ETH: {2}")


async def test_finding_goes_back_to_the_tree() -> None:
    async with shown(Inspector()) as inspector:
        tree, table = pages(inspector)
        page = InspectorPage(inspector)
        inspector.show_entry(entry(_TRADES))
        await open_table(inspector)
        await eventually(lambda: table.count == 3)
        page.find("sell")
        await eventually(lambda: tree.is_shown and 'side: "sell"' in tree.rows)


async def test_a_long_and_wide_list_has_few_widgets() -> None:
    document = json.dumps([{f"k{at}": at for at in range(40)}] * 3000).encode()
    async with shown(Inspector()) as inspector:
        _tree, table = pages(inspector)
        inspector.show_entry(entry(document))
        await open_table(inspector)
        await eventually(lambda: table.count == 3000)
        assert table.says("3,000 rows · 40 columns")
        assert len(table.columns) == 41
        inspector.clear()
        assert table.count == 0


def _has_ids(table: TablePage, ids: list[str]) -> bool:
    return [row.split()[1] for row in table.rows] == ids
