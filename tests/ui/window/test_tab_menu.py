"""What is done with whole tabs: renamed, duplicated, moved, closed, reopened."""

from __future__ import annotations

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.help.shortcuts import SHORTCUTS
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile
from spacebeam.ui.window.window import Window
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application, descendants, serving
from tests.ui.pageobjects.page import menu_items
from tests.ui.pageobjects.window import WindowPage, opened_window, questions


async def rename(window: WindowPage, name: str) -> None:
    """Rename the selected tab in the dialog."""
    window.do("win.rename-tab")
    await eventually(questions)
    (entry,) = descendants(questions()[0], Gtk.Entry)
    entry.set_text(name)
    questions()[0].response("rename")
    await eventually(lambda: not questions() and window.tab.widget.name == name.strip())


async def test_tabs_to_many_ports_of_a_host_are_told_apart() -> None:
    with listener() as one, listener() as other:
        async with opened_window() as window:
            await window.connect(one.url)
            window.add_tab()
            await window.connect(other.url)
            ports = [url.rpartition(":")[2].rstrip("/") for url in (one.url, other.url)]
            assert [name.partition(":")[2] for name in window.names] == ports
            assert all(name.startswith(":") for name in window.names)


async def test_a_renamed_tab_has_its_name_everywhere_and_an_empty_name_is_the_automatic_one() -> (
    None
):
    async with serving() as url, opened_window() as window:
        await window.connect(f"{url}/echo")
        before = window.names
        await rename(window, "  Prices <b> ")
        assert window.names == ["Prices <b>"]
        assert window.title == "Prices <b> — Spacebeam"
        await rename(window, "")
        assert window.names == before


@pytest.mark.parametrize("response", ["cancel", "close"])
async def test_a_name_that_is_not_confirmed_changes_nothing(response: str) -> None:
    async with opened_window() as window:
        window.do("win.rename-tab")
        await eventually(questions)
        (entry,) = descendants(questions()[0], Gtk.Entry)
        entry.set_text("Prices")
        questions()[0].response(response)
        await eventually(lambda: not questions())
        assert window.names == ["New Connection"]


async def test_a_double_click_on_a_tab_renames_it() -> None:
    async with opened_window() as window:
        window.add_tab()
        await eventually(lambda: window.tab_widgets)
        window.double_click(window.tab_widgets[0])
        await eventually(questions)
        questions()[0].response("cancel")
        await eventually(lambda: not questions())


async def test_a_duplicate_connects_with_the_same_address_options_draft_and_filter() -> None:
    with listener() as peer:
        async with opened_window() as window:
            first = await window.connect(peer.url)
            first.composer.type_message("not sent yet")
            first.do("tab.find")
            first.session_page.filter.type_filter("is:text")
            window.do("win.duplicate-tab")
            await eventually(lambda: window.tab != first and window.tab.is_connected)
            second = window.tab
            assert second.composer.typed == "not sent yet"
            assert second.session_page.filter.text == "is:text"
            assert first.state is ConnectionState.OPEN
            assert window.names[1] == f"2 · {window.names[0]}"


async def test_a_duplicate_of_a_closed_connection_does_not_connect() -> None:
    async with serving() as url, opened_window() as window:
        first = await window.connect(f"{url}/echo")
        await first.disconnect()
        window.do("win.duplicate-tab")
        await eventually(lambda: window.tab.connect_page.address == f"{url}/echo")
        assert window.tab.state is ConnectionState.CLOSED


async def test_closed_tabs_are_reopened_newest_first_with_draft_filter_and_entries() -> None:
    async with serving() as url, opened_window() as window:
        for word in ("one", "two"):
            tab = window.add_tab()
            await tab.connect(f"{url}/room/{word}")
            await rename(window, f"The {word}")
            tab.composer.say(word)
            await eventually(lambda: len(window.tab.recording) >= 2)
            tab.composer.type_message(f"draft {word}")
            tab.do("tab.find")
            tab.session_page.filter.type_filter("is:text")
        for _ in range(2):
            window.do("win.close-tab")
        await eventually(lambda: len(window.tabs) == 1)
        for word in ("one", "two"):
            window.do("win.reopen-tab")
            await eventually(lambda: window.tab.is_conversation)
            tab = window.tab
            assert tab.title == f"The {word}"
            assert word in tab.entries
            assert tab.composer.typed == f"draft {word}"
            assert tab.session_page.filter.text == "is:text"
            assert tab.state is ConnectionState.CLOSED
            window.add_tab()
        assert not window.can("win.reopen-tab")


async def test_a_reopened_conversation_reconnects_in_its_tab() -> None:
    async with serving() as url, opened_window() as window:
        window.add_tab()
        await window.connect(f"{url}/echo")
        window.do("win.close-tab")
        window.do("win.reopen-tab")
        await eventually(lambda: window.tab.is_conversation)
        count = len(window.tabs)
        window.header.press("Reconnect")
        await eventually(lambda: window.tab.is_connected)
        assert len(window.tabs) == count


