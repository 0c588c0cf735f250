"""Escape means the same everywhere in a conversation, and F6 goes between its parts."""

from __future__ import annotations

from itertools import permutations

import pytest
from gi.repository import Gdk

from tests.support.waiting import eventually
from tests.ui.doing import serving
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
