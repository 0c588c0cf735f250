"""The first screen: what it asks for, and what it says when that fails."""

from __future__ import annotations

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.ui.pages.connection_page import ConnectionPage
from tests.ui.doing import Heard, button, click, descendants, key, shown, text, words

BUBBLE = Gtk.PropagationPhase.BUBBLE


def recent(page: ConnectionPage) -> list[Gtk.ListBoxRow]:
    return list(descendants(page._recent_list_box, Gtk.ListBoxRow))


async def test_the_cursor_waits_in_an_empty_address() -> None:
    async with shown(ConnectionPage()) as page:
        page.focus()
        window = page.get_root()
        assert isinstance(window, Gtk.Window)
        focus = window.get_focus()
        assert focus is not None
        assert focus.is_ancestor(page._address_entry)
        assert page.address == ""


async def test_enter_asks_for_the_address_that_was_typed() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "connect-requested")
        page._address_entry.set_text("localhost:8080/feed")
        page._address_entry.emit("activate")
        assert asked == ["localhost:8080/feed"]


async def test_connect_asks_for_the_address_that_was_typed() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "connect-requested")
        page._address_entry.set_text("localhost:8080/feed")
        click(button(page, "Connect"))
        assert asked == ["localhost:8080/feed"]


async def test_while_connecting_only_cancel_is_offered() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_recent(["ws://one.test/"])
        page.show_connecting("example.test")
        assert "Connecting to example.test…" in words(page)
        assert not page._address_entry.get_editable()
        assert not page._chat_button.is_sensitive()
        assert not page._recent_list_box.is_sensitive()
        cancelled = Heard(page, "cancel-requested")
        click(button(page, "Cancel"))
        assert cancelled
        page.show_idle()
        assert page._address_entry.get_editable()
        assert page._chat_button.is_sensitive()


async def test_escape_cancels_while_connecting_and_does_nothing_else() -> None:
    async with shown(ConnectionPage()) as page:
        cancelled = Heard(page, "cancel-requested")
        assert not key(page, Gdk.KEY_Escape, phase=BUBBLE)
        page.show_connecting("example.test")
        assert key(page, Gdk.KEY_Escape, phase=BUBBLE)
        assert cancelled == [True]
        assert not key(page, Gdk.KEY_a, phase=BUBBLE)


async def test_a_failure_is_explained_and_the_address_kept() -> None:
    async with shown(ConnectionPage()) as page:
        page._address_entry.set_text("example.invalid")
        page.show_connecting("example.invalid")
        page.show_failure("No computer has this name.", "Check the spelling.", "GET / HTTP/1.1")
        seen = words(page)
        assert "No computer has this name." in seen
        assert "Check the spelling." in seen
        assert page.address == "example.invalid"
        assert text(page._details_text_view.get_buffer()) == "GET / HTTP/1.1"
        assert page._details_expander.get_mapped()
        assert button(page, "Connect").is_sensitive()


async def test_a_failure_without_more_to_say_offers_no_details() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_failure("There is no address.")
        assert not page._details_expander.get_mapped()
        assert not page._advice_label.get_mapped()


async def test_typing_takes_the_failure_away() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_failure("There is no address.")
        page._address_entry.set_text("w")
        assert "There is no address." not in words(page)


async def test_connecting_again_takes_the_failure_away() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_failure("There is no address.")
        page.show_connecting("example.test")
        assert "There is no address." not in words(page)


@pytest.mark.parametrize("said", ["<b>bold</b> & <i>", "&amp;", "_mnemonic", "%s"])
async def test_nothing_that_is_shown_is_taken_for_markup(said: str) -> None:
    async with shown(ConnectionPage()) as page:
        page.show_recent([f"ws://host.test/{said}"])
        page.show_failure(f"Refused: {said}", f"Ask: {said}", f"HTTP/1.1 400 {said}")
        seen = words(page)
        assert f"Refused: {said}" in seen
        assert f"Ask: {said}" in seen
        assert f"ws://host.test/{said}" in seen
        assert text(page._details_text_view.get_buffer()) == f"HTTP/1.1 400 {said}"
        page.show_connecting(said)
        assert f"Connecting to {said}…" in words(page)


