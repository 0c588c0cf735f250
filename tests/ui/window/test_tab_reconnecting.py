"""Automatic reconnecting in a tab: what a person sees of it, and what stops it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Callable

import pytest

from spacebeam.net.backoff import Backoff, ReconnectStage
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.endpoint import parse
from spacebeam.server.local_chat import LocalChat
from tests.session.test_reconnecting import PATIENT, SLOW
from tests.support.restartable_server import RestartableServer, restartable_server
from tests.support.waiting import eventually, settled
from tests.ui.pageobjects.tab import TabPage, opened_tab


@contextlib.asynccontextmanager
async def connected_tab(
    server: RestartableServer, backoff: Backoff | None
) -> AsyncIterator[TabPage]:
    async with opened_tab() as tab:
        tab.session.backoff = backoff
        tab.connect_page.submit(server.url)
        await eventually(lambda: tab.is_conversation and server.clients)
        yield tab


@contextlib.asynccontextmanager
async def waiting_tab(server: RestartableServer, backoff: Backoff = SLOW) -> AsyncIterator[TabPage]:
    """A tab that has lost its connection and waits for a long time."""
    async with connected_tab(server, backoff) as tab:
        server.disconnect_clients()
        await eventually(lambda: stage(tab) is ReconnectStage.WAITING)
        await eventually(lambda: tab.session_page.reconnect_notice.is_shown)
        yield tab


def stage(tab: TabPage) -> ReconnectStage | None:
    progress = tab.session.progress
    return progress.stage if progress else None


def is_on(tab: TabPage) -> bool:
    return tab.is_on("tab.auto-reconnect")


async def stays_closed(tab: TabPage, server: RestartableServer) -> None:
    await eventually(lambda: not tab.session_page.reconnect_notice.is_visible)
    before = len(server.clients)
    await settled(lambda: len(server.clients))
    assert len(server.clients) == before
    assert tab.state is ConnectionState.CLOSED


async def test_the_countdown_is_shown_with_the_close_reason() -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            assert tab.header.says("Connection lost")
            countdown = re.compile(r"Reconnecting in \d+ s \(attempt 1 of 3\)")
            assert any(countdown.fullmatch(seen) for seen in tab.words)
            assert not tab.header.offers("Reconnect")


@pytest.mark.parametrize(
    "reconnect", [lambda tab: tab.press("Connect Now"), lambda tab: tab.do("tab.reconnect")]
)
async def test_the_button_and_the_action_reconnect_without_waiting(
    reconnect: Callable[[TabPage], object],
) -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            reconnect(tab)
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            await eventually(lambda: len(server.clients) == 2)  # its thread counts them
            assert not tab.session_page.reconnect_notice.is_visible
            assert "Connected" in tab.header.words


async def test_stop_stays_disconnected_and_focuses_the_composer() -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            tab.button("Stop").grab_focus()
            tab.press("Stop")
            await stays_closed(tab, server)
            assert tab.header.says("Connection lost")
            assert tab.header.offers("Reconnect")
            assert tab.composer.has_focus
            assert not tab.can("tab.stop-reconnecting")


async def test_the_disconnect_action_stops_reconnecting() -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            assert tab.can("tab.disconnect")
            tab.do("tab.disconnect")
            await stays_closed(tab, server)


async def test_a_failed_attempt_does_not_leave_the_conversation() -> None:
    with restartable_server() as server:
        async with connected_tab(server, PATIENT) as tab:
            server.stop()
            await eventually(lambda: tab.says("no server is listening"))
            assert tab.is_conversation
            assert not tab.connect_page.has_failure
            server.start()
            await eventually(lambda: tab.state is ConnectionState.OPEN)


async def test_after_the_last_attempt_reconnect_is_offered() -> None:
    with restartable_server() as server:
        quick = Backoff(attempts=2, first=0.01, longest=0.02)
        async with connected_tab(server, quick) as tab:
            server.stop()
            await eventually(lambda: tab.says("Gave up reconnecting after 2 attempts."))
            assert tab.header.offers("Reconnect")


async def test_the_first_screen_shows_that_reconnecting_continues() -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            tab.do("tab.address")
            assert not tab.is_conversation
            assert tab.return_words == f"Reconnecting to {tab.title}"
            tab.do("tab.return")
            assert tab.is_conversation
            assert stage(tab) is ReconnectStage.WAITING
            assert tab.session_page.reconnect_notice.is_shown


async def test_a_connection_lost_while_an_address_is_typed_is_reconnected() -> None:
    with restartable_server() as server:
        async with connected_tab(server, PATIENT) as tab:
            tab.do("tab.address")
            server.disconnect_clients()
            await eventually(lambda: len(server.clients) == 2)
            await eventually(lambda: tab.return_words == f"Connected to {tab.title}")
            assert not tab.is_conversation


async def test_closing_the_tab_stops_reconnecting() -> None:
    with restartable_server() as server:
        async with waiting_tab(server) as tab:
            notice = tab.session_page.reconnect_notice
        assert not notice.is_counting
        assert tab.session.progress is None


async def test_automatic_reconnecting_can_be_switched_on_and_off() -> None:
    with restartable_server() as server:
        async with connected_tab(server, None) as tab:
            assert not is_on(tab)
            tab.do("tab.auto-reconnect")
            assert is_on(tab)
            assert tab.session.backoff == Backoff()
            server.disconnect_clients()
            await eventually(lambda: tab.session.progress)
            tab.do("tab.auto-reconnect")
            assert not is_on(tab)
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await stays_closed(tab, server)


async def test_the_switch_shows_a_backoff_set_by_the_session() -> None:
    with restartable_server() as server:
        async with connected_tab(server, None) as tab:
            tab.session.backoff = Backoff(attempts=2)
            assert is_on(tab)


async def test_the_menu_has_the_switch() -> None:
    with restartable_server() as server:
        async with connected_tab(server, None) as tab:
            items = tab.session_page.menu_items
            assert items["_Reconnect Automatically"] == "tab.auto-reconnect"


async def test_the_chat_room_is_served_again_if_its_host_is_gone(local_chat: LocalChat) -> None:
    other = LocalChat(parse(local_chat.url).port)
    other.address()
    async with opened_tab(local_chat) as tab:
        tab.session.backoff = PATIENT
        tab.connect_page.press_chat()
        await eventually(lambda: tab.is_conversation)
        await other.stop()
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: tab.state is ConnectionState.OPEN)
