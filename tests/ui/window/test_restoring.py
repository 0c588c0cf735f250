"""Windows and tabs after a restart: what comes back, and what does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from gi.repository import Gio

from spacebeam.library.settings import Settings, load, save
from spacebeam.library.window_state import StateFile, default_folder
from spacebeam.net.connection import ConnectionState
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod
from spacebeam.ui.application import Application
from tests.library.files import write_recording
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application, serving
from tests.ui.pageobjects.application import is_busy
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, windows_of


async def started(program: Application) -> list[WindowPage]:
    """Activate the program as a start does; return its windows."""
    program.activate()
    await eventually(lambda: windows_of(program))
    windows = windows_of(program)
    await eventually(lambda: all(one.is_shown for one in windows))
    return windows


def state_file() -> Path:
    return default_folder() / "windows.json"


async def shows_conversation(window: WindowPage) -> TabPage:
    """Wait until the selected tab shows a conversation."""
    await eventually(lambda: window.tab.is_conversation)
    return window.tab


async def test_windows_tabs_drafts_and_filters_come_back_without_connecting() -> None:
    with listener() as one, listener() as other:
        async with application() as program:
            (first,) = await started(program)
            first.widget.set_default_size(777, 555)
            tab = await first.connect(one.url)
            tab.composer.say("sent")
            await eventually(lambda: "sent" in tab.entries)
            tab.composer.type_message("not sent\nyet")
            tab.do("tab.find")
            tab.session_page.filter.type_filter("is:text")
            tab.do("tab.pause")
            tab.widget.rename("Prices")
            first.add_tab().connect_page.type_address("ws://typed.test/")
            first.select_tab(tab)
            second = WindowPage(program.open_window())
            await second.connect(other.url)
        async with application() as program:
            windows = await started(program)
            assert len(windows) == 2
            first, second = windows
            assert tuple(first.widget.get_default_size()) == (777, 555)
            assert len(first.tabs) == 2
            tab = await shows_conversation(first)
            await eventually(lambda: tab.is_on("tab.pause"))
            assert "sent" in tab.entries
            assert tab.composer.typed == "not sent\nyet"
            assert tab.session_page.filter.text == "is:text"
            assert tab.title == "Prices"
            other_tab = await shows_conversation(second)
            for one_tab in (tab, other_tab):
                assert one_tab.state is ConnectionState.CLOSED
            first.do("win.close-tab")
            await eventually(lambda: len(first.tabs) == 1)
            await eventually(lambda: first.tab.connect_page.address == "ws://typed.test/")
            assert len(one.clients) == len(other.clients) == 1
            second.press("Reconnect")
            await eventually(lambda: other_tab.is_connected)
            assert len(other.clients) == 2
            assert len(second.tabs) == 1


async def test_what_was_connected_connects_again_if_told_to(settings_path: Path) -> None:
    save(Settings(connect_at_start=True), settings_path)
    with listener() as one, listener() as other:
        async with application() as program:
            (window,) = await started(program)
            ended = await window.connect(one.url)
            await ended.disconnect()
            window.add_tab()
            await window.connect(other.url)
        async with application() as program:
            (window,) = await started(program)
            await eventually(lambda: len(other.clients) == 2)
            await eventually(lambda: window.tab.is_connected)
            assert len(one.clients) == 1


async def test_options_come_back_without_secrets_and_are_asked_for() -> None:
    profile = Profile(sign_in=SignIn(SignInMethod.PASSWORD, "anna", "s3cret"))
    with listener() as peer:
        async with application() as program:
            (window,) = await started(program)
            window.tab.connect_with(peer.url, profile)
            await eventually(lambda: window.tab.is_connected)
            window.tab.composer.type_message("for anna's eyes")
        assert "s3cret" not in state_file().read_text()
        assert "eyes" not in state_file().read_text()
        async with application() as program:
            (window,) = await started(program)
            tab = await shows_conversation(window)
            window.press("Reconnect")
            options = await tab.options()
            options.close()
            await tab.finish_options()
            assert tab.state is ConnectionState.CLOSED


async def test_nothing_of_a_private_connection_is_in_the_file() -> None:
    with listener() as peer:
        async with application() as program:
            (window,) = await started(program)
            window.tab.connect_with(peer.url, Profile(record=False))
            await eventually(lambda: window.tab.is_connected)
            window.tab.composer.type_message("whisper")
            window.tab.widget.rename("hidden")
            window.add_tab().connect_page.type_address("ws://typed.test/")
        text = state_file().read_text()
        assert "typed.test" in text
        for secret in (peer.url, "whisper", "hidden"):
            assert secret not in text


async def test_a_recording_that_was_opened_is_shown_again(tmp_path: Path) -> None:
    async with serving() as url:
        async with application() as program:
            (window,) = await started(program)
            tab = await window.connect(f"{url}/echo")
            tab.composer.say("hello")
            await eventually(lambda: tab.entries.count("hello") == 2)
            path = next((default_folder().parents[1] / "data").rglob("*.beam"))
            window.do("win.close-tab")
        copy = tmp_path / "copy.beam"
        copy.write_bytes(path.read_bytes())
        async with application() as program:
            (window,) = await started(program)
            window.widget.open_recording(copy)
            await eventually(lambda: window.tab.shows(copy))
        async with application() as program:
            (window,) = await started(program)
            await eventually(lambda: window.tab.shows(copy))
            await eventually(lambda: window.shows_button("Connect Again"))


async def test_a_recording_that_is_gone_leaves_the_address() -> None:
    async with serving() as url:
        async with application() as program:
            (window,) = await started(program)
            await window.connect(f"{url}/echo")
        for path in (default_folder().parents[1] / "data").rglob("*.beam"):
            path.unlink()
        async with application() as program:
            (window,) = await started(program)
            await eventually(lambda: window.tab.connect_page.has_failure)
            assert window.tab.connect_page.address == f"{url}/echo"


async def test_tabs_that_were_closed_do_not_come_back() -> None:
    async with application() as program:
        (window,) = await started(program)
        window.tab.connect_page.type_address("ws://typed.test/")
        window.do("win.close-tab")
        await eventually(lambda: not program.get_windows())
    async with application() as program:
        (window,) = await started(program)
        assert window.tab.connect_page.address == ""
        assert len(window.tabs) == 1


async def test_a_window_that_is_closed_before_the_last_one_does_not_come_back() -> None:
    async with application() as program:
        (first,) = await started(program)
        first.tab.connect_page.type_address("ws://first.test/")
        second = WindowPage(program.open_window())
        second.tab.connect_page.type_address("ws://second.test/")
        await eventually(lambda: second.is_shown)
        first.close()
        await eventually(lambda: program.get_windows() == [second.widget])
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.tab.connect_page.address == "ws://second.test/")


async def test_a_fresh_start_is_a_switch_of_the_main_menu(settings_path: Path) -> None:
    async with application() as program:
        (window,) = await started(program)
        window.tab.connect_page.type_address("ws://typed.test/")
        assert window.is_on("app.restore-tabs")
        await eventually(state_file().exists)
        window.do("app.restore-tabs")
        assert not window.is_on("app.restore-tabs")
        assert not window.can("app.connect-at-start")
        await eventually(lambda: not state_file().exists())
    assert not load(settings_path).restore_tabs
    assert not state_file().exists()
    async with application() as program:
        (window,) = await started(program)
        assert window.tab.connect_page.address == ""


@pytest.mark.parametrize("text", ["{", json.dumps({"version": 1, "windows": [{"tabs": 5}]})])
async def test_a_damaged_file_is_said_and_set_aside(text: str) -> None:
    state_file().parent.mkdir(parents=True)
    state_file().write_text(text)
    async with application() as program:
        (window,) = await started(program)
        await eventually(lambda: window.says("could not be read"))
        assert state_file().with_suffix(".json.damaged").read_text() == text


async def test_what_could_not_be_saved_is_said_and_saved_later() -> None:
    state_file().mkdir(parents=True)  # in the way
    async with application() as program:
        (window,) = await started(program)
        window.tab.connect_page.type_address("ws://typed.test/")
        await eventually(lambda: window.says("Tabs not saved: Is a directory."))
        state_file().rmdir()
        await eventually(lambda: state_file().exists() and "typed.test" in state_file().read_text())


async def test_a_second_program_leaves_the_file_alone() -> None:
    first = StateFile(default_folder())
    assert first.acquire()
    state_file().write_text("{}")
    async with application() as program:
        (window,) = await started(program)
        window.tab.connect_page.type_address("ws://typed.test/")
    assert state_file().read_text() == "{}"
    first.release()


async def test_a_program_that_is_already_running_opens_another_window() -> None:
    async with application() as program:
        await started(program)
        program.activate()
        await eventually(lambda: len(program.get_windows()) == 2)


async def test_a_window_that_is_opened_after_all_were_closed_brings_the_tabs_back() -> None:
    async with application() as program:
        (window,) = await started(program)
        window.tab.connect_page.type_address("ws://typed.test/")
        program.show_recordings()
        window.close()
        await eventually(lambda: not windows_of(program) and not is_busy(program))
        (window,) = await started(program)
        await eventually(lambda: window.tab.connect_page.address == "ws://typed.test/")
        window.tab.connect_page.type_address("ws://other.test/")
        await eventually(lambda: "other.test" in state_file().read_text())


async def test_a_recording_from_the_command_line_opens_beside_what_comes_back(
    tmp_path: Path,
) -> None:
    path = write_recording(tmp_path / "one.beam", "hello")
    async with serving() as url:
        async with application() as program:
            (window,) = await started(program)
            await window.connect(f"{url}/echo")
        async with application() as program:
            program.open([Gio.File.new_for_path(str(path))], "")
            await eventually(lambda: windows_of(program))
            (window,) = windows_of(program)
            await eventually(lambda: window.tab.shows(path))
            assert len(window.tabs) == 2
            window.tab_view.set_selected_page(window.tabs[0])
            await eventually(lambda: window.tab.is_conversation)
            assert not window.tab.shows(path)


async def test_a_recording_that_is_opened_twice_has_one_tab(tmp_path: Path) -> None:
    path, link = tmp_path / "a.beam", tmp_path / "b.beam"
    write_recording(path, "hello")
    link.symlink_to(path)
    async with application() as program:
        (window,) = await started(program)
        for one in (path, path, link):  # at once, as a double click on two icons does
            program.open([Gio.File.new_for_path(str(one))], "")
        await eventually(lambda: window.tab.is_conversation)
        await eventually(lambda: not is_busy(program))
        assert len(window.names) == 1