async def test_control_characters_in_a_failure_are_seen_and_not_obeyed() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_failure("one\ntwo\x1b", "three\u202efour", "five\nsix\x07")
        seen = words(page)
        assert "one␊two␛" in seen
        assert "three⟨202E⟩four" in seen
        assert text(page._details_text_view.get_buffer()) == "five\nsix␇"


async def test_without_recent_addresses_their_heading_is_not_shown() -> None:
    async with shown(ConnectionPage()) as page:
        assert "Recent" not in words(page)
        page.show_recent(["ws://one.test/"])
        assert "Recent" in words(page)
        page.show_recent([])
        assert "Recent" not in words(page)


async def test_a_recent_address_connects_at_once() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "connect-requested")
        page.show_recent(["ws://one.test/", "ws://two.test/"])
        page._recent_list_box.emit("row-activated", recent(page)[1])
        assert asked == ["ws://two.test/"]
        assert page.address == "ws://two.test/"


async def test_a_recent_address_can_be_forgotten() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "connect-requested")
        forgotten = Heard(page, "forget-requested")
        page.show_recent(["ws://one.test/", "ws://two.test/"])
        click(next(descendants(recent(page)[0], Gtk.Button)))
        assert forgotten == ["ws://one.test/"]
        assert asked == []


async def test_the_newest_five_addresses_are_offered() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_recent([f"ws://{number}.test/" for number in range(8)])
        assert [row.get_tooltip_text() for row in recent(page)] == [
            f"ws://{number}.test/" for number in range(5)
        ]


async def test_the_chat_on_this_computer_is_asked_for() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "chat-requested")
        click(page._chat_button)
        assert asked


async def test_it_fits_a_narrow_window_with_the_longest_words() -> None:
    async with shown(ConnectionPage(), 360, 400) as page:
        page.show_recent(["wss://" + "long." * 40 + "test/"])
        page.show_failure("word " * 60, "w" * 300, "GET /" + "x" * 500)
        minimum, _natural, *_rest = page.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360


async def test_options_are_asked_for_by_their_button() -> None:
    async with shown(ConnectionPage()) as page:
        asked = Heard(page, "options-requested")
        click(page._options_button)
        assert asked
        page.show_connecting("example.test")
        assert not page._options_button.is_sensitive()


async def test_what_is_special_stands_in_a_line_below_options_and_is_seen_to_be_unsafe() -> None:
    async with shown(ConnectionPage(), 360, 400) as page:
        assert not page._options_label.get_mapped()
        page.show_options("2 headers · Bearer <b> & " + "x" * 300)
        assert page._options_label.get_mapped()
        assert page._options_label.get_text().startswith("2 headers · Bearer <b> & x")
        assert not page._options_label.has_css_class("warning")
        minimum, _natural, *_rest = page.measure(Gtk.Orientation.HORIZONTAL, -1)
        assert minimum <= 360
        page.show_options("certificate not checked", is_unsafe=True)
        assert page._options_label.has_css_class("warning")
        page.show_options("")
        assert not page._options_label.get_mapped()


async def test_every_other_address_is_told() -> None:
    async with shown(ConnectionPage()) as page:
        typed = Heard(page, "typed")
        page.show_address("ws://one.test/")
        assert typed


async def test_a_certificate_is_offered_where_it_was_the_reason() -> None:
    async with shown(ConnectionPage()) as page:
        page.show_failure("The certificate is not trusted.", has_certificate=True)
        asked = Heard(page, "certificate-requested")
        click(button(page, "_Show Certificate…"))
        assert asked
        page.show_failure("No computer has this name.")
        assert not page._certificate_button.get_mapped()
