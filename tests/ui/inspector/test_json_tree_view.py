"""A JSON document is read as a tree: folded, searched, copied from."""

from __future__ import annotations

import json
import time

import pytest
from gi.repository import Gio, GLib, Gtk

from spacebeam.search.parser import parse
from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from tests.support.waiting import eventually
from tests.ui.doing import Heard, descendants, shown
from tests.ui.pageobjects.json_tree import TreePage

_STRING = GLib.VariantType("s")
DOCUMENT = b'{"type":"error","detail":{"limit":25.00,"tags":["a",{"b":[]}]},"empty":{}}'


async def opened(view: JsonTreeView, document: bytes = DOCUMENT) -> TreePage:
    page = TreePage(view)
    view.show_payload(document)
    await eventually(lambda: page.rows)
    return page


async def test_a_short_document_is_unfolded() -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view)
        await page.shows(
            "{3}",
            'type: "error"',
            "detail: {2}",
            "limit: 25.00",
            "tags: [2]",
            '0: "a"',
            "1: {1}",
            "b: []",
            "empty: {}",
        )


async def test_a_level_is_shown_and_the_selection_stays_in_sight() -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view)
        page.select(3)
        page.do("level", GLib.Variant("i", 1))
        folded = 'detail: {2}  {"limit":25.00,"tags":["a",{"b":[]}]}'
        await page.shows("{3}", 'type: "error"', folded, "empty: {}")
        await eventually(lambda: page.selected == folded)


async def test_a_value_is_folded_and_unfolded() -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view)
        page.activate(2)
        await eventually(lambda: page.count == 4)
        page.activate(2)
        await eventually(lambda: page.count == 6)
        page.select(2)
        page.do("unfold-all")
        await eventually(lambda: page.count == 9)
        page.do("fold")
        await eventually(lambda: page.count == 4)
        page.activate(3)  # it is empty
        await eventually(lambda: page.rows[3] == "empty: {}")


async def test_a_value_is_folded_while_others_are_still_unfolded() -> None:
    document = b'{"a":[' + b"1," * 5000 + b'1],"b":[2]}'
    async with shown(JsonTreeView()) as view:
        page = await opened(view, document)
        await eventually(lambda: page.count == 3)
        page.activate(1)
        page.activate(0)  # before the first is complete
        await eventually(lambda: page.count == 1)
        page.activate(0)
        await eventually(lambda: page.count == 3)


async def test_the_arrow_keys_go_in_and_out() -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view)
        page.select(2)
        page.do("unfold")
        assert page.selected == "limit: 25.00"
        page.do("fold")
        assert page.selected == "detail: {2}"


@pytest.mark.parametrize(
    ("position", "value", "path", "term"),
    [
        (1, "error", "type", "json:type=error"),
        (3, "25.00", "detail.limit", "json:detail.limit=25.00"),
        (6, '{"b":[]}', "detail.tags[1]", "json:detail.tags[1]"),
        (0, DOCUMENT.decode(), "@", "json:@"),
    ],
)
async def test_a_value_is_copied_and_found(position: int, value: str, path: str, term: str) -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view)
        terms: list[str] = []
        view.connect("filter-requested", lambda _view, found: terms.append(found))
        page.select(position)
        page.do("copy-value")
        assert await page.clipboard() == value
        page.do("copy-path")
        assert await page.clipboard() == path
        page.do("filter")
        assert terms == [term]
        assert not parse(term).errors


@pytest.mark.parametrize(
    ("key", "words", "columns"),
    [
        ("name", "name:", 5),
        ("", '"":', 3),
        ("键名", "键名:", 5),
        ("Z" + 9 * "\u0301", "Z" + 9 * "\u0301" + ":", 2),
        ("\0", "␀:", 3),
        ("k" * 500, "k" * 200 + "…:", 24),
    ],
)
async def test_a_key_of_any_script_has_room(key: str, words: str, columns: int) -> None:
    async with shown(JsonTreeView()) as view:
        await opened(view, json.dumps({key: 1}).encode())
        labels = {one.get_text(): one for one in descendants(view, Gtk.Inscription)}
        assert labels[words].get_min_chars() == columns


async def test_a_value_that_is_too_deep_for_a_filter_says_so() -> None:
    async with shown(JsonTreeView()) as view:
        page = await opened(view, b"[" * 5000 + b"1" + b"]" * 5000)
        notices: list[str] = []
        group, notify = Gio.SimpleActionGroup(), Gio.SimpleAction.new("notify", _STRING)
        notify.connect("activate", lambda _action, words: notices.append(words.get_string()))
        group.add_action(notify)
        view.insert_action_group("tab", group)
        terms = Heard(view, "filter-requested")
        page.select(0)
        page.do("unfold-all")
        await eventually(lambda: page.count == 5001)
        page.select(5000)
        page.do("filter")
        assert not terms
        assert "too deeply" in notices[0]
        page.do("copy-path")
        assert await page.clipboard() == "[0]" * 5000


async def test_matches_are_found_in_folded_values() -> None:
    document = json.dumps([{"id": number, "deep": {"name": f"n{number}"}} for number in range(400)])
    async with shown(JsonTreeView()) as view:
        page = await opened(view, document.encode())
        ended = Heard(view, "matches-ended")
        view.show_highlights(parse("n39"))
        await eventually(lambda: "1 of 11 in this message" in page.words)
        await eventually(lambda: 'name: "n39"' in page.rows)
        assert view.previous_match() is False
        view.enter(-1)
        await eventually(lambda: 'name: "n399"' in page.rows)
        assert "11 of 11 in this message" in page.words
        assert not view.next_match()
        assert not list(ended)
        view.show_highlights(None)
        assert not view.next_match()
        assert not any("in this message" in one for one in page.words)


async def test_a_step_waits_for_the_search() -> None:
    document = b"[" + b'{"a":[1,2,3]},' * 50_000 + b'{"last":"one"}]'
    async with shown(JsonTreeView()) as view:
        page = TreePage(view)
        ended = Heard(view, "matches-ended")
        view.show_highlights(parse("one"))
        view.show_payload(document)
        view.enter(1)
        await eventually(lambda: 'last: "one"' in page.rows)
        assert "1 of 1 in this message" in page.words
        view.show_highlights(parse("nowhere"))
        assert view.next_match()  # it is not known yet
        await eventually(lambda: list(ended) == [1])
        assert "No match in this view" in page.words


async def test_a_long_document_has_few_rows_and_can_be_replaced() -> None:
    document = b"[" + b'{"a":[1,2,3]},' * 50_000 + b"1]"
    async with shown(JsonTreeView()) as view:
        page = TreePage(view)
        view.show_payload(document)
        assert not page.rows
        await eventually(lambda: page.count == 50_002)
        assert len(page.rows) < 300
        view.show_payload(document)
        view.show_payload(b"[true]")
        await page.shows("[1]", "0: true")
        view.clear()
        assert page.count == 0


async def test_a_time_is_shown_in_the_persons_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        async with shown(JsonTreeView()) as view:
            document = b'{"time":1795995133025,"at":"2026-11-30T00:32:13+01:00","id":1795995133025}'
            page = await opened(view, document)
            await page.shows(
                "{3}",
                "time: 1795995133025 2026-11-30 00:32:13.025 CET",
                'at: "2026-11-30T00:32:13+01:00"',  # it says the same
                "id: 1795995133025",
            )
    finally:
        monkeypatch.undo()
        time.tzset()
