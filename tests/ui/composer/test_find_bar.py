"""Text in the message is found and replaced."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from gi.repository import Gdk, Gtk

from spacebeam.ui.composer.composer import Composer
from spacebeam.ui.composer.find_bar import FindBar
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, shown, text
from tests.ui.pageobjects.composer import ComposerPage
from tests.ui.pageobjects.page import Page, has_focus


class FindPage(Page[FindBar]):
    """The bar as a person uses it."""

    def find(self, words: str) -> None:
        self.child("_find_entry", Gtk.Entry).set_text(words)

    def replacement(self, words: str) -> None:
        self.child("_replace_entry", Gtk.Entry).set_text(words)

    @property
    def is_replacing(self) -> bool:
        """Whether typed text goes into the replacement."""
        return has_focus(self.child("_replace_entry", Gtk.Entry))

    @property
    def count(self) -> str:
        return self.child("_count_label", Gtk.Label).get_text()


@contextlib.asynccontextmanager
async def finding(typed: str) -> AsyncIterator[tuple[ComposerPage, FindPage]]:
    async with shown(Composer()) as composer:
        page = ComposerPage(composer)
        page.type_message(typed)
        buffer = page.field.get_buffer()
        buffer.place_cursor(buffer.get_start_iter())
        page.do("composer.find")
        (bar,) = descendants(composer, FindBar)
        yield page, FindPage(bar)


def selected(page: ComposerPage) -> tuple[int, int]:
    bounds = page.field.get_buffer().get_selection_bounds()
    return (bounds[0].get_offset(), bounds[1].get_offset()) if bounds else (-1, -1)


async def test_matches_are_counted_and_gone_through() -> None:
    async with finding("one two One") as (page, bar):
        assert bar.has_focus
        bar.find("one")
        await eventually(lambda: bar.count == "2 matches")
        bar.press("Next match in the message (Enter)")
        assert selected(page) == (0, 3)
        assert bar.count == "1 of 2"
        bar.press("Next match in the message (Enter)")
        assert selected(page) == (8, 11)
        bar.press("Next match in the message (Enter)")
        assert selected(page) == (0, 3)
        bar.press("Previous match in the message")
        assert selected(page) == (8, 11)


async def test_one_match_or_all_are_replaced_and_undone_in_one_step() -> None:
    async with finding("a b a c a") as (page, bar):
        bar.find("a")
        bar.replacement("xx")
        await eventually(lambda: bar.count == "3 matches")
        bar.press("Replace")  # selects the first
        bar.press("Replace")
        assert page.typed == "xx b a c a"
        bar.press("Replace All")
        assert page.typed == "xx b xx c xx"
        page.field.get_buffer().undo()
        assert page.typed == "xx b a c a"


async def test_without_a_match_nothing_can_be_replaced() -> None:
    async with finding("abc") as (_page, bar):
        assert not bar.offers("Replace")
        bar.find("x")
        await eventually(lambda: bar.count == "0 matches")
        assert not bar.offers("Replace All")


async def test_escape_closes_the_bar_and_leads_back_to_the_message() -> None:
    async with finding("abc") as (page, bar):
        bar.find("b")
        assert key(bar.widget, Gdk.KEY_Escape, phase=Gtk.PropagationPhase.BUBBLE)
        assert not bar.is_shown
        assert page.has_focus
        assert text(page.field.get_buffer()) == "abc"


async def test_tab_goes_from_what_is_found_to_what_replaces_it() -> None:
    async with finding("abc") as (_page, bar):
        bar.find("b")
        assert bar.has_focus
        assert key(bar.widget, Gdk.KEY_Tab, phase=Gtk.PropagationPhase.BUBBLE)
        assert bar.is_replacing
        assert not key(bar.widget, Gdk.KEY_Tab, phase=Gtk.PropagationPhase.BUBBLE)


async def test_the_selected_text_is_searched() -> None:
    async with finding("abc") as (page, bar):
        page.field.get_buffer().select_range(
            page.field.get_buffer().get_iter_at_offset(1),
            page.field.get_buffer().get_iter_at_offset(3),
        )
        page.do("composer.find")
        await eventually(lambda: bar.count in ("1 match", "1 of 1"))
