"""Matches in the whole payload, one after the other; and what the person says about an entry."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Mark
from spacebeam.search.parser import parse
from spacebeam.ui.inspector.inspector import Inspector
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, button, click, shown, words
from tests.ui.recordings import entry

HAY = b"a long line of hay without a point\n" * 8000


def cursor(inspector: Inspector) -> int:
    return inspector._buffer.get_iter_at_mark(inspector._buffer.get_insert()).get_offset()


async def test_matches_are_gone_to_and_counted() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one two one"))
        assert "3 in this message" in words(inspector)
        assert inspector.next_match()
        assert "1 of 3 in this message" in words(inspector)
        assert cursor(inspector) == 0
        assert inspector.next_match()
        assert inspector.next_match()
        assert cursor(inspector) == 16
        assert not inspector.next_match()
        assert "3 of 3 in this message" in words(inspector)
        assert inspector.previous_match()
        assert "2 of 3 in this message" in words(inspector)


async def test_going_back_begins_with_the_last() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one"))
        assert inspector.previous_match()
        assert "2 of 2 in this message" in words(inspector)
        assert inspector.previous_match()
        assert not inspector.previous_match()


async def test_without_a_filter_there_is_nowhere_to_go() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(b"one"))
        assert not inspector.next_match()
        assert not inspector._match_bar.get_mapped()
        inspector.show_highlights(parse("one"))
        assert inspector._match_bar.get_mapped()
        inspector.show_highlights(None)
        assert not inspector._match_bar.get_mapped()
        assert not inspector.next_match()


async def test_another_view_is_searched_anew() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse('"a":1'))
        inspector.show_highlights(parse("/a.*1/"))
        inspector.show_entry(entry(b'{"a":1}'))
        assert "1 in this message" in words(inspector)
        inspector.next_match()
        inspector._view_drop_down.set_selected(1)
        assert "1 in this message" in words(inspector)
        assert inspector._finder._starts[0] == 2


@pytest.mark.parametrize("before", [b"line\n" * 500, HAY], ids=["at once", "later"])
async def test_the_first_match_of_an_entry_is_scrolled_to(before: bytes) -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("needle"))
        inspector.show_entry(entry(before + b"needle"))
        adjustment = inspector._text_view.get_vadjustment()
        assert adjustment is not None
        await eventually(lambda: adjustment.get_value() > 0)


async def test_who_scrolls_while_the_first_match_is_looked_for_is_left_alone() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_entry(entry(HAY + b"needle"))
        adjustment = inspector._text_view.get_vadjustment()
        assert adjustment is not None
        await eventually(lambda: not inspector._filler.is_busy)
        inspector.show_highlights(parse("needle"))
        await eventually(lambda: len(inspector._finder) == 1)
        assert adjustment.get_value() == 0

        inspector.show_entry(entry(HAY + b"needle"))
        await eventually(lambda: adjustment.get_upper() > 2000)
        adjustment.set_value(1000)
        await eventually(lambda: len(inspector._finder) == 1)
        await settled(adjustment.get_value)
        assert adjustment.get_value() == 1000


async def test_what_is_not_found_yet_is_gone_to_when_it_is() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("needle"))
        ended = Heard(inspector, "matches-ended")
        inspector.show_entry(entry(b"needle" + HAY + b"needle"))
        assert inspector.next_match()
        assert inspector.next_match()
        await eventually(lambda: inspector._finder.current == 1)
        assert ended == []
        assert not inspector.next_match()


async def test_when_no_further_match_turns_up_it_is_said() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("needle"))
        ended = Heard(inspector, "matches-ended")
        inspector.show_entry(entry(b"needle" + HAY))
        assert inspector.next_match()
        assert inspector.next_match()
        await eventually(lambda: ended)
        assert ended == [1]
        assert inspector._finder.current == 0


async def test_another_entry_is_not_gone_through_for_the_one_before() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("needle"))
        ended = Heard(inspector, "matches-ended")
        inspector.show_entry(entry(HAY))
        assert inspector.next_match()
        inspector.show_entry(entry(b"needle"))
        assert inspector._finder.current == -1
        assert "1 in this message" in words(inspector)
        inspector.clear()
        assert ended == []
        assert not inspector._match_bar.get_mapped()


async def test_of_a_beginning_the_part_is_told() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two", size=1000))
        assert "1 in the part shown" in words(inspector)


async def test_the_matches_buttons_work() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("one"))
        inspector.show_entry(entry(b"one two one"))
        click(button(inspector, "Next match in this message"))
        assert "1 of 2 in this message" in words(inspector)
        click(button(inspector, "Next match in this message"))
        click(button(inspector, "Previous match in this message"))
        assert "1 of 2 in this message" in words(inspector)


async def test_a_star_and_a_note_are_shown_and_changed() -> None:
    async with shown(Inspector()) as inspector:
        star, note = Heard(inspector, "star-toggled"), Heard(inspector, "note-changed")
        inspector.show_entry(entry(b"one"))
        inspector.show_mark(Mark(True, "look here"))
        assert inspector._star_button.get_active()
        assert inspector._note_row._entry.get_text() == "look here"
        inspector.show_mark(None)
        assert not inspector._star_button.get_active()
        assert inspector._note_row._entry.get_text() == ""
        assert (star, note) == ([], [])
        inspector._star_button.set_active(True)
        inspector._note_row._entry.set_text("mine")
        assert (star, note) == ([True], ["mine"])
        inspector._star_button.set_active(False)
        assert star == [True, False]


async def test_in_a_dump_what_the_payload_holds_is_a_match_and_its_numbers_are_not() -> None:
    async with shown(Inspector()) as inspector:
        inspector.show_highlights(parse("00"))
        inspector.show_entry(entry(b"\x00\x01 100 \xff" + b"\x00" * 40, Kind.BINARY))
        assert "1 in this message" in words(inspector)
        assert inspector.next_match()
        place = inspector._buffer.get_iter_at_offset(cursor(inspector))
        assert place.get_line_offset() == 64
        inspector.show_highlights(parse("ff"))
        assert "No match in this view" in words(inspector)


async def test_what_is_shown_before_there_is_room_for_it_stands_where_it_should() -> None:
    """Without a size every character would have a line of its own."""
    inspector = Inspector()
    inspector.show_highlights(parse("needle"))
    lines = b"a line that is not long\n" * 4
    inspector.show_entry(entry(lines + b"needle\n" + lines * 10))
    async with shown(inspector, 360, 400):
        await eventually(lambda: inspector._scroller.is_done)
        adjustment = inspector._text_view.get_vadjustment()
        assert adjustment is not None
        await settled(adjustment.get_value)
        assert adjustment.get_value() == 0
