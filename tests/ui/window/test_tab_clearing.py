"""A timeline that was cleared: what was said before is kept, and comes back."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from spacebeam.ui.search.jump import JumpTo
from spacebeam.ui.timeline.empty_state import EmptyReason
from spacebeam.ui.window.tab import Tab
from tests.support.waiting import eventually
from tests.ui.doing import button, click, serving, shown_tab, words

CLEARED = EmptyReason.CLEARED.value


@contextlib.asynccontextmanager
async def cleared() -> AsyncIterator[Tab]:
    """A tab in which something was said and came back, and then was cleared away."""
    async with serving() as url, shown_tab() as tab:
        assert not tab._actions.get_action_enabled("show-cleared")
        await tab._session.connect_to(f"{url}/echo")
        tab._connected()
        await said(tab, "before")
        tab.activate_action("tab.clear", None)
        await eventually(lambda: CLEARED in words(tab))
        yield tab


async def said(tab: Tab, message: str) -> None:
    await tab._session.session.send(message)
    await eventually(lambda: is_shown(tab, message))


def is_shown(tab: Tab, message: str) -> bool:
    """Whether it is in the timeline, sent and echoed."""
    return words(tab._conversation_page.timeline).count(message) == 2


async def test_clear_can_be_undone() -> None:
    async with cleared() as tab:
        await eventually(lambda: "Timeline cleared" in words(tab))
        await said(tab, "after")
        assert not is_shown(tab, "before")
        click(button(tab, "Undo"))
        await eventually(lambda: is_shown(tab, "before") and is_shown(tab, "after"))


async def test_what_was_cleared_is_shown_again() -> None:
    async with cleared() as tab:
        click(button(tab, "Show Cleared Entries"))
        await eventually(lambda: is_shown(tab, "before"))
        await eventually(lambda: CLEARED not in words(tab))
        assert not tab._actions.get_action_enabled("show-cleared")


async def test_going_to_what_was_cleared_shows_it_again() -> None:
    async with cleared() as tab:
        tab._finder._present_jump_dialog()
        dialog = tab._finder._jump_dialog
        assert dialog is not None
        dialog.emit("jump-requested", JumpTo(number=1))
        await eventually(lambda: tab._conversation_page.timeline.selected == 1)
        assert is_shown(tab, "before")


async def test_clearing_nothing_offers_no_undo() -> None:
    async with shown_tab() as tab:
        tab.activate_action("tab.clear", None)
        assert "Timeline cleared" not in words(tab)
