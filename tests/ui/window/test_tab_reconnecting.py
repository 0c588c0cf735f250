"""A tab whose server dies: what the person sees, and what brings the connection back or not."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator

from gi.repository import Gio, Gtk

from spacebeam.net.backoff import Backoff, ReconnectStage
from spacebeam.net.connection import ConnectionState
from spacebeam.server.local_chat import LocalChat
from spacebeam.ui.window.tab import Tab
from tests.session.test_reconnecting import PATIENT, SLOW
from tests.support.mortal import Mortal, mortal
from tests.support.waiting import eventually, settled
from tests.ui.doing import button, click, shown_tab, words


@contextlib.asynccontextmanager
async def connected_tab(server: Mortal, backoff: Backoff | None) -> AsyncIterator[Tab]:
    async with shown_tab() as tab:
        tab._session.backoff = backoff
        tab._connection_page._address_entry.set_text(server.url)
        tab._connection_page._address_entry.emit("activate")
        await eventually(lambda: tab.is_conversation and server.clients)
        yield tab


@contextlib.asynccontextmanager
async def waiting_tab(server: Mortal, backoff: Backoff = SLOW) -> AsyncIterator[Tab]:
    """A tab that has lost its connection and waits for a long time."""
    async with connected_tab(server, backoff) as tab:
        server.drop()
        await eventually(lambda: stage(tab) is ReconnectStage.WAITING)
        await eventually(tab._conversation_page._reconnect_bar.get_mapped)
        yield tab


def stage(tab: Tab) -> ReconnectStage | None:
    progress = tab._session.progress
    return progress.stage if progress else None


def is_on(tab: Tab) -> bool:
    state = tab._actions.get_action_state("auto-reconnect")
    assert state is not None
    return state.get_boolean()


def focus(tab: Tab) -> Gtk.Widget | None:
    window = tab.get_root()
    return window.get_focus() if isinstance(window, Gtk.Window) else None


async def stays_closed(tab: Tab, server: Mortal) -> None:
    await eventually(lambda: not tab._conversation_page._reconnect_bar.get_visible())
    before = len(server.clients)
    await settled(lambda: len(server.clients))
    assert len(server.clients) == before
    assert tab.state is ConnectionState.CLOSED


async def test_the_countdown_is_shown_with_what_was_lost() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            assert any("Connection lost" in seen for seen in words(tab))
            countdown = re.compile(r"Reconnecting in \d+ s \(attempt 1 of 3\)")
            assert any(countdown.fullmatch(seen) for seen in words(tab))
            assert not tab._conversation_page._reconnect_button.get_visible()


async def test_connect_now_does_not_wait() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            click(button(tab, "Connect Now"))
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            assert len(server.clients) == 2
            assert not tab._conversation_page._reconnect_bar.get_visible()
            assert "Connected" in words(tab)


async def test_the_key_of_connecting_again_does_not_wait_either() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            tab.activate_action("tab.reconnect", None)
            await eventually(lambda: tab.state is ConnectionState.OPEN)


async def test_stop_leaves_it_lost_and_the_cursor_where_it_is_of_use() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            stop = button(tab, "Stop")
            stop.grab_focus()
            click(stop)
            await stays_closed(tab, server)
            assert any("Connection lost" in seen for seen in words(tab))
            assert button(tab, "Reconnect").is_sensitive()
            assert focus(tab) is tab._conversation_page.composer._text_view
            assert not tab._actions.get_action_enabled("stop-reconnecting")


async def test_the_key_of_disconnecting_stops_it_too() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            assert tab._actions.get_action_enabled("disconnect")
            tab.activate_action("tab.disconnect", None)
            await stays_closed(tab, server)


async def test_an_attempt_that_fails_leaves_the_person_where_they_are() -> None:
    with mortal() as server:
        async with connected_tab(server, PATIENT) as tab:
            server.die()
            await eventually(lambda: any("no server is listening" in seen for seen in words(tab)))
            assert tab.is_conversation
            assert not tab._connection_page._failure_box.get_visible()
            server.rise()
            await eventually(lambda: tab.state is ConnectionState.OPEN)


async def test_giving_up_is_told_and_connecting_again_is_offered() -> None:
    with mortal() as server:
        quick = Backoff(attempts=2, first=0.01, longest=0.02)
        async with connected_tab(server, quick) as tab:
            server.die()
            await eventually(
                lambda: any("Gave up reconnecting after 2 attempts." in one for one in words(tab))
            )
            assert button(tab, "Reconnect").is_sensitive()


async def test_going_back_to_the_addresses_stops_it() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            tab.activate_action("tab.address", None)
            assert not tab.is_conversation
            await stays_closed(tab, server)


async def test_what_is_lost_while_an_address_is_typed_stays_lost() -> None:
    with mortal() as server:
        async with connected_tab(server, PATIENT) as tab:
            tab.activate_action("tab.address", None)
            server.drop()
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await stays_closed(tab, server)


async def test_closing_the_tab_stops_it() -> None:
    with mortal() as server:
        async with waiting_tab(server) as tab:
            bar = tab._conversation_page._reconnect_bar
        assert not bar._timer
        assert tab._session.progress is None


async def test_it_is_switched_on_and_off_by_the_person() -> None:
    with mortal() as server:
        async with connected_tab(server, None) as tab:
            assert not is_on(tab)
            tab.activate_action("tab.auto-reconnect", None)
            assert is_on(tab)
            assert tab._session.backoff == Backoff()
            server.drop()
            await eventually(lambda: tab._session.progress)
            tab.activate_action("tab.auto-reconnect", None)
            assert not is_on(tab)
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await stays_closed(tab, server)


async def test_a_policy_that_comes_from_elsewhere_is_seen_at_the_switch() -> None:
    with mortal() as server:
        async with connected_tab(server, None) as tab:
            tab._session.backoff = Backoff(attempts=2)
            assert is_on(tab)


async def test_the_switch_is_in_the_menu_with_the_name_of_what_it_does() -> None:
    with mortal() as server:
        async with connected_tab(server, None) as tab:
            menu = tab._conversation_page._menu_button.get_menu_model()
            assert menu is not None
            assert ("_Reconnect Automatically", "tab.auto-reconnect") in list(items(menu))


def items(menu: Gio.MenuModel) -> list[tuple[str, str]]:
    """The labels and actions of a menu and its sections."""
    found: list[tuple[str, str]] = []
    for place in range(menu.get_n_items()):
        section = menu.get_item_link(place, Gio.MENU_LINK_SECTION)
        if section is not None:
            found += items(section)
            continue
        label = menu.get_item_attribute_value(place, "label", None)
        action = menu.get_item_attribute_value(place, "action", None)
        assert label is not None
        assert action is not None
        found.append((label.get_string(), action.get_string()))
    return found


async def test_a_chat_whose_host_has_gone_comes_back_by_itself(local_chat: LocalChat) -> None:
    other = LocalChat(local_chat._port)
    other.address()
    async with shown_tab(local_chat) as tab:
        tab._session.backoff = PATIENT
        click(tab._connection_page._chat_button)
        await eventually(lambda: tab.is_conversation)
        await other.stop()
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: tab.state is ConnectionState.OPEN)
