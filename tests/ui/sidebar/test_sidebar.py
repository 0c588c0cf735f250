"""The sidebar: what it shows, and what a person does there."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from gi.repository import Gdk, Gtk

from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.settings import Settings, load, save
from spacebeam.library.sidebar_settings import SidebarSettings
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.collection import SavedConnection, Variable
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import write_recording
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import resize
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.recordings import shown_recordings
from tests.ui.pageobjects.sidebar import SidebarPage, answer_place, saved_of, sidebar_of
from tests.ui.pageobjects.window import WindowPage, opened_window
from tests.ui.sidebar.conftest import Saved


async def filled(window: WindowPage) -> SidebarPage:
    """Show the sidebar with the library of `library`."""
    sidebar = await sidebar_of(window)
    await sidebar.shows("Trading")
    return sidebar


async def test_the_sidebar_is_hidden_until_it_is_wanted_and_comes_back(
    settings_path: Path,
) -> None:
    async with opened_window() as window:
        assert not window.is_on("win.sidebar")
        await sidebar_of(window)
        assert load(settings_path).sidebar.is_shown
    async with opened_window() as window:
        assert window.is_on("win.sidebar")
        window.do("win.sidebar")
        assert not load(settings_path).sidebar.is_shown


async def test_the_sidebar_is_a_sheet_in_a_narrow_window(settings_path: Path) -> None:
    save(Settings(window_width=500), settings_path)
    async with opened_window() as window:
        await eventually(lambda: window.widget.sidebar.is_sheet)
        sidebar = await sidebar_of(window)
        assert window.widget.get_width() <= 500
        assert sidebar.has_focus
        assert not load(settings_path).sidebar.is_shown  # that is for wide windows
        await resize(window.widget, 900, 700, lambda: not window.widget.sidebar.is_sheet)
        assert not window.is_on("win.sidebar")


async def test_folders_and_connections_are_shown_in_their_order(library: Saved) -> None:
    trading = library.add_folder("Trading")
    library.add("BTC feed", "wss://a.test/btc", trading, is_favorite=True)
    library.add("echo", "wss://echo.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        assert sidebar.names == ["Trading", "BTC feed", "echo"]
        sidebar.click("Trading")
        await eventually(lambda: sidebar.names == ["Trading", "echo"])
        sidebar.click("Trading")
        await eventually(lambda: sidebar.names == ["Trading", "BTC feed", "echo"])


async def test_collapsed_folders_stay_collapsed_after_a_restart(library: Saved) -> None:
    library.add("BTC feed", "wss://a.test/btc", library.add_folder("Trading"))
    for _start in range(2):
        async with opened_window() as window:
            sidebar = await filled(window)
            if "BTC feed" in sidebar.names:
                sidebar.click("Trading")
            await eventually(lambda: sidebar.names == ["Trading"])  # noqa: B023


async def test_words_of_name_address_and_folder_are_searched(library: Saved) -> None:
    trading = library.add_folder("Trading")
    library.add("BTC feed", "wss://a.test/btc", trading)
    library.add("Orders", "wss://b.test/orders", trading)
    library.add("Café", "wss://echo.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        for typed, found in {
            "btc": ["BTC feed"],
            "trading ord": ["Orders"],
            "b.test": ["Orders"],
            "cafe": ["Café"],
            "none such": [],
        }.items():
            sidebar.type(typed)
            await eventually(lambda: sidebar.names == found)  # noqa: B023
        assert sidebar.status == "No connection has these words."


async def test_enter_in_the_search_connects_to_the_first_match(library: Saved) -> None:
    with listener() as server:
        library.add_folder("Trading")
        library.add("Other", "wss://echo.test/")
        library.add("Feed", server.url)
        async with opened_window() as window:
            sidebar = await filled(window)
            sidebar.type("fee")
            await eventually(lambda: sidebar.names == ["Feed"])
            sidebar.child("_search_entry", Gtk.SearchEntry).emit("activate")
            await eventually(lambda: window.tab.is_connected)
            assert window.tab.title == "Feed"
            assert sidebar.icon_of("Feed") == "media-record-symbolic"


async def test_a_click_fills_in_the_first_screen_and_keeps_the_focus(library: Saved) -> None:
    library.add("BTC feed", "wss://a.test/btc", library.add_folder("Trading"))
    async with opened_window() as window:
        sidebar = await filled(window)
        sidebar.click("BTC feed")
        assert window.tab.connect_page.address == "wss://a.test/btc"
        assert saved_of(window.tab).name == "BTC feed"
        assert saved_of(window.tab).place == "in Trading"
        assert window.names == ["BTC feed"]
        assert has_focus(sidebar.widget)


async def test_a_live_connection_is_never_replaced(library: Saved) -> None:
    with listener() as first, listener() as second:
        library.add_folder("Trading")
        library.add("First", first.url)
        library.add("Second", second.url)
        async with opened_window() as window:
            sidebar = await filled(window)
            sidebar.activate("First")
            await eventually(lambda: window.tab.is_connected)
            live = window.tab
            sidebar.click("Second")
            assert len(window.tabs) == 2
            assert live.state is ConnectionState.OPEN
            sidebar.activate("Second")
            await eventually(lambda: window.tab.is_connected)
            assert len(window.tabs) == 2
            sidebar.activate("First")  # its tab is selected
            assert window.tab == live
            assert first.close_codes == second.close_codes == []
            sidebar.choose("First", "connect-in-tab")
            await eventually(lambda: len(window.tabs) == 3 and window.tab.is_connected)


async def test_rename_duplicate_favorite_and_delete_with_undo(library: Saved) -> None:
    library.add_folder("Trading")
    library.add("One", "wss://a.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        sidebar.click("One")
        await sidebar.rename("One", "Other")
        await sidebar.shows("Other")
        assert window.names == ["Other"]
        sidebar.choose("Other", "favorite")
        await eventually(lambda: library.folder.connection("Other.yml").is_favorite)
        sidebar.choose("Other", "duplicate")
        await sidebar.shows("Other copy")
        assert {"Other copy.yml", "Other.yml"} < set(library.files())
        sidebar.choose("Other", "delete")
        await eventually(lambda: "Other" not in sidebar.names)
        assert "Other.yml" not in library.files()
        sidebar.widget.activate_action("sidebar.undo", None)
        await sidebar.shows("Other")
        assert "Other.yml" in library.files()


async def test_f2_renames_the_row_that_has_the_focus_and_else_the_tab(library: Saved) -> None:
    library.add_folder("Trading")
    library.add("One", "wss://a.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        sidebar.click("One")
        window.do("win.rename-tab")
        (entry,) = _entries(sidebar)  # at once: the next key is of the name
        assert entry.get_focus_child() is not None


def _entries(sidebar: SidebarPage) -> list[Gtk.Widget]:
    from tests.ui.doing import descendants

    return list(descendants(sidebar.list_view, Gtk.Entry))


async def test_connections_are_moved_by_keys_and_by_a_dialog(library: Saved) -> None:
    library.add_folder("Trading")
    for name in ("One", "Two", "Three"):
        library.add(name, "wss://a.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        sidebar.choose("Three", "up")
        await eventually(lambda: sidebar.names == ["Trading", "One", "Three", "Two"])
        sidebar.choose("One", "down")
        await eventually(lambda: sidebar.names == ["Trading", "Three", "One", "Two"])
        sidebar.choose("Two", "move")
        await answer_place(None, "Trading")
        await eventually(lambda: sidebar.names == ["Trading", "Two", "Three", "One"])
        assert "Trading/Two.yml" in library.files()


async def test_a_broken_file_is_shown_with_its_problem_and_left_alone(library: Saved) -> None:
    library.add_folder("Trading")
    file = library.add("Home", "wss://a.test/")
    file.write_text("info:\n  name: [Home\n")
    async with opened_window() as window:
        sidebar = await filled(window)
        await sidebar.shows("Home.yml")
        await eventually(lambda: "Line 3" in sidebar.hint_of("Home.yml"))
        sidebar.click("Home.yml")
        assert window.tab.connect_page.has_failure
        assert window.tab.connect_page.says("Line 3, column 1")
        assert file.read_text() == "info:\n  name: [Home\n"


async def test_a_file_changed_from_outside_appears(library: Saved) -> None:
    library.add_folder("Trading")
    library.add("One", "wss://a.test/")
    async with opened_window() as window:
        sidebar = await filled(window)
        sidebar.click("One")
        library.add("Two", "wss://b.test/")
        await sidebar.shows("One", "Two")
        text = (library.root / "One.yml").read_text()
        (library.root / "One.yml").write_text(text.replace("wss://a.test/", "wss://c.test/"))
        await eventually(lambda: window.tab.connect_page.address == "wss://c.test/")
        (library.root / "Two.yml").unlink()
        await eventually(lambda: "Two" not in sidebar.names)


async def test_a_folder_that_was_deleted_and_made_again_is_watched(library: Saved) -> None:
    file = library.add("One", "wss://a.test/", library.add_folder("Trading"))
    library.add("Two", "wss://b.test/")
    text = file.read_text()
    async with opened_window() as window:
        sidebar = await filled(window)
        for name in ("Three", "Four"):
            shutil.rmtree(file.parent)
            await eventually(lambda: sidebar.names == ["Two"])
            file.parent.mkdir()
            await sidebar.shows("Trading")
            (file.parent / f"{name}.yml").write_text(text.replace("One", name))
            await sidebar.shows("Trading", name)


async def test_the_menu_key_opens_the_menu_of_a_row(library: Saved) -> None:
    library.add("BTC feed", "wss://a.test/btc", library.add_folder("Trading"))
    async with opened_window() as window:
        sidebar = await filled(window)
        assert "sidebar.connect" in sidebar.menu_of("BTC feed").values()
        assert "sidebar.new-folder" in sidebar.menu_of("Trading").values()


async def test_ctrl_k_moves_the_focus_to_the_search(library: Saved) -> None:
    library.add_folder("Trading")
    async with opened_window() as window:
        window.do("win.find-connection")
        sidebar = await filled(window)
        await eventually(lambda: sidebar.has_focus)
        assert sidebar.press_in_search(Gdk.KEY_Down)


async def test_ten_thousand_connections_are_searched(library: Saved) -> None:
    for number in range(100):
        folder = library.root / f"Folder {number}"
        folder.mkdir()
        for one in range(100):
            (folder / f"c{one}.yml").write_text(
                f"info:\n  name: Feed {number}-{one}\n  type: websocket\n"
                f"websocket:\n  url: wss://h{one}.test/\n"
            )
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await eventually(lambda: len(sidebar.names) > 5, within=60)
        sidebar.type("feed 77-42")
        await eventually(lambda: sidebar.names == ["Feed 77-42"])


async def test_recent_addresses_are_there_too(library: Saved, settings_path: Path) -> None:
    save(Settings(recent=["wss://one.test/feed"]), settings_path)
    library.add_folder("Trading")
    async with opened_window() as window:
        sidebar = await filled(window)
        await sidebar.shows("Recent", "one.test/feed")
        sidebar.click("one.test/feed")
        assert window.tab.connect_page.address == "wss://one.test/feed"
        sidebar.choose("one.test/feed", "save")
        await answer_place("One", "Trading")
        await sidebar.shows("One")
        assert saved_of(window.tab).name == "One"


async def test_the_recordings_of_a_connection_are_listed(
    library: Saved, keeper: SettingsService
) -> None:
    for address in ("ws://a.test/btc?day=1", "ws://b.test/btc?day=2"):
        now = time.time()  # older ones are removed soon after the start
        path = keeper.recordings.new_path(address, now)
        write_recording(path, "tick", began=now, address=address)
    host = (Variable("host", "b.test"),)
    library.add("BTC feed", "ws://{{host}}/btc?day={{$randomInt}}", variables=host)
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("BTC feed")
        sidebar.choose("BTC feed", "recordings")
        found = await shown_recordings()
        await eventually(
            lambda: [one.address for one in found.recordings.infos] == ["ws://b.test/btc?day=2"]
        )
        found.widget.close()


async def test_a_folder_that_was_opened_is_closed_and_its_files_stay(
    library: Saved, tmp_path: Path, settings_path: Path
) -> None:
    library.add("Own", "wss://own.test/")
    other = OpenFolder(tmp_path / "team", may_be_missing=True)
    other.create_connection("", SavedConnection("Shared", "wss://team.test/"))
    opened = SidebarSettings(folders=(str(other.root),))
    save(Settings(sidebar=opened), settings_path)
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Own", "team", "Shared")
        assert "sidebar.close-folder" in sidebar.menu_of("team").values()
        sidebar.choose("team", "close-folder")
        await eventually(lambda: "Shared" not in sidebar.names)
        assert "Own" in sidebar.names
        assert (other.root / "Shared.yml").exists()
    async with opened_window() as window:
        sidebar = await sidebar_of(window)
        await sidebar.shows("Own")
        assert "Shared" not in sidebar.names
