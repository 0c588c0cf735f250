"""Saved connections in tabs that come back after a restart."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.waiting import eventually
from tests.ui.doing import application
from tests.ui.pageobjects.sidebar import saved_of, sidebar_of
from tests.ui.sidebar.conftest import Saved
from tests.ui.window.test_held_tabs import held, read_state, tab_state, write_state
from tests.ui.window.test_restoring import started


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
