"""The field for a note emits what is typed, and undo stays within one entry's note."""

from __future__ import annotations

from spacebeam.ui.inspector.note_row import NoteRow
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.inspector import InspectorPage


async def test_a_typed_note_is_emitted_and_a_shown_one_is_not() -> None:
    async with shown(NoteRow()) as row:
        page, emitted = InspectorPage(row), Heard(row, "note-changed")
        row.show_note("seen before")
        assert page.note == "seen before"
        assert emitted == []
        page.type_before_note("not ")
        assert emitted == ["not seen before"]


async def test_the_cursor_stays_while_the_same_note_is_shown_again() -> None:
    async with shown(NoteRow()) as row:
        page = InspectorPage(row)
        row.show_note("a note")
        page.move_note_cursor(3)
        row.show_note("a note")
        assert page.note_cursor == 3


async def test_undo_does_not_bring_back_the_note_of_another_entry() -> None:
    async with shown(NoteRow()) as row:
        page = InspectorPage(row)
        row.show_note("of the first")
        page.type_before_note("more ")
        row.show_note("of the second")
        emitted = Heard(row, "note-changed")
        page.undo_in_note()
        assert page.note == "of the second"
        assert emitted == []
