"""Another program changes files while the window shows them: nothing of either is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from gi.repository import Gtk

from spacebeam.profiles.collection import Variable
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod
from spacebeam.ui.connections.folder_window import FolderWindow
from spacebeam.ui.variables.variable_row import VariableRow
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.connections.test_reconnecting import reconnect
from tests.ui.connections.test_variables import (
    opened_connection,
    tab_with_environment,
)
from tests.ui.doing import descendants
from tests.ui.pageobjects.page import Page, dialog_of
from tests.ui.pageobjects.sidebar import environments_of, resolved_of, saved_of, sidebar_of
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, opened_window
from tests.ui.sidebar.conftest import Saved, headers

HEADER = "  headers:\n    - name: X-Theirs\n      value: '1'\n"


@asynccontextmanager
async def opened(library: Saved) -> AsyncIterator[tuple[WindowPage, TabPage, Path]]:
    """A window with the saved connection “Feed”, and the connection's file."""
    file = library.add("Feed", "ws://a.test/")
    async with opened_window() as window:
        yield window, await opened_connection(window, "Feed"), file


async def test_what_both_changed_is_saved(library: Saved) -> None:
    async with opened(library) as (window, tab, file):
        tab.connect_page.type_address("ws://mine.test/")
        file.write_text(file.read_text() + HEADER)
        saved_of(tab).press("_Save")
        await eventually(lambda: window.says("“Feed” saved"))
        found = library.folder.connection("Feed.yml")
        assert found.address == "ws://mine.test/"
        assert found.profile.request.headers == (("X-Theirs", "1"),)
        await eventually(lambda: not saved_of(tab).place)


async def test_a_filter_that_another_program_saved_stays(library: Saved) -> None:
    with listener() as peer:
        file = library.add("Feed", peer.url)
        async with opened_window() as window:
            tab = await opened_connection(window, "Feed")
            await tab.connect(peer.url)
            theirs = library.folder.connection("Feed.yml")
            library.folder.save("Feed.yml", replace(theirs, filter="is:text"))
            for address in ("ws://first.test/", "ws://second.test/"):
                tab.connect_page.type_address(address)
                window.do("win.save-connection")
                await eventually(lambda: tab.connect_page.address in file.read_text())
                assert library.folder.connection("Feed.yml").filter == "is:text"
            tab.do("tab.find")
            tab.session_page.filter.type_filter("is:ping")
            window.do("win.save-connection")
            await eventually(lambda: "is:ping" in file.read_text())


async def test_an_address_that_another_program_changed_is_shown_beside_own_options(
    library: Saved,
) -> None:
    async with opened(library) as (window, tab, file):
        await tab.set_options(headers(("X-Mine", "1")))
        file.write_text(file.read_text().replace("a.test", "theirs.test"))
        await eventually(lambda: tab.connect_page.address == "ws://theirs.test/")
        assert saved_of(tab).place == "changed"
        saved_of(tab).press("_Save")
        await eventually(lambda: window.says("“Feed” saved"))
        found = library.folder.connection("Feed.yml")
        assert found.address == "ws://theirs.test/"
        assert found.profile.request.headers == (("X-Mine", "1"),)


async def test_what_both_changed_otherwise_is_not_saved_before_it_is_reverted(
    library: Saved,
) -> None:
    async with opened(library) as (window, tab, file):
        tab.connect_page.type_address("ws://mine.test/")
        file.write_text(file.read_text().replace("a.test", "theirs.test"))
        saved_of(tab).press("_Save")
        await eventually(lambda: window.says("Another program changed the file meanwhile"))
        assert "theirs.test" in file.read_text()
        assert tab.connect_page.address == "ws://mine.test/"
        saved_of(tab).press("_Revert")
        await eventually(lambda: tab.connect_page.address == "ws://theirs.test/")
        tab.connect_page.type_address("ws://mine.test/")
        saved_of(tab).press("_Save")
        await eventually(lambda: "mine.test" in file.read_text())


async def test_a_secret_that_was_typed_goes_to_no_server_that_another_program_chose(
    library: Saved,
) -> None:
    async with opened(library) as (window, tab, file):
        await tab.set_options(BEARER)
        file.write_text(file.read_text().replace("a.test", "theirs.test"))
        saved_of(tab).press("_Save")
        await eventually(lambda: window.says("Another program changed the file meanwhile"))
        assert tab.connect_page.address == "ws://a.test/"


BEARER = Profile(sign_in=SignIn(SignInMethod.BEARER, token="s3cret"))


