"""A note is said as it is typed, and never another entry's."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.ui.inspector.note_row import NoteRow
from tests.ui.doing import Heard, shown


async def test_what_is_typed_is_said_and_what_is_shown_is_not() -> None:
    async with shown(NoteRow()) as row:
        said = Heard(row, "note-changed")
        row.show_note("seen before")
        assert row._entry.get_text() == "seen before"
        assert said == []
        row._entry.get_buffer().insert_text(0, "not ", -1)
        assert said == ["not seen before"]


async def test_the_cursor_stays_while_the_same_note_is_shown_again() -> None:
    async with shown(NoteRow()) as row:
        row.show_note("a note")
        row._entry.set_position(3)
        row.show_note("a note")
        assert row._entry.get_position() == 3


async def test_undo_does_not_bring_back_another_entrys_note() -> None:
    async with shown(NoteRow()) as row:
        row.show_note("of the first")
        row._entry.get_buffer().insert_text(0, "more ", -1)
        row.show_note("of the second")
        said = Heard(row, "note-changed")
        text = row._entry.get_delegate()
        assert isinstance(text, Gtk.Text)
        text.activate_action("text.undo", None)
        assert row._entry.get_text() == "of the second"
        assert said == []
