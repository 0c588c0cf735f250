"""A connection is saved, changed, reverted, and comes back."""

from __future__ import annotations

import pytest
from gi.repository import Gdk, Gtk

from spacebeam.profiles.profile import Profile, with_values
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import descendants, key, words
from tests.ui.pageobjects.sidebar import answer_place, saved_of, sidebar_of
from tests.ui.pageobjects.window import opened_window
from tests.ui.sidebar.conftest import Saved, headers


async def test_a_typed_connection_is_saved_with_its_options(library: Saved) -> None:
    library.add_folder("Trading")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Trading")
        tab = window.tab
        tab.connect_page.type_address("wss://a.test/feed")
        await tab.set_options(headers(("X-Client", "desk-7")))
        window.do("win.save-as")  # Ctrl+S
        await answer_place("BTC feed", "Trading")
        await eventually(lambda: "Trading/BTC feed.yml" in library.files())
        found = library.folder.connection("Trading/BTC feed.yml")
        assert (found.name, found.address) == ("BTC feed", "wss://a.test/feed")
        assert found.profile.request.headers == (("X-Client", "desk-7"),)
        assert saved_of(tab).name == "BTC feed"
        assert window.names == ["BTC feed"]
        sidebar = await sidebar_of(window)
        await sidebar.shows("BTC feed")


async def test_a_slash_in_a_name_is_between_folders_as_in_the_terminal(library: Saved) -> None:
    library.add_folder("Trading")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Trading")
        window.tab.connect_page.type_address("wss://a.test/feed")
        window.do("win.save-as")
        await answer_place("Trading / Europe/BTC")
        await eventually(lambda: "Trading/Europe/BTC.yml" in library.files())
        assert library.folder.connection("Trading/Europe/BTC.yml").name == "BTC"
        assert window.names == ["BTC"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("wss://a.test/feed/btc?x=1", "a.test feed btc"),
        ("ws://ada:pw@a.test/token/s3cr3tT0kenAbCdEf12/feed", "a.test token feed"),
        ("ada:p?w@a.test/feed", "a.test feed"),
    ],
)
async def test_the_proposed_name_makes_no_folder_and_has_no_secret(
    library: Saved, address: str, name: str
) -> None:
    async with opened_window() as window:
        window.tab.connect_page.type_address(address)
        window.do("win.save-as")
        await answer_place(None)
        await eventually(lambda: f"{name}.yml" in library.files())


async def test_the_first_saved_connection_opens_the_sidebar(library: Saved) -> None:
    async with opened_window() as window:
        window.tab.connect_page.type_address("wss://a.test/feed")
        window.do("win.save-connection")
        await answer_place("BTC feed", new_folder="Trading")
        await eventually(lambda: window.is_on("win.sidebar"))
        sidebar = await sidebar_of(window)
        await sidebar.shows("Trading", "BTC feed")


async def test_changes_are_shown_saved_and_reverted(library: Saved) -> None:
    file = library.add("Feed", "wss://a.test/feed")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.click("Feed")
        tab, saved = window.tab, saved_of(window.tab)
        assert not saved.shows_button("_Save")
        tab.connect_page.type_address("wss://b.test/feed")
        assert "changed" in saved.place
        saved.press("_Revert")
        assert tab.connect_page.address == "wss://a.test/feed"
        await tab.set_options(with_values(Profile(), {"request.compression": False}))
        assert "changed" in saved.place
        assert "b.test" not in file.read_text()
        saved.press("_Save")
        assert "changed" not in saved.place
        assert not library.folder.connection("Feed.yml").profile.request.compression


async def test_a_saved_connection_is_left_for_another_address(library: Saved) -> None:
    library.add("Feed", "wss://a.test/feed")
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Feed")
        sidebar.click("Feed")
        saved_of(window.tab).press("Enter another address instead")
        assert window.tab.connect_page.address == ""
        assert saved_of(window.tab).name == ""
        window.tab.connect_page.type_address("wss://b.test/")
        assert library.folder.connection("Feed.yml").address == "wss://a.test/feed"


async def test_it_inherits_the_headers_of_its_folder(library: Saved) -> None:
    with listener() as server:
        trading = library.add_folder("Trading", profile=headers(("X-Client", "desk-7")))
        library.add("Feed", server.url, trading)
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            sidebar.click("Feed")
            assert "from Trading" in window.tab.connect_page.options_summary.get_text()
            sidebar.activate("Feed")
            await eventually(lambda: window.tab.is_connected)
            request = server.clients[0].request
            assert request is not None
            assert request.headers["X-Client"] == "desk-7"
            assert not saved_of(window.tab).place.endswith("changed")


async def test_a_saved_connection_is_not_among_the_recent_ones(library: Saved) -> None:
    with listener() as server:
        library.add("Feed", server.url)
        async with opened_window() as window:
            sidebar = await sidebar_of(window)
            await sidebar.shows("Feed")
            sidebar.activate("Feed")
            await eventually(lambda: window.tab.is_connected)
            assert window.tab.connect_page.recent == {}


async def test_the_address_completes_from_saved_and_recent_connections(library: Saved) -> None:
    library.add("BTC feed", "wss://a.test/feed", library.add_folder("Trading"))
    async with opened_window() as window:
        await sidebar_of(window)
        await eventually(lambda: window.widget.sidebar.has_loaded)
        entry = window.tab.connect_page.entry
        entry.grab_focus()
        entry.set_text("btc")
        popover = await _popover(entry)
        assert any("BTC feed" in one for one in _words(popover))
        assert key(entry, Gdk.KEY_Down)
        assert key(entry, Gdk.KEY_Tab)
        assert window.tab.connect_page.address == "wss://a.test/feed"
        assert saved_of(window.tab).name == "BTC feed"


async def _popover(entry: Gtk.Entry) -> Gtk.Popover:
    def shown() -> list[Gtk.Popover]:
        return [one for one in descendants(entry, Gtk.Popover) if one.get_mapped()]

    await eventually(shown)
    return shown()[0]


def _words(popover: Gtk.Popover) -> list[str]:
    return words(popover)


async def test_the_secrets_of_an_address_are_known_after_it_is_saved(library: Saved) -> None:
    with listener() as server:
        address = server.url.replace("://", "://ada:pw@") + "feed?token=t0ken-1"
        async with opened_window() as window:
            tab = window.tab
            tab.connect_page.type_address(address)
            window.do("win.save-as")
            await answer_place("Feed")
            await eventually(lambda: "Feed.yml" in library.files())
            file = library.folder.root / "Feed.yml"
            assert "t0ken-1" not in file.read_text()
            assert tab.connect_page.address == address
            assert "changed" not in saved_of(tab).place
            file.write_text(file.read_text().replace("Feed", "The feed"))
            await eventually(lambda: window.names == ["The feed"])
            assert tab.connect_page.address == address
            tab.connect_page.submit(address)
            await eventually(lambda: tab.is_connected)
            request = server.clients[0].request
            assert request is not None
            assert request.path == "/feed?token=t0ken-1"
