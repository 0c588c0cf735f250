"""A list of names and values: added, removed, pasted, marked."""

from __future__ import annotations

from gi.repository import Gtk

from spacebeam.profiles.profile import MAX_PAIRS
from spacebeam.ui.options.pairs_group import PairsGroup
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, shown, words

PASTE = "Paste from clipboard"


def group(path: str = "request.headers") -> PairsGroup:
    one = PairsGroup()
    one.set_title("Headers")
    one.path = path
    return one


def focus(inside: PairsGroup) -> Gtk.Widget | None:
    window = inside.get_root()
    widget = window.get_focus() if isinstance(window, Gtk.Window) else None
    return widget.get_parent() if isinstance(widget, Gtk.Text) else widget


async def test_pairs_are_shown_and_read_without_empty_rows() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("C", None)))
        click(button(one, "Add"))
        assert len(one._rows) == 3
        assert one.pairs == (("A", "b"), ("C", None))
        one.show_pairs(())
        assert one._rows == []
        assert not one.pairs


async def test_add_focuses_one_empty_row() -> None:
    async with shown(group()) as one:
        click(button(one, "Add"))
        assert focus(one) is one._rows[0]._name_entry
        click(button(one, "Add"))
        assert len(one._rows) == 1


async def test_removing_a_row_moves_the_focus_to_its_neighbour() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("C", "d")))
        changes = Heard(one, "changed")
        click(one._rows[1]._remove_button)
        assert one.pairs == (("A", "b"),)
        assert changes
        assert focus(one) is one._rows[0]._value_entry
        click(one._rows[0]._remove_button)
        assert focus(one) is one._add_button


async def test_errors_are_shown_at_their_rows_also_after_an_empty_one() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("", ""), ("C", "d")))
        one.show_errors({1: "It is wrong."})
        assert "It is wrong." in words(one._rows[2])
        assert not words(one._rows[0])
        one.show_errors({})
        assert "It is wrong." not in words(one)


async def test_pasted_pairs_are_added_and_left_out_ones_noticed() -> None:
    async with shown(group()) as one:
        one.show_pairs((("A", "b"), ("", "")))
        changes, notices = Heard(one, "changed"), Heard(one, "noticed")
        one.paste("X-One: 1\nUpgrade: websocket\nX-Two: <b>2</b>")
        assert one.pairs == (("A", "b"), ("X-One", "1"), ("X-Two", "<b>2</b>"))
        assert changes
        assert notices == ["1 left out: every handshake sends them"]


async def test_the_list_is_limited() -> None:
    one = group("request.query")
    notices = Heard(one, "noticed")
    one.paste("&".join(f"a{number}=1" for number in range(MAX_PAIRS + 7)))
    assert len(one.pairs) == MAX_PAIRS
    assert notices == ["7 left out: the list is full"]


async def test_the_clipboard_is_read() -> None:
    async with shown(group("request.cookies")) as one:
        notices = Heard(one, "noticed")
        one.get_clipboard().set("a=1; b=2")
        click(button(one, PASTE))
        await eventually(lambda: one.pairs == (("a", "1"), ("b", "2")))
        one.get_clipboard().set_content(None)
        click(button(one, PASTE))
        await eventually(lambda: notices == ["There is no text to paste"])