async def test_a_private_tab_is_not_reopened() -> None:
    async with serving() as url, opened_window() as window:
        tab = window.add_tab()
        tab.connect_with(f"{url}/echo", Profile(record=False))
        await eventually(lambda: tab.is_connected)
        window.do("win.close-tab")
        await eventually(lambda: len(window.tabs) == 1)
        assert not window.can("win.reopen-tab")


async def test_a_live_tab_moves_to_a_new_window_and_goes_on_there() -> None:
    async with serving() as url, application() as program:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        tab = window.add_tab()
        await tab.connect(f"{url}/echo")
        tab.composer.say("before")
        await eventually(lambda: tab.entries.count("before") == 2)
        tab.composer.type_message("draft")
        window.do("win.move-tab")
        await eventually(lambda: len(program.get_windows()) == 2)
        every = [one for one in program.get_windows() if isinstance(one, Window)]
        other = WindowPage(next(one for one in every if one is not window.widget))
        await eventually(lambda: other.is_shown and other.tab == tab)
        assert tab.is_connected
        assert tab.composer.typed == "draft"
        assert other.title == f"{tab.title} — Spacebeam"
        tab.composer.say("after")
        await eventually(lambda: tab.entries.count("after") == 2)
        window.close()
        await eventually(lambda: program.get_windows() == [other.widget])
        tab.composer.say("once more")
        await eventually(lambda: tab.entries.count("once more") == 2)
        other.do("win.disconnect")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)


async def test_the_buttons_of_a_moved_tab_can_be_pressed() -> None:
    async with serving() as url, application() as program:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        tab = window.add_tab()
        await tab.connect(f"{url}/echo")
        tab.composer.say('{"a": 1}')
        await eventually(lambda: len(tab.entries) == 3)
        before = enabled(tab.widget)
        assert {"tab.pause", "tab.chat", "tab.rates", "tab.clear"} <= before
        window.do("win.move-tab")
        await eventually(lambda: len(program.get_windows()) == 2)
        await eventually(lambda: tab.widget.get_root() not in (None, window.widget))
        assert enabled(tab.widget) == before


def enabled(inside: Gtk.Widget) -> set[str]:
    """Return the actions of all buttons that can be pressed."""
    every = descendants(inside, Gtk.Button)
    return {name for one in every if one.is_sensitive() and (name := one.get_action_name())}


async def test_a_window_closes_after_its_last_tab_was_moved_away() -> None:
    async with application() as program:
        one, other = WindowPage(program.open_window()), WindowPage(program.open_window())
        await eventually(lambda: one.is_shown and other.is_shown)
        one.tab_view.transfer_page(one.tabs[0], other.tab_view, 0)
        await eventually(lambda: program.get_windows() == [other.widget])
        assert len(other.tabs) == 2


async def test_a_tab_alone_in_its_window_cannot_be_moved_or_the_only_one_left() -> None:
    async with opened_window() as window:
        assert not window.can("win.move-tab")
        assert not window.can("win.close-other-tabs")


async def test_closing_the_others_leaves_the_selected_tab() -> None:
    async with opened_window() as window:
        for _ in range(3):
            window.add_tab()
        stays = window.tab
        window.do("win.close-other-tabs")
        await eventually(lambda: len(window.tabs) == 1)
        assert window.tab == stays


async def test_a_message_in_a_tab_that_is_not_selected_marks_it_until_it_is_looked_at() -> None:
    with listener() as peer:
        async with opened_window() as window:
            quiet = await window.connect(peer.url)
            window.add_tab()
            (page, _other) = window.tabs
            assert not page.get_needs_attention()
            peer.clients[0].send("news")
            await eventually(page.get_needs_attention)
            window.select_tab(quiet)
            assert not page.get_needs_attention()
            peer.clients[0].send("seen")
            await eventually(lambda: "seen" in quiet.entries)
            assert not page.get_needs_attention()


async def test_the_menu_of_a_tab_has_everything_and_the_main_menu_too() -> None:
    async with opened_window() as window:
        model = window.tab_view.get_menu_model()
        assert list(menu_items(model)) == [
            "_Rename…",
            "_Save Connection…",
            "_Duplicate",
            "_Move to New Window",
            "_cURL Command",
            "_Spacebeam Command",
            "_websocat Command",
            "_Python (websockets)",
            "JavaScript for _Node (ws)",
            "JavaScript for a _Browser",
            "_Close",
            "Close _Others",
            "Reopen Closed _Tab",
        ]


def test_what_a_tab_can_has_keys() -> None:
    keys = {action: key for action, key, _title in SHORTCUTS["Windows"]}
    assert keys["win.rename-tab"] == "F2"
    assert Gtk.accelerator_parse(keys["win.reopen-tab"])[1:] == (
        Gdk.KEY_t,
        Gdk.ModifierType.CONTROL_MASK | Gdk.ModifierType.SHIFT_MASK,
    )
