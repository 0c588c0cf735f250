"""The second screen: the connection's state, the entries, and one entry in full."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from functools import partial

import pytest
from gi.repository import Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.ui.composer.draft import Draft, PayloadFormat
from spacebeam.ui.inspector.inspector import SHOWN_BYTES
from spacebeam.ui.pages.conversation_page import WIDE, ConversationPage
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, resize, shown
from tests.ui.pageobjects.tab import SessionPage
from tests.ui.recordings import add, recording

LONG = SHOWN_BYTES + 200 * 1024


@contextlib.asynccontextmanager
async def shown_page(width: int = 800, height: int = 600) -> AsyncIterator[SessionPage]:
    async with shown(ConversationPage(), width, height) as widget:
        yield SessionPage(widget)


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;"])
async def test_markup_from_a_server_is_shown_as_text(said: str) -> None:
    async with shown_page() as page:
        page.widget.show_recording(recording(said))
        await eventually(lambda: said in page.words)
        page.timeline.select(0)
        await page.inspector.shows(said)


async def test_entries_and_bytes_are_counted() -> None:
    async with shown_page() as page:
        page.widget.show_recording(recording("one", "three"))
        await eventually(lambda: "2 entries, 8 B" in page.words)
        page.widget.show_recording(recording())
        await eventually(lambda: not page.count)


async def test_a_selected_entry_is_shown_in_the_inspector_until_it_is_closed() -> None:
    async with shown_page() as page:
        page.widget.show_recording(recording("one", "two"))
        await eventually(lambda: page.timeline.length == 2)
        assert not page.is_inspecting
        await page.select(1)
        await page.inspector.shows("two")
        page.press("Close the inspector (Escape)")
        assert not page.widget.inspector.get_visible()
        assert page.timeline.selected == -1
        assert page.inspector.text == ""


async def test_the_start_of_a_long_message_is_shown_and_then_all() -> None:
    async with shown_page() as page:
        page.widget.show_recording(recording("x" * LONG))
        await eventually(lambda: page.timeline.length == 1)
        await page.select(0)
        inspector = page.inspector
        await eventually(lambda: "The first 512.0 KiB of 712.0 KiB" in page.words)
        await eventually(lambda: inspector.offers("Last page"))
        inspector.press("Last page")
        await eventually(lambda: not inspector.offers("Next page"))
        loaded = inspector.page
        page.press("Show all")
        assert not inspector.offers("Show all")
        await eventually(lambda: inspector.offers("Last page"))
        inspector.press("Last page")
        await eventually(lambda: not inspector.offers("Next page") and inspector.page > loaded)


async def test_a_format_is_chosen_for_one_recording() -> None:
    async with shown_page() as page:
        inspector, timeline = page.inspector, page.timeline
        first = recording("[1]", "[2]")
        page.widget.show_recording(first)
        await eventually(lambda: timeline.length == 2)
        timeline.select(0)
        inspector.choose("Hex")
        page.widget.show_recording(first)
        timeline.select(1)
        assert inspector.chosen == "Hex"
        await eventually(lambda: "5b 32 5d" in timeline.words)
        page.widget.show_recording(recording("[3]"))
        await eventually(lambda: "[3]" in timeline.words)
        await eventually(lambda: timeline.length == 1)
        timeline.select(0)
        assert inspector.chosen == "JSON"


async def test_the_whole_of_a_long_message_is_copied() -> None:
    async with shown_page() as page:
        page.widget.show_recording(recording("x" * LONG))
        await eventually(lambda: page.timeline.length == 1)
        await page.select(0)
        assert await page.widget.copy_selected() == ""
        assert await page.widget.get_clipboard().read_text_async() == "x" * LONG


async def test_copying_without_a_selection_leaves_the_clipboard_alone() -> None:
    async with shown_page() as page:
        page.widget.get_clipboard().set("mine")
        await page.widget.copy_selected()
        assert await page.widget.get_clipboard().read_text_async() == "mine"


async def test_the_inspector_is_beside_the_timeline_in_a_wide_window() -> None:
    async with shown_page(WIDE + 100, 600) as page:
        await eventually(lambda: page.paned.get_orientation() == Gtk.Orientation.HORIZONTAL)
    async with shown_page(700, 600) as page:
        await eventually(lambda: page.paned.get_orientation() == Gtk.Orientation.VERTICAL)


def has_share(paned: Gtk.Paned, beside: bool, room: int, share: float) -> bool:
    """Return whether the panes are arranged so, and the first has this share of the room."""
    if (paned.get_orientation() == Gtk.Orientation.HORIZONTAL) is not beside:
        return False
    now = paned.get_width() if beside else paned.get_height()
    return abs(now - room) < 300 and abs(paned.get_position() / now - share) < 0.01


async def test_the_panes_keep_their_shares_when_the_window_changes() -> None:
    async with shown_page(700, 700) as page:
        page.widget.show_recording(recording("one"))
        await eventually(lambda: page.timeline.length == 1)
        await page.select(0)
        window = page.widget.get_root()
        assert isinstance(window, Gtk.Window)
        for beside, width, height in ((True, WIDE + 100, 700), (False, 700, 700)) * 2:
            share, room = (0.6, width) if beside else (0.5, height)
            shared = partial(has_share, page.paned, beside, room, share)
            await resize(window, width, height, shared)


async def test_the_share_stays_when_the_composer_grows() -> None:
    async with shown_page(700, 800) as page:
        page.widget.show_recording(recording("one"))
        await eventually(lambda: page.timeline.length == 1)
        await page.select(0)
        await eventually(lambda: has_share(page.paned, False, 700, 0.5))
        before = page.paned.get_height()
        page.composer.type_message("line\n" * 20)
        await eventually(lambda: page.paned.get_height() < before)
        await eventually(lambda: has_share(page.paned, False, 700, 0.5))
        page.composer.type_message("")
        await eventually(lambda: page.paned.get_height() >= before)
        await eventually(lambda: has_share(page.paned, False, 700, 0.5))


async def test_a_moved_handle_is_told_as_a_share() -> None:
    async with shown_page(700, 700) as page:
        told: list[tuple[bool, float]] = []
        page.widget.panes.connect("share-changed", lambda _panes, *share: told.append(share))
        page.widget.show_recording(recording("one"))
        await eventually(lambda: page.timeline.length == 1)
        await page.select(0)
        await eventually(lambda: has_share(page.paned, False, 700, 0.5))
        assert told == []
        page.paned.set_position(round(page.paned.get_height() * 0.3))  # as dragging it does
        assert [(beside, round(share, 2)) for beside, share in told] == [(False, 0.3)]
        await settled(lambda: page.paned.get_position())
        assert has_share(page.paned, False, 700, 0.3)


async def test_what_is_held_back_is_counted_with_a_way_to_resume() -> None:
    async with shown_page() as page:
        entries = recording("one")
        page.widget.show_recording(entries)
        await eventually(lambda: page.timeline.length == 1)
        assert not page.pause_notice.is_shown
        page.timeline.widget.pause(is_paused=True)
        await eventually(lambda: page.pause_notice.text == "Paused: 0 new entries kept.")
        add(entries, "two")
        page.widget.show_recording(entries)
        await eventually(lambda: page.pause_notice.text == "Paused: 1 new entry kept.")
        page.timeline.widget.pause(is_paused=False)
        await eventually(lambda: not page.pause_notice.is_shown)


async def test_the_handle_of_a_closed_inspector_takes_no_clicks() -> None:
    async with shown_page(700, 700) as page:

        def takes_clicks() -> list[bool]:
            every = page.paned.observe_controllers()
            drags = (one for one in every if isinstance(one, Gtk.GestureDrag))
            return [one.get_propagation_phase() != Gtk.PropagationPhase.NONE for one in drags]

        assert takes_clicks() == [False, False]
        page.widget.show_recording(recording("one"))
        await eventually(lambda: page.timeline.length == 1)
        page.timeline.select(0)
        assert takes_clicks() == [True, True]
        page.timeline.widget.unselect()
        assert takes_clicks() == [False, False]


async def test_it_fits_a_narrow_window() -> None:
    async with shown_page(360, 500) as page:
        page.widget.show_recording(recording("one"))
        await eventually(lambda: page.timeline.length == 1)
        page.timeline.select(0)
        page.composer.attach("long" * 100, b"")
        page.composer.widget.show_error("words " * 100)
        await eventually(lambda: page.is_inspecting)
        assert page.minimum_width <= 360


async def test_the_menu_opens_only_on_a_visible_page() -> None:
    page = SessionPage(ConversationPage())
    page.widget.open_menu()
    async with shown(page.widget):
        popover = page.menu_button.get_popover()
        assert popover is not None
        assert not popover.get_visible()
        page.widget.open_menu()
        await eventually(popover.get_mapped)
        popover.popdown()


async def test_the_composers_signals_are_forwarded() -> None:
    async with shown_page() as page:
        page.widget.show_state(ConnectionState.OPEN)
        sent = Heard(page.widget, "send-requested")
        attach = Heard(page.widget, "attach-requested")
        page.composer.type_message("hello")
        page.composer.send()
        assert sent == [Draft("hello", PayloadFormat.TEXT, "hello")]
        page.press("Send a file, as text or as binary")
        assert attach


async def test_a_page_that_is_shown_again_still_adapts_to_its_width() -> None:
    async with shown_page(WIDE + 100, 600) as page:
        page.widget.set_visible(False)
        page.widget.set_visible(True)
        await eventually(page.widget.get_mapped)
        page.paned.set_orientation(Gtk.Orientation.VERTICAL)
        window = page.widget.get_root()
        assert isinstance(window, Gtk.Window)
        beside = Gtk.Orientation.HORIZONTAL
        await resize(window, WIDE + 150, 600, lambda: page.paned.get_orientation() == beside)
