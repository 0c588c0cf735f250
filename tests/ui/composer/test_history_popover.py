"""What was sent is searched, chosen, sent again and forgotten; the list is bounded."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.library.sent_history import MAX_MESSAGES, Message, SentHistory
from spacebeam.ui.composer.history_popover import MAX_ROWS, HistoryPopover
from tests.support.waiting import eventually
from tests.ui.doing import Heard, shown
from tests.ui.pageobjects.history import HistoryPage

NOW = 1_700_000_000.0
CONTROL = Gdk.ModifierType.CONTROL_MASK


@contextlib.asynccontextmanager
async def opened(folder: Path, *messages: Message) -> AsyncIterator[HistoryPage]:
    """The popover, open, after these messages were sent."""
    history = SentHistory(folder, "ws://one.test/")
    for later, message in enumerate(messages):
        history.add(message, NOW + later)
    popover = HistoryPopover()
    popover.search = history.search
    button = Gtk.MenuButton(popover=popover)
    async with shown(button):
        button.popup()
        await eventually(popover.get_mapped)
        yield HistoryPage(popover)


async def test_messages_are_found_by_their_words_newest_first(tmp_path: Path) -> None:
    async with opened(tmp_path, "one two", "three", "Two ones", b"\x00\xff") as page:
        await page.shows("00 ff", "Two ones", "three", "one two")
        assert page.has_cursor
        assert all(page.times)
        page.type_words("two ONE")
        await page.shows("Two ones", "one two")
        page.type_words("00 f")
        await page.shows("00 ff")
        page.type_words("four")
        await eventually(lambda: page.says("No sent message contains these words."))
        assert page.messages == []


async def test_without_any_it_says_so(tmp_path: Path) -> None:
    async with opened(tmp_path) as page:
        await eventually(lambda: page.says("No message was sent to this address."))


async def test_a_message_is_no_markup_and_on_one_line(tmp_path: Path) -> None:
    async with opened(tmp_path, "<b>two</b>\nlines\u202e", "x" * 60_000) as page:
        await eventually(lambda: len(page.messages) == 2)
        assert page.messages[1] == "<b>two</b>␊lines⟨202E⟩"
        assert len(page.messages[0]) < 400


async def test_enter_chooses_the_newest_match_and_arrows_another(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", "two", "three") as page:
        chosen = Heard(page.widget, "chosen")
        await page.shows("three", "two", "one")
        assert page.selected == "three"
        assert page.press_key(Gdk.KEY_Up)
        assert page.selected == "three"
        page.press_key(Gdk.KEY_Down)
        page.press_key(Gdk.KEY_Down)
        page.press_key(Gdk.KEY_Down)
        assert page.selected == "one"
        page.press_key(Gdk.KEY_Up)
        assert page.has_cursor
        page.press_enter()
        assert chosen == ["two"]
        await eventually(lambda: not page.is_shown)


async def test_a_click_chooses(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", "two") as page:
        chosen = Heard(page.widget, "chosen")
        await page.shows("two", "one")
        page.press_key(Gdk.KEY_Down)
        page.click(1)
        assert chosen == ["one"]


async def test_control_enter_sends(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", b"\x01") as page:
        sent, chosen = Heard(page.widget, "send-requested"), Heard(page.widget, "chosen")
        await page.shows("01", "one")
        assert page.press_key(Gdk.KEY_Return, CONTROL)
        assert (sent, chosen) == ([b"\x01"], [])


async def test_escape_closes_and_chooses_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, "one") as page:
        chosen = Heard(page.widget, "chosen")
        page.press_escape()
        await eventually(lambda: not page.is_shown)
        assert chosen == []


async def test_delete_forgets_the_selected_message_where_it_deletes_no_text(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", "two", "three") as page:
        forgotten = Heard(page.widget, "forget-requested")
        page.type_words("t")
        await page.shows("three", "two")
        page.put_cursor(0)
        assert not page.press_key(Gdk.KEY_Delete)
        page.put_cursor(-1)
        assert page.press_key(Gdk.KEY_Delete)
        assert forgotten == ["three"]
        assert page.messages == ["two"]
        assert page.selected == "two"


async def test_a_held_delete_forgets_nothing_more(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", "two") as page:
        forgotten = Heard(page.widget, "forget-requested")
        page.type_words("x")
        page.put_cursor(0)
        page.hold_key(Gdk.KEY_Delete)
        page.type_words("")
        await page.shows("two", "one")
        assert page.hold_key(Gdk.KEY_Delete)
        assert forgotten == []
        page.press_key(Gdk.KEY_Delete)
        page.press_key(Gdk.KEY_Delete)
        page.press_key(Gdk.KEY_Delete)
        assert forgotten == ["two", "one"]
        assert page.says("No message was sent")


async def test_the_button_of_a_row_forgets_it(tmp_path: Path) -> None:
    async with opened(tmp_path, "one", "two") as page:
        forgotten = Heard(page.widget, "forget-requested")
        await page.shows("two", "one")
        page.click_forget(1)
        assert forgotten == ["one"]
        assert page.messages == ["two"]
        assert page.has_cursor


async def test_ten_thousand_messages_are_listed_as_they_are_scrolled_and_no_more_than_are_useful(
    tmp_path: Path,
) -> None:
    messages = [f"message {number}" for number in range(MAX_MESSAGES)]
    async with opened(tmp_path, *messages) as page:
        await eventually(lambda: page.messages)
        assert len(page.messages) < MAX_ROWS
        assert page.messages[0] == messages[-1]

        def are_all() -> bool:
            page.scroll_to_end()
            return len(page.messages) == MAX_ROWS

        await eventually(are_all)
        page.scroll_to_end()
        await eventually(lambda: page.says("Type more words to find older ones"))
        page.type_words("message 4242")
        await page.shows("message 4242")


@pytest.mark.parametrize("width", [360, 1200])
async def test_it_stays_inside_the_window(tmp_path: Path, width: int) -> None:
    history = SentHistory(tmp_path, "ws://one.test/")
    history.add("long " * 100, NOW)
    popover = HistoryPopover()
    popover.search = history.search
    button = Gtk.MenuButton(popover=popover, halign=Gtk.Align.END, valign=Gtk.Align.END)
    async with shown(button, width):
        button.popup()
        await eventually(popover.get_mapped)
        assert popover.get_width() <= width
        popover.popdown()
