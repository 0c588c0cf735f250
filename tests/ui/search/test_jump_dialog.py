"""The dialog asks for a place that there is."""

from __future__ import annotations

from spacebeam.ui.search.jump import JumpTo
from spacebeam.ui.search.jump_dialog import JumpDialog
from tests.ui.doing import Heard, click, presented, words
from tests.ui.recordings import NOON


async def test_a_number_is_asked_for_and_the_dialog_closes() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        cursor = dialog.get_focus()
        assert cursor is not None
        assert cursor.get_parent() is dialog._entry
        asked = Heard(dialog, "jump-requested")
        dialog._entry.set_text("#42")
        click(dialog._go_button)
        assert asked == [JumpTo(number=41)]
        assert not dialog.get_visible()


async def test_enter_goes_there_too() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        asked = Heard(dialog, "jump-requested")
        dialog._entry.set_text("last")
        dialog._entry.emit("activate")
        assert asked == [JumpTo(is_last=True)]


async def test_what_is_wrong_is_said_and_not_asked_for() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.show_recording(NOON, NOON + 60, 500)
        asked = Heard(dialog, "jump-requested")
        assert not dialog._hint_label.has_css_class("error")
        dialog._entry.set_text("501")
        assert "Entries are numbered from 1 to 500." in words(dialog)
        assert dialog._hint_label.has_css_class("error")
        assert not dialog._go_button.get_sensitive()
        dialog._entry.emit("activate")
        assert asked == []
        dialog.show_recording(NOON, NOON + 60, 501)  # it came meanwhile
        dialog._entry.emit("activate")
        assert asked == [JumpTo(number=500)]


async def test_escape_closes_it() -> None:
    async with presented(JumpDialog()) as dialog:
        dialog.activate_action("window.close", None)
        assert not dialog.get_visible()
