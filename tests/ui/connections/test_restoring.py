"""Saved connections in tabs that come back after a restart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from spacebeam.library.connections.environments import EnvironmentFiles
from spacebeam.net.connection import ConnectionState
from tests.support.listener import listener
from tests.support.processes import LOOPBACK
from tests.support.raw_server import raw_server, wait_for_end
from tests.support.waiting import eventually
from tests.ui.connections.test_reconnecting import converse, leave, reconnect
from tests.ui.connections.test_variables import (
    opened_connection,
    tab_with_environment,
)
from tests.ui.doing import application
from tests.ui.pageobjects.sidebar import saved_of, sidebar_of
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import opened_window
from tests.ui.sidebar.conftest import Saved
from tests.ui.window.test_held_tabs import held, read_state, tab_state, write_state
from tests.ui.window.test_restoring import shows_conversation, started, state_file


@pytest.mark.parametrize("is_changed", [False, True])
async def test_a_connection_that_was_changed_outside_is_shown_as_its_file_has_it(
    library: Saved, is_changed: bool
) -> None:
    file = library.add("Feed", "wss://a.test/")
    async with application() as program:
        (window,) = await started(program)
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.click("Feed")
        if is_changed:
            window.tab.connect_page.type_address("wss://mine.test/")
    file.write_text(file.read_text().replace("a.test", "b.test"))
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: saved_of(window.tab).name == "Feed")
        wanted = "wss://mine.test/" if is_changed else "wss://b.test/"
        assert window.tab.connect_page.address == wanted
        assert ("changed" in saved_of(window.tab).place) is is_changed


async def test_a_saved_connection_that_a_held_tab_shows_is_opened_there(
    library: Saved, tmp_path: Path
) -> None:
    library.add("Feed", "wss://a.test/")
    async with application() as program:
        (window,) = await started(program)
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.click("Feed")
        await eventually(lambda: saved_of(window.tab).name == "Feed")
    (saved,) = read_state()
    write_state(tab_state(tmp_path, "one"), saved)
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.is_conversation)
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        assert held(window) == [False, True]
        sidebar.click("Feed")
        await eventually(lambda: saved_of(window.tab).name == "Feed")
        assert len(window.tabs) == 2


def stay(tab: TabPage) -> None:
    """Do nothing meanwhile."""


@pytest.mark.parametrize(("meanwhile", "is_saved"), [(leave, True), (stay, True), (stay, False)])
async def test_variables_are_restored_and_not_their_values(
    library: Saved, meanwhile: Callable[[TabPage], None], is_saved: bool
) -> None:
    with listener() as before, listener() as now:
        library.add_environment("Staging", base=before.url, key="plain-value")
        library.add("Feed", "{{base}}a/{{key}}")
        async with application() as program:
            (window,) = await started(program)
            tab = await tab_with_environment(window, "Staging", is_saved=is_saved)
            await converse(tab, "{{base}}a/{{key}}", meanwhile)
        for _start in range(2):
            text = state_file().read_text()
            assert "{{base}}a/{{key}}" in text
            assert "plain-value" not in text
            assert before.url not in text
            async with application() as program:
                (window,) = await started(program)
                tips = [one.get_tooltip() for one in window.tabs]
                await shows_conversation(window)
                tips += [one.get_tooltip() for one in window.tabs]
                assert not any("%7B" in (tip or "") for tip in tips)
        EnvironmentFiles(library.root).delete("Staging")
        library.add_environment("Staging", base=now.url, key="plain-value")
        async with application() as program:
            (window,) = await started(program)
            tab = await shows_conversation(window)
            await reconnect(tab)
            await eventually(lambda: len(now.clients) == 1)
            await eventually(lambda: tab.is_connected)
            assert len(before.clients) == 1
            assert tab.connect_page.recent == {}


async def test_values_of_variables_are_not_in_the_state_of_an_attempt(library: Saved) -> None:
    with raw_server(wait_for_end) as server:
        base = f"ws://{LOOPBACK}:{server.port}/"
        library.add_environment("Staging", base=base, key="plain-value")
        library.add("Feed", "{{base}}{{key}}")
        async with opened_window() as window:
            tab = await tab_with_environment(window, "Staging", is_saved=False)
            tab.connect_page.submit("{{base}}{{key}}")
            await eventually(lambda: tab.widget.state is ConnectionState.CONNECTING)
            assert tab.widget.memory.state.address == "{{base}}{{key}}"


async def test_a_draft_address_of_a_restored_tab_is_not_reconnected_to(library: Saved) -> None:
    with listener() as own, listener() as other:
        library.add("Feed", own.url)
        async with application() as program:
            (window,) = await started(program)
            tab = await opened_connection(window, "Feed")
            tab.connect_page.submit(own.url)
            await eventually(lambda: tab.is_connected)
        async with application() as program:
            (window,) = await started(program)
            tab = await shows_conversation(window)
            tab.do("tab.address")
            tab.connect_page.type_address(other.url)
            tab.do("tab.return")
        async with application() as program:
            (window,) = await started(program)
            await reconnect(await shows_conversation(window))
            await eventually(lambda: len(own.clients) == 2)
            assert not other.clients