@pytest.mark.parametrize("is_saved", [True, False])
async def test_typed_secrets_go_to_no_server_that_a_changed_variable_leads_to(
    library: Saved, is_saved: bool
) -> None:
    with listener() as own, listener() as other:
        library.add_environment("Live", base=own.url)
        file = library.root / "environments" / "Live.yml"
        library.add("Feed", "{{base}}")
        async with opened_window() as window:
            tab = await tab_with_environment(window, "Live", is_saved=is_saved)
            tab.connect_page.type_address("{{base}}")
            await tab.set_options(BEARER)
            tab.connect_page.submit("{{base}}")
            await eventually(lambda: tab.is_connected)
            file.write_text(file.read_text().replace(own.url, other.url))
            await eventually(lambda: resolved_of(tab).startswith(other.url))
            await tab.disconnect()
            await reconnect(tab)
            await eventually(lambda: tab.connect_page.says("so they are not sent there"))
            assert not other.clients
            await tab.set_options(BEARER)
            tab.connect_page.submit("{{base}}")
            await eventually(lambda: tab.is_connected)
            (client,) = other.clients
            assert client.request is not None
            assert client.request.headers["Authorization"] == "Bearer s3cret"


@pytest.mark.parametrize("is_changed", [True, False])
async def test_a_deleted_connection_says_so_and_is_saved_again(
    library: Saved, is_changed: bool
) -> None:
    async with opened(library) as (_window, tab, file):
        if is_changed:
            tab.connect_page.type_address("ws://mine.test/")
        file.unlink()
        await eventually(lambda: saved_of(tab).place == "deleted")
        saved_of(tab).press("_Save")
        await eventually(file.exists)
        wanted = "ws://mine.test/" if is_changed else "ws://a.test/"
        assert library.folder.connection("Feed.yml").address == wanted
        await eventually(lambda: not saved_of(tab).place)


async def test_a_connection_whose_folder_was_deleted_is_saved_at_the_top(library: Saved) -> None:
    library.add_folder("Trading")
    file = library.add("Feed", "ws://a.test/", "Trading")
    async with opened_window() as window:
        tab = await opened_connection(window, "Feed")
        for one in (file, *file.parent.iterdir()):
            one.unlink(missing_ok=True)
        file.parent.rmdir()
        await eventually(lambda: saved_of(tab).place == "deleted")
        saved_of(tab).press("_Save")
        await eventually(lambda: "Feed.yml" in library.files())


async def test_a_variable_that_another_program_adds_to_an_environment_stays(
    library: Saved,
) -> None:
    library.add_environment("Live", host="a.test", other="1")
    file = library.root / "environments" / "Live.yml"
    async with opened_window() as window:
        page = await environments_of(window)
        file.write_text(file.read_text() + "  - name: theirs\n    value: team\n")
        page.variable_rows[0].child("_value_entry", Gtk.Entry).set_text("mine.test")
        await eventually(lambda: "mine.test" in file.read_text())
        assert "theirs" in file.read_text()
        page.variable_rows[1].child("_value_entry", Gtk.Entry).set_text("2")
        await eventually(lambda: "'2'" in file.read_text() or '"2"' in file.read_text())
        assert "theirs" in file.read_text()
        page.close()


async def test_a_variable_that_both_change_is_not_overwritten(library: Saved) -> None:
    library.add_environment("Live", host="a.test")
    file = library.root / "environments" / "Live.yml"
    async with opened_window() as window:
        page = await environments_of(window)
        file.write_text(file.read_text().replace("a.test", "theirs.test"))
        page.variable_rows[0].child("_value_entry", Gtk.Entry).set_text("mine.test")
        reason = "Not saved. Another program changed the file meanwhile. Nothing was written."
        await eventually(lambda: reason in page.words)
        assert "theirs.test" in file.read_text()
        page.close()
        page.close()


async def test_a_variable_that_another_program_adds_to_a_folder_stays(library: Saved) -> None:
    library.add_folder("Trading", variables=(Variable("a", "1"),), profile=Profile())
    library.add("Feed", "ws://a.test/", "Trading")
    file = library.root / "Trading" / "folder.yml"
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Trading")
        sidebar.choose("Trading", "edit")
        dialog = await dialog_of(window.widget, FolderWindow)
        changed = file.read_text().replace(
            'value: "1"', 'value: "1"\n    - name: theirs\n      value: x'
        )
        file.write_text(changed)
        row = next(iter(descendants(dialog, VariableRow)))
        Page(row).child("_value_entry", Gtk.Entry).set_text("mine")
        dialog.close()
        await eventually(lambda: "mine" in file.read_text())
        assert "theirs" in file.read_text()
