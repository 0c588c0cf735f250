"""Clearing the timeline hides its entries, which can be shown again."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from spacebeam.ui.search.jump_dialog import JumpDialog
from spacebeam.ui.timeline.empty_state import EmptyReason
from tests.support.waiting import eventually
from tests.ui.doing import serving
from tests.ui.pageobjects.search import JumpPage
from tests.ui.pageobjects.tab import TabPage, opened_tab

CLEARED = EmptyReason.CLEARED.value


@contextlib.asynccontextmanager
async def cleared() -> AsyncIterator[TabPage]:
    """A tab whose timeline was cleared after one message and its echo."""
    async with serving() as url, opened_tab() as tab:
        assert not tab.can("tab.show-cleared")
        await tab.connect(f"{url}/echo")
        await send(tab, "before")
        tab.do("tab.clear")
        await eventually(lambda: CLEARED in tab.words)
        yield tab


async def send(tab: TabPage, message: str) -> None:
    tab.composer.say(message)
    await eventually(lambda: is_shown(tab, message))


def is_shown(tab: TabPage, message: str) -> bool:
    """Return whether the timeline shows the message and its echo."""
    return tab.timeline.words.count(message) == 2


async def test_clear_can_be_undone() -> None:
    async with cleared() as tab:
        await eventually(lambda: "Timeline cleared" in tab.words)
        await send(tab, "after")
        assert not is_shown(tab, "before")
        tab.press("Undo")
        await eventually(lambda: is_shown(tab, "before") and is_shown(tab, "after"))


async def test_cleared_entries_can_be_shown_again() -> None:
    async with cleared() as tab:
        tab.press("Show Cleared Entries")
        await eventually(lambda: is_shown(tab, "before"))
        await eventually(lambda: CLEARED not in tab.words)
        assert not tab.can("tab.show-cleared")


async def test_going_to_a_cleared_entry_shows_cleared_entries() -> None:
    async with cleared() as tab:
        jump = JumpPage(await tab.open_dialog("tab.go-to", JumpDialog))
        jump.type_place("#2")
        jump.press_enter()
        await eventually(lambda: tab.timeline.selected == 1)
        assert is_shown(tab, "before")


async def test_clearing_an_empty_timeline_offers_no_undo() -> None:
    async with opened_tab() as tab:
        tab.do("tab.clear")
        assert "Timeline cleared" not in tab.words
