"""Saved messages: from the composer or a row into the list, and from there to the server."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.profiles.collection import MessageFormat, SavedMessage
from spacebeam.ui.composer.draft import PayloadFormat
from spacebeam.ui.messages.message_row import MessageRow
from spacebeam.ui.messages.messages_popover import MessagesPopover
from tests.support.batches import received
from tests.support.waiting import eventually
from tests.ui.doing import NO_KEYS, descendants, key, serving
from tests.ui.pageobjects.history import history_of
from tests.ui.pageobjects.page import Page
from tests.ui.pageobjects.sidebar import answer_place, sidebar_of
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, answer, opened_window
from tests.ui.sidebar.conftest import Saved


class MessagesPage(Page[MessagesPopover]):
    """The list over the composer."""

    @property
    def rows(self) -> dict[str, MessageRow]:
        """The rows by their names."""
        return {one.offered.message.name: one for one in descendants(self.widget, MessageRow)}

    def press_key(self, pressed: int, state: Gdk.ModifierType = NO_KEYS) -> bool:
        return key(self.widget, pressed, state)

    def select(self, name: str) -> None:
        self.child("_list_box", Gtk.ListBox).select_row(self.rows[name])

    def choose(self) -> None:
        """Press Enter."""
        self.child("_entry", Gtk.SearchEntry).emit("activate")


async def messages_of(tab: TabPage) -> MessagesPage:
    """Open the list."""
    tab.do("tab.saved-messages")
    page = MessagesPage(next(descendants(tab.widget, MessagesPopover)))
    await eventually(lambda: page.is_shown)
    return page


@contextlib.asynccontextmanager
async def connected(library: Saved, *messages: SavedMessage) -> AsyncIterator[WindowPage]:
    """A window that is connected to an echo server with a saved connection."""
    async with serving() as url, opened_window() as window:
        sidebar = await sidebar_of(window)
        shared = SavedMessage("Shared", "from the folder")
        folder = library.add_folder("Trading", messages=(shared,))
        library.add("Feed", f"{url}/echo", folder, messages=messages)
        await sidebar.shows("Feed")
        sidebar.activate("Feed")
        await eventually(lambda: window.tab.is_connected)
        yield window


def saved(library: Saved) -> list[SavedMessage]:
    """The messages in the connection's file."""
    return list(library.folder.connection("Trading/Feed.yml").messages)


async def test_what_is_typed_is_saved_with_a_name(library: Saved) -> None:
    async with connected(library) as window:
        window.tab.composer.type_message('{"op": "subscribe"}', PayloadFormat.JSON)
        window.tab.do("tab.save-message")
        await answer_place("Subscribe", "This connection")
        await eventually(lambda: saved(library))
        assert saved(library) == [
            SavedMessage("Subscribe", '{"op": "subscribe"}', MessageFormat.JSON)
        ]


async def test_an_entry_is_saved_from_its_row(library: Saved) -> None:
    async with connected(library) as window:
        window.tab.composer.say("hello")
        await eventually(lambda: window.tab.entries.count("hello") == 2)
        await window.tab.timeline.at_rest()
        window.tab.timeline.widget.go_to(len(window.tab.recording) - 1)
        await eventually(lambda: window.tab.can("tab.save-entry"))
        window.tab.do("tab.save-entry")
        await answer_place("Greeting", "Trading")
        await eventually(lambda: len(library.folder.folder("Trading").messages) == 2)
        assert library.folder.folder("Trading").messages[1] == SavedMessage("Greeting", "hello")


@pytest.mark.parametrize("is_by_key", [True, False])
async def test_a_sent_message_is_saved_from_the_history(library: Saved, is_by_key: bool) -> None:
    async with connected(library) as window:
        window.tab.composer.say("hello")
        await eventually(lambda: window.tab.entries.count("hello") == 2)
        window.tab.do("tab.history")
        history = history_of(window.tab.widget)
        await history.shows("hello")
        if is_by_key:
            history.press_key(Gdk.KEY_a, Gdk.ModifierType.ALT_MASK)
        else:
            history.click_save(0)
        await answer_place("Greeting", "Trading")
        await eventually(lambda: len(library.folder.folder("Trading").messages) == 2)
        assert library.folder.folder("Trading").messages[1] == SavedMessage("Greeting", "hello")


async def test_messages_of_the_connection_and_its_folders_are_searched_and_inserted(
    library: Saved,
) -> None:
    one = SavedMessage("Book", '{"op": "getBook"}', MessageFormat.JSON)
    async with connected(library, one) as window:
        page = await messages_of(window.tab)
        assert list(page.rows) == ["Book", "Shared"]
        assert Page(page.rows["Shared"]).says("from Trading")
        page.child("_entry", Gtk.SearchEntry).set_text("getbook")
        await eventually(lambda: list(page.rows) == ["Book"])
        page.choose()
        assert window.tab.composer.typed == '{"op": "getBook"}'
        assert window.tab.composer.widget.form is PayloadFormat.JSON


