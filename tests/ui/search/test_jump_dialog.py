"""The dialog to go to an entry accepts only places that exist."""

from __future__ import annotations

from spacebeam.ui.search.jump import JumpTo
from spacebeam.ui.search.jump_dialog import JumpDialog
from tests.ui.doing import Heard, presented
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.search import JumpPage
from tests.ui.recordings import NOON


async def test_go_emits_the_number_and_closes_the_dialog() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        page = JumpPage(dialog)
        assert has_focus(page.entry)
        asked = Heard(dialog, "jump-requested")
        page.type_place("#42")
        page.press("Go")
        assert asked == [JumpTo(number=41)]
        assert not dialog.get_visible()


async def test_enter_does_what_go_does() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        asked = Heard(dialog, "jump-requested")
        JumpPage(dialog).type_place("last")
        JumpPage(dialog).press_enter()
        assert asked == [JumpTo(is_last=True)]


async def test_an_invalid_place_is_explained_and_not_emitted() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        page = JumpPage(dialog)
        asked = Heard(dialog, "jump-requested")
        assert not page.has_error
        page.type_place("501")
        assert "Entries are numbered from 1 to 500." in page.words
        assert page.has_error
        assert not page.offers("Go")
        page.press_enter()
        assert asked == []
        dialog.show_recording(NOON, NOON + 60, 501)  # the entry arrived
        page.press_enter()
        assert asked == [JumpTo(number=500)]


async def test_escape_closes_the_dialog() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.activate_action("window.close", None)
        assert not dialog.get_visible()
