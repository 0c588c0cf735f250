"""A list of names and values: added, removed, pasted, marked."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.profiles.profile import MAX_PAIRS
from spacebeam.ui.options.pairs_group import PairsGroup
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, shown, words

PASTE = "Paste what was copied elsewhere, a line each"


def group(field: str = "headers") -> PairsGroup:
    one = PairsGroup()
    one.set_title("Headers")
    one.field = field
    return one


def focus(inside: PairsGroup) -> Gtk.Widget | None:
    window = inside.get_root()
    widget = window.get_focus() if isinstance(window, Gtk.Window) else None
    return widget.get_parent() if isinstance(widget, Gtk.Text) else widget


async def test_pairs_are_shown_and_read_back_and_empty_rows_passed_over() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("C", None)))
        click(button(one, "Add"))
        assert len(one._rows) == 3
        assert one.pairs == (("A", "b"), ("C", None))
        one.show_pairs(())
        assert one._rows == []
        assert not one.pairs


async def test_add_puts_the_cursor_into_an_empty_row_and_makes_but_one() -> None:
    async with shown(group()) as one:
        click(button(one, "Add"))
        assert focus(one) is one._rows[0]._name_entry
        click(button(one, "Add"))
        assert len(one._rows) == 1


async def test_a_row_that_is_removed_gives_the_cursor_to_its_neighbour() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("C", "d")))
        changes = Heard(one, "changed")
        click(one._rows[1]._remove_button)
        assert one.pairs == (("A", "b"),)
        assert changes
        assert focus(one) is one._rows[0]._value_entry
        click(one._rows[0]._remove_button)
        assert focus(one) is one._add_button


async def test_marks_are_at_their_rows_though_an_empty_one_is_between() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("", ""), ("C", "d")))
        one.mark({1: "It is wrong."})
        assert "It is wrong." in words(one._rows[2])
        assert not words(one._rows[0])
        one.mark({})
        assert "It is wrong." not in words(one)


async def test_what_is_pasted_is_added_and_what_is_not_taken_is_said() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("", "")))
        changes, notices = Heard(one, "changed"), Heard(one, "noticed")
        one.paste("X-One: 1\nUpgrade: websocket\nX-Two: <b>2</b>")
        assert one.pairs == (("A", "b"), ("X-One", "1"), ("X-Two", "<b>2</b>"))
        assert changes
        assert notices == ["1 left out: the handshake sends them by itself"]


async def test_the_list_is_bounded() -> None:
    one = group("query")
    notices = Heard(one, "noticed")
    one.paste("&".join(f"a{number}=1" for number in range(MAX_PAIRS + 7)))
    assert len(one.pairs) == MAX_PAIRS
    assert notices == ["7 left out: the list is full"]


async def test_the_clipboard_is_read() -> None:
    async with shown(group("cookies")) as one:
        notices = Heard(one, "noticed")
        one.get_clipboard().set("a=1; b=2")
        click(button(one, PASTE))
        await eventually(lambda: one.pairs == (("a", "1"), ("b", "2")))
        one.get_clipboard().set_content(None)
        click(button(one, PASTE))
        await eventually(lambda: notices == ["There is no text to paste"])
