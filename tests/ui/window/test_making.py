"""A tab's conversation is made in several turns of the main loop, or at once where it is wanted."""

from __future__ import annotations

import asyncio

from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.tab import opened_tab
from tests.ui.pageobjects.window import opened_window

_LEAST_TURNS = 10


async def test_no_turn_makes_the_whole_conversation() -> None:
    async with opened_tab() as tab:
        made = asyncio.ensure_future(tab.widget.making.finish())
        turns = 0
        while not made.done():
            assert not tab.widget.has_made_conversation
            await asyncio.sleep(0)
            turns += 1
        assert turns >= _LEAST_TURNS
        assert made.result() is tab.widget.conversation
        assert not tab.widget.is_connecting


async def test_a_conversation_that_is_wanted_meanwhile_is_made_at_once() -> None:
    async with serving() as url, opened_tab() as tab:
        tab.widget.connect_to(f"{url}/echo", None)
        await asyncio.sleep(0)
        assert tab.widget.is_connecting
        wanted = tab.widget.conversation
        await eventually(lambda: tab.is_connected)
        assert tab.widget.conversation is wanted
        await eventually(lambda: len(tab.entries) > 0)


async def test_a_tab_can_be_closed_while_its_conversation_is_made() -> None:
    async with serving() as url, opened_window() as window:
        window.add_tab().widget.connect_to(f"{url}/echo", None)
        window.do("win.close-tab")
        await eventually(lambda: len(window.tabs) == 1)
        await window.connect(f"{url}/echo")
