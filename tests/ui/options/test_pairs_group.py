"""A list of names and values: added, removed, pasted, marked."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from spacebeam.profiles.profile import MAX_PAIRS
from spacebeam.ui.options.pairs_group import PairsGroup
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.options import ADD, PASTE, REMOVE, PairsPage
from tests.ui.pageobjects.page import has_focus


def group(path: str = "request.headers") -> PairsGroup:
    one = PairsGroup()
    one.set_title("Headers")
    one.path = path
    return one


@contextlib.asynccontextmanager
async def opened(path: str = "request.headers") -> AsyncIterator[tuple[PairsGroup, PairsPage]]:
    async with shown(group(path)) as one:
        yield one, PairsPage(one)


async def test_pairs_are_shown_and_read_without_empty_rows() -> None:
    async with opened() as (one, page):
        one.show_pairs((("A", "b"), ("C", None)))
        page.press(ADD)
        assert len(page.rows) == 3
        assert one.pairs == (("A", "b"), ("C", None))
        one.show_pairs(())
        assert page.rows == []
        assert not one.pairs


async def test_add_focuses_one_empty_row() -> None:
    async with opened() as (_one, page):
        page.press(ADD)
        assert has_focus(page.rows[0].name_entry)
        page.press(ADD)
        assert len(page.rows) == 1


async def test_removing_a_row_moves_the_focus_to_its_neighbour() -> None:
    async with opened() as (one, page):
        one.show_pairs((("A", "b"), ("C", "d")))
        changes = Heard(one, "changed")
        page.rows[1].press(REMOVE)
        assert one.pairs == (("A", "b"),)
        assert changes
        assert has_focus(page.rows[0].value_entry)
        page.rows[0].press(REMOVE)
        assert has_focus(page.button(ADD))


async def test_an_error_is_shown_at_its_row_below_an_empty_one() -> None:
    async with opened() as (one, page):
        one.show_pairs((("A", "b"), ("", ""), ("C", "d")))
        one.show_errors({1: "It is wrong."})
        assert [row.says("It is wrong.") for row in page.rows] == [False, False, True]
        assert not page.rows[0].words
        one.show_errors({})
        assert not page.says("It is wrong.")


async def test_pasted_pairs_are_added_and_a_notice_says_what_was_left_out() -> None:
    async with opened() as (one, page):
        one.show_pairs((("A", "b"), ("", "")))
        changes, notices = Heard(one, "changed"), Heard(one, "noticed")
        one.paste("X-One: 1\nUpgrade: websocket\nX-Two: <b>2</b>")
        assert one.pairs == (("A", "b"), ("X-One", "1"), ("X-Two", "<b>2</b>"))
        assert len(page.rows) == 3  # the empty row is gone
        assert changes
        assert notices == ["1 left out: every handshake sends it"]


async def test_the_list_is_limited() -> None:
    one = group("request.query")
    notices = Heard(one, "noticed")
    one.paste("&".join(f"a{number}=1" for number in range(MAX_PAIRS + 7)))
    assert len(one.pairs) == MAX_PAIRS
    assert notices == ["7 left out: the list is full"]


async def test_the_clipboard_is_read() -> None:
    async with opened("request.cookies") as (one, page):
        notices = Heard(one, "noticed")
        one.get_clipboard().set("a=1; b=2")
        page.press(PASTE)
        await eventually(lambda: one.pairs == (("a", "1"), ("b", "2")))
        one.get_clipboard().set_content(None)
        page.press(PASTE)
        await eventually(lambda: notices == ["There is no text to paste"])
