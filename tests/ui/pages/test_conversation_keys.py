"""Escape means the same everywhere in a conversation, and F6 goes between its parts."""

from __future__ import annotations

from itertools import permutations

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.ui.inspector.json_tree_view import JsonTreeView
from spacebeam.ui.tab_stop import TabStop
from tests.support.waiting import eventually
from tests.ui.doing import descendants, serving
from tests.ui.pageobjects.json_tree import TreePage
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.tab import TabPage, opened_tab

PARTS = ("filter", "rates", "inspector")
SHIFT = Gdk.ModifierType.SHIFT_MASK


async def open_part(tab: TabPage, part: str) -> None:
    """Open a part of the conversation as a person does."""
    if part == "filter":
        tab.do("tab.find")
    elif part == "rates":
        tab.do("tab.rates")
    else:
        await tab.session_page.select(0)


def opened_parts(tab: TabPage) -> set[str]:
    page = tab.session_page
    found = {
        "filter": page.filter.widget.is_open,
        "rates": page.rates.is_shown,
        "inspector": page.is_inspecting,
    }
    return {part for part, is_open in found.items() if is_open}


@pytest.mark.parametrize("order", list(permutations(PARTS)))
async def test_escape_closes_what_was_opened_last_and_no_typed_text_is_lost(
    order: tuple[str, ...],
) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.timeline.length)
        tab.composer.type_message("not sent yet")
        for part in order:
            await open_part(tab, part)
            await eventually(lambda part=part: part in opened_parts(tab))  # type: ignore[misc]
        tab.do("tab.compose")
        await eventually(lambda: tab.composer.has_focus)
        for left in (order[:2], order[:1], ()):
            assert tab.session_page.press_key(Gdk.KEY_Escape)
            assert opened_parts(tab) == set(left)
        assert not tab.session_page.press_key(Gdk.KEY_Escape)
        assert tab.is_conversation
        assert tab.composer.widget.typed == "not sent yet"


async def test_escape_in_the_filter_closes_the_filter_first() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.timeline.length)
        for part in ("filter", "inspector"):
            await open_part(tab, part)
        await eventually(lambda: tab.session_page.filter.has_cursor)
        assert tab.session_page.press_key(Gdk.KEY_Escape)
        assert opened_parts(tab) == {"inspector"}


@pytest.mark.parametrize("state", [Gdk.ModifierType(0), SHIFT])
async def test_f6_goes_from_the_filter_to_what_it_found(state: Gdk.ModifierType) -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.timeline.length)
        await open_part(tab, "filter")
        await eventually(lambda: tab.session_page.filter.has_cursor)
        assert tab.session_page.press_key(Gdk.KEY_F6, state, is_first=True)
        await eventually(lambda: has_focus(tab.session_page.timeline.widget))


async def test_f6_goes_from_part_to_part_and_back() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.timeline.length)
        page = tab.session_page
        parts = [page.composer.widget, page.timeline.widget, page.inspector.widget]

        async def go(state: Gdk.ModifierType, expected: int) -> None:
            assert page.press_key(Gdk.KEY_F6, state, is_first=True)
            await eventually(lambda: has_focus(parts[expected]))

        tab.do("tab.compose")
        await eventually(lambda: has_focus(parts[0]))
        await go(Gdk.ModifierType(0), 1)
        await go(Gdk.ModifierType(0), 0)  # there is no inspector
        await page.select(0)
        for expected in (1, 2, 0):
            await go(Gdk.ModifierType(0), expected)
        for expected in (2, 1, 0):
            await go(SHIFT, expected)


async def test_the_focus_goes_from_the_closed_inspector_to_the_row_that_was_shown() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        for _ in range(3):
            tab.composer.say("hello")
        await eventually(lambda: tab.timeline.length == 7)
        page = tab.session_page
        await page.select(2)
        page.widget.inspector.focus()
        await eventually(lambda: has_focus(page.inspector.widget))
        assert page.press_key(Gdk.KEY_Escape)
        await tab.timeline.at_rest()
        assert tab.timeline.focused_number == 2


async def test_a_closed_inspector_takes_no_focus_from_the_composer() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        await eventually(lambda: tab.timeline.length)
        page = tab.session_page
        await page.select(0)
        page.widget.inspector.focus()
        tab.do("tab.compose")
        assert page.press_key(Gdk.KEY_Escape)
        await tab.timeline.at_rest()
        assert tab.composer.has_focus


async def test_f6_leads_to_the_payload_and_tab_leaves_the_lists() -> None:
    async with serving() as url, opened_tab() as tab:
        await tab.connect(f"{url}/echo")
        tab.composer.say('{"a":{"b":[1,2]}}')
        await eventually(lambda: tab.timeline.length == 3)
        page = tab.session_page
        await page.select(1)
        tree = TreePage(next(descendants(page.widget, JsonTreeView)))
        stop = next(descendants(tree.widget, TabStop))
        await eventually(lambda: tree.rows)
        page.timeline.widget.focus_row()
        await tab.timeline.at_rest()
        assert page.press_key(Gdk.KEY_F6, is_first=True)
        assert has_focus(tree.widget)
        assert not stop.child_focus(Gtk.DirectionType.TAB_FORWARD)
        assert stop.child_focus(Gtk.DirectionType.DOWN)
        page.timeline.widget.focus_row()
        await tab.timeline.at_rest()
        assert not page.timeline.widget.child_focus(Gtk.DirectionType.TAB_BACKWARD)
