"""The first screen: the address, its signals, failures and recent addresses."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.ui.long_lines import MAX_LINE, SOFT_BREAK
from spacebeam.ui.pages.connection_page import ConnectionPage, RecentAddress
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard, click, key, shown
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.tab import ConnectPage

BUBBLE = Gtk.PropagationPhase.BUBBLE


@contextlib.asynccontextmanager
async def shown_page(width: int = 800, height: int = 600) -> AsyncIterator[ConnectPage]:
    async with shown(ConnectionPage(), width, height) as widget:
        yield ConnectPage(widget)


def recent(addresses: list[str]) -> list[RecentAddress]:
    return [RecentAddress(one) for one in addresses]


async def test_the_empty_address_is_focused() -> None:
    async with shown_page() as page:
        page.widget.focus()
        assert has_focus(page.entry)
        assert page.address == ""


@pytest.mark.parametrize(
    "connect", [lambda page: page.entry.emit("activate"), lambda page: page.press("Connect")]
)
async def test_enter_and_connect_emit_the_typed_address(
    connect: Callable[[ConnectPage], object],
) -> None:
    async with shown_page() as page:
        asked = Heard(page.widget, "connect-requested")
        page.type_address("localhost:8080/feed")
        connect(page)
        assert asked == ["localhost:8080/feed"]


async def test_while_connecting_only_cancel_is_offered() -> None:
    async with shown_page() as page:
        page.widget.show_recent(recent(["ws://one.test/"]))
        page.widget.show_connecting("example.test")
        assert "Connecting to example.test…" in page.words
        assert not page.entry.get_editable()
        assert not page.chat_button.is_sensitive()
        assert not page.recent_list.is_sensitive()
        cancelled = Heard(page.widget, "cancel-requested")
        page.press("Cancel")
        assert cancelled
        page.widget.show_idle()
        assert page.entry.get_editable()
        assert page.chat_button.is_sensitive()


async def test_escape_cancels_only_while_connecting() -> None:
    async with shown_page() as page:
        cancelled = Heard(page.widget, "cancel-requested")
        assert not key(page.widget, Gdk.KEY_Escape, phase=BUBBLE)
        page.widget.show_connecting("example.test")
        assert key(page.widget, Gdk.KEY_Escape, phase=BUBBLE)
        assert cancelled == [True]
        assert not key(page.widget, Gdk.KEY_a, phase=BUBBLE)


async def test_a_failure_is_explained_and_the_address_stays() -> None:
    async with shown_page() as page:
        page.type_address("example.invalid")
        page.widget.show_connecting("example.invalid")
        page.widget.show_failure(
            "No computer has this name.", "Check the spelling.", "GET / HTTP/1.1"
        )
        seen = page.words
        assert "No computer has this name." in seen
        assert "Check the spelling." in seen
        assert page.address == "example.invalid"
        assert page.open_details() == "GET / HTTP/1.1"
        assert page.details_expander.get_mapped()
        assert page.offers("Connect")


async def test_long_details_take_little_time_and_are_copied_whole() -> None:
    address = "GET /?q=" + "c" * 20_000
    async with shown_page() as page:
        page.widget.show_failure("No.", "", address, answer="x" * 20_000)
        shown = page.open_details()
        assert max(map(len, shown.split(SOFT_BREAK))) <= MAX_LINE
        view = page.child("_details_text_view", Gtk.TextView)
        view.emit("select-all", True)
        view.emit("copy-clipboard")
        assert await view.get_clipboard().read_text_async() == address


async def test_a_failure_without_details_offers_none() -> None:
    async with shown_page() as page:
        page.widget.show_failure("There is no address.")
        assert not page.details_expander.get_mapped()
        assert page.advice == ""


@pytest.mark.parametrize(
    "act", [lambda page: page.type_address("w"), lambda page: page.widget.show_connecting("h")]
)
async def test_typing_and_connecting_hide_the_failure(act: Callable[[ConnectPage], object]) -> None:
    async with shown_page() as page:
        page.widget.show_failure("There is no address.")
        assert "There is no address." in page.words
        act(page)
        assert "There is no address." not in page.words


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "_mnemonic", "%s"])
async def test_markup_is_shown_as_text(said: str) -> None:
    async with shown_page() as page:
        page.widget.show_recent(recent([f"ws://host.test/{said}"]))
        assert f"ws://host.test/{said}" in page.words
        page.widget.show_failure(f"Refused: {said}", f"Ask: {said}", f"HTTP/1.1 400 {said}")
        seen = page.words
        assert f"Refused: {said}" in seen
        assert f"Ask: {said}" in seen
        assert page.open_details() == f"HTTP/1.1 400 {said}"
        page.widget.show_connecting(said)
        assert f"Connecting to {said}…" in page.words


async def test_control_characters_in_a_failure_are_shown_as_symbols() -> None:
    async with shown_page() as page:
        page.widget.show_failure("one\ntwo\x1b", "three\u202efour", "five\nsix\x07")
        seen = page.words
        assert "one␊two␛" in seen
        assert "three⟨202E⟩four" in seen
        assert page.open_details() == "five\nsix␇"


async def test_without_recent_addresses_their_heading_is_not_shown() -> None:
    async with shown_page() as page:
        assert "Recent" not in page.words
        page.widget.show_recent(recent(["ws://one.test/"]))
        assert "Recent" in page.words
        page.widget.show_recent([])
        assert "Recent" not in page.words


async def test_a_recent_address_is_chosen() -> None:
    async with shown_page() as page:
        chosen = Heard(page.widget, "recent-chosen")
        page.widget.show_recent(recent(["ws://one.test/", "ws://two.test/"]))
        page.choose_recent("ws://two.test/")
        assert chosen == ["ws://two.test/"]


async def test_a_recent_address_can_be_removed() -> None:
    async with shown_page() as page:
        asked = Heard(page.widget, "connect-requested")
        forgotten = Heard(page.widget, "forget-requested")
        page.widget.show_recent(recent(["ws://one.test/", "ws://two.test/"]))
        page.forget("ws://one.test/")
        assert forgotten == ["ws://one.test/"]
        assert asked == []


async def test_the_newest_six_addresses_are_shown() -> None:
    async with shown_page() as page:
        page.widget.show_recent(recent([f"ws://{number}.test/" for number in range(8)]))
        assert list(page.recent) == [f"ws://{number}.test/" for number in range(6)]


async def test_the_chat_button_emits_chat_requested() -> None:
    async with shown_page() as page:
        asked = Heard(page.widget, "chat-requested")
        page.press_chat()
        assert asked


async def test_it_fits_a_narrow_window_with_the_longest_words() -> None:
    async with shown_page(360, 400) as page:
        page.widget.show_recent(recent(["wss://" + "long." * 40 + "test/"]))
        page.widget.show_failure("word " * 60, "w" * 300, "GET /" + "x" * 500)
        assert page.minimum_width <= 360


async def test_the_options_button_emits_options_requested() -> None:
    async with shown_page() as page:
        asked = Heard(page.widget, "options-requested")
        click(page.options_button)
        assert asked
        page.widget.show_connecting("example.test")
        assert not page.options_button.is_sensitive()


async def test_a_summary_of_the_options_is_shown_and_marked_if_unsafe() -> None:
    async with shown_page(360, 400) as page:
        assert page.options_summary.get_text() == "All defaults"
        page.widget.show_options("2 headers · Bearer <b> & " + "x" * 300)
        assert page.options_summary.get_mapped()
        assert page.options_summary.get_text().startswith("2 headers · Bearer <b> & x")
        assert not page.options_summary.has_css_class("warning")
        assert page.minimum_width <= 360
        page.widget.show_options("certificate not checked", is_unsafe=True)
        assert page.options_summary.has_css_class("warning")
        page.widget.show_options("")
        assert page.options_summary.get_text() == "All defaults"


async def test_a_changed_address_is_emitted() -> None:
    async with shown_page() as page:
        typed = Heard(page.widget, "typed")
        page.widget.show_address("ws://one.test/")
        assert typed


async def test_the_certificate_is_offered_only_if_it_was_refused() -> None:
    async with shown_page() as page:
        page.widget.show_failure("The certificate is not trusted.", has_certificate=True)
        asked = Heard(page.widget, "certificate-requested")
        page.press("_Show Certificate…")
        assert asked
        page.widget.show_failure("No computer has this name.")
        assert not page.shows_button("_Show Certificate…")


async def test_who_has_never_connected_sees_the_logo_and_nothing_to_return_to() -> None:
    async with shown_page() as page:
        assert page.has_logo
        assert page.buttons == ["Connect", "Chat on This Computer"]
        page.widget.show_recent(recent(["ws://one.test/"]))
        assert not page.has_logo
        assert page.buttons == ["Connect", "Chat on This Computer", "Open a Recording…"]


async def test_a_card_says_the_address_its_options_and_when_it_was_used() -> None:
    async with shown_page() as page:
        page.widget.show_recent(
            [
                RecentAddress("wss://one.test/<b>", "2 headers · <i>", "yesterday"),
                RecentAddress("ws://two.test/"),
            ]
        )
        assert page.words_of("wss://one.test/<b>") == [
            "one.test/<b>",
            "2 headers · <i>",
            "yesterday",
        ]
        assert page.words_of("ws://two.test/") == ["ws://two.test/", "No options"]


@pytest.mark.parametrize("width", [360, 800])
async def test_a_failure_moves_nothing_that_can_be_pressed(width: int) -> None:
    async with shown_page(width, 600) as page:
        page.widget.show_recent(recent(["ws://one.test/"]))
        await eventually(lambda: page.button("Connect").get_width() > 0)
        await settled(lambda: page.place_of("Connect"))
        before = page.place_of("Connect")
        options = page.options_button.translate_coordinates(page.widget, 0, 0)
        page.widget.show_failure("word " * 60, "advice " * 30, "GET / HTTP/1.1", answer="no\n" * 90)
        await settled(lambda: page.place_of("Connect"))
        assert page.place_of("Connect") == before
        assert page.options_button.translate_coordinates(page.widget, 0, 0) == options
        page.widget.show_connecting("example.test")
        await settled(lambda: page.place_of("Connect"))
        assert page.place_of("Connect") == before


async def test_the_answer_of_a_refusal_is_seen_at_once_in_many_lines() -> None:
    async with shown_page(900, 660) as page:
        page.widget.show_failure("Refused", answer="\n".join(f"line {one}" for one in range(80)))
        await eventually(lambda: page.answer_height >= 250)  # about 14 lines
        assert page.answer.startswith("line 0\n")
        page.widget.show_failure("Refused")
        assert page.answer == ""


@pytest.mark.parametrize(
    "dismiss",
    [
        lambda page: page.press("Dismiss (Escape)"),
        lambda page: key(page.widget, Gdk.KEY_Escape, phase=BUBBLE),
    ],
)
async def test_a_failure_can_be_dismissed(dismiss: Callable[[ConnectPage], object]) -> None:
    async with shown_page() as page:
        page.widget.show_recent(recent(["ws://one.test/"]))
        page.widget.show_failure("There is no address.")
        assert "Recent" not in page.words
        dismiss(page)
        assert "There is no address." not in page.words
        assert "Recent" in page.words