PACKED = SavedMessage("Packed", '{"a":1}', MessageFormat.JSON, encoding="MessagePack")


async def test_the_format_that_json_is_sent_in_is_saved_and_chosen_again(library: Saved) -> None:
    async with connected(library) as window:
        composer = window.tab.composer
        composer.type_message('{"a":1}', PayloadFormat.JSON)
        composer.widget.encoding.choose("MessagePack")
        window.tab.do("tab.save-message")
        await answer_place("Packed", "This connection")
        await eventually(lambda: saved(library))
        assert saved(library) == [PACKED]
        composer.widget.encoding.choose("")
        page = await messages_of(window.tab)
        assert Page(page.rows["Packed"]).says("MessagePack")
        page.select("Packed")
        page.choose()
        assert composer.widget.encoding.name == "MessagePack"
        page = await messages_of(window.tab)
        page.select("Shared")
        page.choose()
        assert composer.widget.encoding.name == ""


async def test_a_saved_message_is_sent_in_its_format(library: Saved) -> None:
    on_connect = replace(PACKED, name="First", on_connect=True)
    wrong = SavedMessage("Wrong", "{", MessageFormat.JSON, encoding="MessagePack")
    async with connected(library, on_connect, PACKED, wrong) as window:
        payload = b"\x81\xa1a\x01"
        await eventually(lambda: received(window.tab.recording).count(payload) == 1)
        for name in ("Packed", "Wrong"):
            page = await messages_of(window.tab)
            page.select(name)
            assert page.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await eventually(lambda: received(window.tab.recording).count(payload) == 2)
        await eventually(lambda: window.says("“Wrong” cannot be sent as MessagePack"))


async def test_ctrl_enter_sends_and_unknown_variables_ask_first(library: Saved) -> None:
    async with connected(library, SavedMessage("Book", "{{symbol}}")) as window:
        page = await messages_of(window.tab)
        page.select("Book")
        assert page.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await answer("cancel", "{{symbol}}")
        page = await messages_of(window.tab)
        page.select("Shared")
        assert page.press_key(Gdk.KEY_Return, Gdk.ModifierType.CONTROL_MASK)
        await eventually(lambda: window.tab.entries.count("from the folder") == 2)
        assert "{{symbol}}" not in window.tab.entries


async def test_messages_are_put_in_order_renamed_and_deleted_with_undo(library: Saved) -> None:
    async with connected(library, SavedMessage("One", "1"), SavedMessage("Two", "2")) as window:
        page = await messages_of(window.tab)
        page.select("Two")
        assert page.press_key(Gdk.KEY_Up, Gdk.ModifierType.ALT_MASK)
        await eventually(lambda: [one.name for one in saved(library)] == ["Two", "One"])
        page.select("One")
        assert page.press_key(Gdk.KEY_F2)
        entry = next(descendants(page.rows["One"], Gtk.Entry))
        entry.set_text("First")
        entry.emit("activate")
        await eventually(lambda: [one.name for one in saved(library)] == ["Two", "First"])
        page.select("Two")
        assert page.press_key(Gdk.KEY_Delete)
        await eventually(lambda: [one.name for one in saved(library)] == ["First"])
        page.widget.popdown()
        await eventually(lambda: window.tab.session_page.shows_button("Undo"))
        window.tab.session_page.press("Undo")
        await eventually(lambda: [one.name for one in saved(library)] == ["Two", "First"])


async def test_a_key_makes_a_message_one_that_is_sent_on_connect(library: Saved) -> None:
    async with connected(library, SavedMessage("Hi", "hi"), SavedMessage("Login", "l")) as window:
        page = await messages_of(window.tab)
        page.select("Login")
        for expected in (True, False):
            assert page.press_key(Gdk.KEY_c, Gdk.ModifierType.ALT_MASK)
            await eventually(lambda: saved(library)[1].on_connect is expected)  # noqa: B023
        assert not saved(library)[0].on_connect


async def test_a_switch_sends_a_message_on_each_connect(library: Saved) -> None:
    async with connected(library, SavedMessage("Login", "let me in")) as window:
        page = await messages_of(window.tab)
        Page(page.rows["Login"]).child("_on_connect_button", Gtk.ToggleButton).set_active(True)
        await eventually(lambda: saved(library)[0].on_connect)
        await window.tab.disconnect()
        await eventually(lambda: window.tab.can("tab.reconnect"))
        window.tab.do("tab.reconnect")
        await eventually(lambda: window.tab.entries.count("let me in") == 2)
