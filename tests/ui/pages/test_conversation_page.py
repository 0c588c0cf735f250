"""The second screen: how things stand, what was said, and one entry in full."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from gi.repository import Gio, Gtk

from spacebeam.net.connection import ConnectionState
from spacebeam.ui.composer.draft import Draft, PayloadFormat
from spacebeam.ui.inspector.inspector import SHOWN_BYTES
from spacebeam.ui.pages.conversation_page import WIDE, ConversationPage
from tests.support.waiting import eventually
from tests.ui.doing import Heard, button, click, drop, resize, shown, words
from tests.ui.inspector.inspector_page import InspectorPage
from tests.ui.recordings import recording

LONG = SHOWN_BYTES + 200 * 1024


def buttons(page: ConversationPage) -> set[str]:
    """Which of the two buttons of the connection is offered."""
    offered = (page._disconnect_button, page._reconnect_button)
    return {str(one.get_label()) for one in offered if one.get_visible()}


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (ConnectionState.CONNECTING, "Reconnect"),
        (ConnectionState.OPEN, "Disconnect"),
        (ConnectionState.CLOSING, "Disconnect"),
        (ConnectionState.CLOSED, "Reconnect"),
    ],
)
async def test_the_state_is_told_in_words_and_by_what_is_offered(
    state: ConnectionState, offered: str
) -> None:
    async with shown(ConversationPage()) as page:
        page.show_state(state, "example.test/feed", "How it stands")
        seen = words(page)
        assert "example.test/feed" in seen
        assert "How it stands" in seen
        assert buttons(page) == {offered}


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;"])
async def test_nothing_that_a_server_says_is_taken_for_markup(said: str) -> None:
    async with shown(ConversationPage()) as page:
        page.show_state(ConnectionState.CLOSED, f"host/{said}", f"Closed: {said}")
        page.show_recording(recording(said))
        await eventually(lambda: said in words(page))
        assert f"Closed: {said}" in words(page)
        assert page._state_label.get_tooltip_text() == f"Closed: {said}"
        page.timeline._selection.set_selected(0)
        await InspectorPage(page.inspector).shows(said)


async def test_entries_and_bytes_are_counted() -> None:
    async with shown(ConversationPage()) as page:
        page.show_recording(recording("one", "three"))
        await eventually(lambda: "2 entries, 8 B" in words(page))
        page.show_recording(recording())
        await eventually(lambda: not page._count_label.get_text())


async def test_a_selected_entry_is_read_in_the_inspector_until_it_is_closed() -> None:
    async with shown(ConversationPage()) as page:
        page.show_recording(recording("one", "two"))
        await eventually(lambda: page.timeline._model.get_n_items() == 2)
        assert not page.inspector.get_mapped()
        page.timeline._selection.set_selected(1)
        await eventually(page.inspector.get_mapped)
        await InspectorPage(page.inspector).shows("two")
        click(button(page, "Close the inspector (Escape)"))
        assert not page.inspector.get_visible()
        assert page.timeline.selected == -1
        assert InspectorPage(page.inspector).text == ""


async def test_of_a_long_message_the_beginning_is_shown_and_then_all() -> None:
    async with shown(ConversationPage()) as page:
        page.show_recording(recording("x" * LONG))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        await eventually(page.inspector.get_mapped)
        inspector = InspectorPage(page.inspector)
        assert "The first 512.0 KiB of 712.0 KiB" in words(page)
        inspector.press("Last page")
        await eventually(lambda: not inspector.offers("Next page"))
        loaded = inspector.page
        click(button(page, "Show all"))
        assert not inspector.offers("Show all")
        inspector.press("Last page")
        await eventually(lambda: not inspector.offers("Next page") and inspector.page > loaded)


async def test_a_format_is_chosen_for_one_recording() -> None:
    async with shown(ConversationPage()) as page:
        inspector = InspectorPage(page.inspector)
        first = recording("[1]", "[2]")
        page.show_recording(first)
        await eventually(lambda: page.timeline._model.get_n_items() == 2)
        page.timeline._selection.set_selected(0)
        inspector.choose("Hex")
        page.show_recording(first)
        page.timeline._selection.set_selected(1)
        assert inspector.chosen == "Hex"
        await eventually(lambda: "5b 32 5d" in words(page.timeline))
        page.show_recording(recording("[3]"))
        await eventually(lambda: "[3]" in words(page.timeline))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        assert inspector.chosen == "JSON"


async def test_copying_takes_the_whole_of_a_long_message() -> None:
    async with shown(ConversationPage()) as page:
        page.show_recording(recording("x" * LONG))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        await eventually(page.inspector.get_mapped)
        click(button(page, "Copy the whole payload"))
        assert await page.get_clipboard().read_text_async() == "x" * LONG


async def test_copying_where_nothing_is_selected_leaves_the_clipboard_alone() -> None:
    async with shown(ConversationPage()) as page:
        page.get_clipboard().set("mine")
        page.copy_selected()
        assert await page.get_clipboard().read_text_async() == "mine"


async def test_the_inspector_stands_beside_the_timeline_where_there_is_room() -> None:
    async with shown(ConversationPage(), WIDE + 100, 600) as page:
        await eventually(lambda: page._paned.get_orientation() == Gtk.Orientation.HORIZONTAL)
    async with shown(ConversationPage(), 700, 600) as page:
        await eventually(lambda: page._paned.get_orientation() == Gtk.Orientation.VERTICAL)


def is_shared_out(paned: Gtk.Paned, orientation: Gtk.Orientation, width: int) -> bool:
    """Whether it stands like this, as wide as this, and its end has the larger half."""
    if paned.get_orientation() != orientation or abs(paned.get_width() - width) > 20:
        return False
    is_beside = orientation == Gtk.Orientation.HORIZONTAL
    room = paned.get_width() if is_beside else paned.get_height()
    return 0.4 < paned.get_position() / room < 0.5


async def test_the_inspector_gets_the_larger_half_wherever_it_stands() -> None:
    beside, beneath = Gtk.Orientation.HORIZONTAL, Gtk.Orientation.VERTICAL
    async with shown(ConversationPage(), 700, 700) as page:
        page.show_recording(recording("one"))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        await eventually(page.inspector.get_mapped)
        window = page.get_root()
        assert isinstance(window, Gtk.Window)
        for where, width in ((beside, WIDE + 100), (beneath, 700)) * 2:
            await resize(window, width, 700, partial(is_shared_out, page._paned, where, width))


async def test_the_inspector_gets_the_larger_half() -> None:
    async with shown(ConversationPage(), 700, 800) as page:
        page.show_recording(recording("one"))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        await eventually(page.inspector.get_mapped)
        await eventually(lambda: page.inspector.get_height() >= page.timeline.get_height())


async def test_a_row_below_where_the_inspector_was_can_be_clicked() -> None:
    async with shown(ConversationPage(), 700, 700) as page:

        def takes_clicks() -> list[bool]:
            every = page._paned.observe_controllers()
            drags = (one for one in every if isinstance(one, Gtk.GestureDrag))
            return [one.get_propagation_phase() != Gtk.PropagationPhase.NONE for one in drags]

        assert takes_clicks() == [False, False]
        page.show_recording(recording("one"))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        assert takes_clicks() == [True, True]
        page.timeline.unselect()
        assert takes_clicks() == [False, False]


async def test_it_fits_a_narrow_window() -> None:
    async with shown(ConversationPage(), 360, 500) as page:
        page.show_state(ConnectionState.OPEN, "host.test/" + "x" * 200, "Connected " * 20)
        page.show_notes("RTT 123456.7 ms", "Pongs disabled")
        page.show_recording(recording("one"))
        await eventually(lambda: page.timeline._model.get_n_items() == 1)
        page.timeline._selection.set_selected(0)
        page.composer.show_file("long" * 100, b"")
        page.composer.show_error("words " * 100)
        await eventually(page.inspector.get_mapped)
        minimum, _natural, *_rest = page.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360


async def test_the_menu_opens_where_the_page_is_shown() -> None:
    page = ConversationPage()
    page.open_menu()
    async with shown(page):
        popover = page._menu_button.get_popover()
        assert popover is not None
        assert not popover.get_visible()
        page.open_menu()
        await eventually(popover.get_mapped)
        popover.popdown()


async def test_a_round_trip_and_a_warning_are_told_beside_the_state() -> None:
    async with shown(ConversationPage()) as page:
        page.show_state(ConnectionState.OPEN, "host.test/", "Connected")
        assert not page._round_trip_label.get_visible()
        assert not page._warning_label.get_visible()
        page.show_notes("RTT 1.5 ms", "Pongs disabled")
        assert {"Connected", "RTT 1.5 ms", "Pongs disabled"} <= set(words(page))
        page.show_notes("", "")
        assert not {"RTT 1.5 ms", "Pongs disabled"} & set(words(page))


async def test_in_a_narrow_window_the_notes_stand_beneath_each_other() -> None:
    async with shown(ConversationPage(), 360, 500) as page:
        page.show_state(ConnectionState.OPEN, "host.test/", "Connected")
        page.show_notes("RTT 1.5 ms", "Pongs disabled")
        await eventually(lambda: page._notes_box.get_orientation() == Gtk.Orientation.VERTICAL)
        await eventually(lambda: page._round_trip_label.get_width() > 0)
        assert not page._round_trip_label.get_layout().is_ellipsized()
        assert not page._warning_label.get_layout().is_ellipsized()


async def test_what_the_composer_asks_for_is_handed_on(tmp_path: Path) -> None:
    async with shown(ConversationPage()) as page:
        page.show_state(ConnectionState.OPEN, "host.test/", "Connected")
        sent = Heard(page, "send-requested")
        chosen = Heard(page, "file-chosen")
        attach = Heard(page, "attach-requested")
        page.composer._text_view.get_buffer().set_text("hello")
        click(page.composer._send_button)
        assert sent == [Draft("hello", PayloadFormat.TEXT, "hello")]
        drop(page.composer, Gio.File.new_for_path(str(tmp_path)))
        assert len(chosen) == 1
        click(button(page, "Send a file as a binary message"))
        assert attach


async def test_a_page_that_is_hidden_and_shown_again_still_arranges_itself() -> None:
    async with shown(ConversationPage(), WIDE + 100, 600) as page:
        page.set_visible(False)
        page.set_visible(True)
        await eventually(page.get_mapped)
        page._paned.set_orientation(Gtk.Orientation.VERTICAL)
        window = page.get_root()
        assert isinstance(window, Gtk.Window)
        beside = Gtk.Orientation.HORIZONTAL
        await resize(window, WIDE + 150, 600, lambda: page._paned.get_orientation() == beside)
