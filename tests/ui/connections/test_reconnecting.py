"""Reconnect goes to what the conversation was, whatever has been typed since."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest

from spacebeam.net.connection import ConnectionState
from tests.support.listener import listener
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, upgrade, wait_for_end
from tests.support.waiting import eventually
from tests.ui.connections.test_variables import (
    choose,
    opened_connection,
    tab_with_environment,
)
from tests.ui.pageobjects.sidebar import saved_of
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import opened_window
from tests.ui.sidebar.conftest import Saved


async def reconnect(tab: TabPage) -> None:
    await eventually(lambda: tab.can("tab.reconnect"))
    tab.do("tab.reconnect")


async def test_a_draft_address_is_not_reconnected_to(library: Saved) -> None:
    with listener() as own, listener() as other:
        library.add_environment("Staging", base=own.url)
        library.add("Feed", "{{base}}feed")
        async with opened_window() as window:
            tab = await opened_connection(window, "Feed")
            choose(window, "Staging")
            tab.connect_page.submit("{{base}}feed")
            await eventually(lambda: tab.is_connected)
            tab.do("tab.address")
            tab.connect_page.type_address(other.url)
            tab.do("tab.return")
            await tab.disconnect()
            await reconnect(tab)
            await eventually(lambda: len(own.clients) == 2)
            assert not other.clients


async def test_an_address_that_was_opened_in_another_tab_is_not_reconnected_to(
    library: Saved,
) -> None:
    with listener() as own, listener() as other:
        library.add("Feed", own.url)
        async with opened_window() as window:
            tab = await opened_connection(window, "Feed")
            tab.connect_page.submit(own.url)
            await eventually(lambda: tab.is_connected)
            tab.do("tab.address")
            tab.connect_page.submit(other.url)
            await eventually(lambda: len(other.clients) == 1)
            assert window.tab.widget is not tab.widget
            assert tab.connect_page.address == own.url
            window.select_tab(tab)
            await tab.disconnect()
            await reconnect(tab)
            await eventually(lambda: len(own.clients) == 2)
            assert len(other.clients) == 1


async def converse(tab: TabPage, typed: str, meanwhile: Callable[[TabPage], None]) -> None:
    """Connect and disconnect, and do something on the first screen."""
    await tab.connect(typed)
    await tab.disconnect()
    tab.do("tab.address")
    meanwhile(tab)
    tab.do("tab.return")


def leave(tab: TabPage) -> None:
    saved_of(tab).press("Enter another address instead")


def refuse(tab: TabPage) -> None:
    tab.connect_page.submit("{{nothing}}")


@pytest.mark.parametrize(
    ("meanwhile", "is_saved"), [(leave, True), (refuse, True), (refuse, False)]
)
async def test_values_of_variables_are_reconnected_with_but_not_remembered(
    library: Saved, meanwhile: Callable[[TabPage], None], is_saved: bool
) -> None:
    with listener() as own:
        library.add_environment("Staging", base=own.url, key="plain-value")
        library.add("Feed", "{{base}}{{key}}")
        async with opened_window() as window:
            tab = await tab_with_environment(window, "Staging", is_saved=is_saved)
            await converse(tab, "{{base}}{{key}}", meanwhile)
            await reconnect(tab)
            await eventually(lambda: len(own.clients) == 2)
            await eventually(lambda: tab.state is ConnectionState.OPEN)
            assert tab.connect_page.recent == {}


@pytest.mark.parametrize("is_saved", [True, False])
async def test_a_duplicate_connects_with_the_values_of_variables(
    library: Saved, is_saved: bool
) -> None:
    with listener() as peer:
        library.add_environment("Staging", base=peer.url)
        library.add("Feed", "{{base}}")
        async with opened_window() as window:
            first = await tab_with_environment(window, "Staging", is_saved=is_saved)
            first.connect_page.submit("{{base}}")
            await eventually(lambda: first.is_connected)
            window.do("win.duplicate-tab")
            await eventually(lambda: len(peer.clients) == 2)
            await eventually(lambda: window.tab.widget is not first.widget)
            await eventually(lambda: window.tab.is_connected)
            assert window.tab.connect_page.address == "{{base}}"


async def test_reconnecting_that_hangs_can_be_cancelled() -> None:
    def script(peer: socket.socket) -> None:
        upgrades.append(peer)
        if len(upgrades) == 1:
            upgrade(peer)
        wait_for_end(peer)

    upgrades: list[socket.socket] = []
    with raw_server(script) as server:
        async with opened_window() as window:
            tab = window.tab
            await tab.connect(f"ws://{LOOPBACK}:{server.port}/")
            await tab.disconnect()
            await reconnect(tab)
            await eventually(lambda: len(upgrades) == 2)
            assert tab.header.offers("Cancel")
            assert not tab.header.offers("Reconnect")
            tab.do("tab.disconnect")
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
            await eventually(lambda: tab.header.offers("Reconnect"))


async def test_a_connection_that_has_just_been_opened_is_closed() -> None:
    with listener() as server:
        async with opened_window() as window:
            tab = window.tab
            tab.connect_page.submit(server.url)
            while tab.state is not ConnectionState.OPEN:
                await asyncio.sleep(0)
            tab.do("tab.disconnect")
            await eventually(lambda: tab.state is ConnectionState.CLOSED)
