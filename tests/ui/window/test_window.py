"""The window: its tabs, its saved size, the recordings it opens, and how it closes."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest
from gi.repository import Gio, Gtk

from spacebeam.library.settings import Settings, load, save
from spacebeam.net.connection import ConnectionState
from spacebeam.protocol.batch import Kind
from spacebeam.ui.window.window import TAB_ACTIONS
from tests.library.files import another_program_writes, write_recording
from tests.support.floods import BlockedFolder
from tests.support.listener import listener
from tests.support.waiting import eventually, settled
from tests.ui.doing import application, descendants, resize, serving
from tests.ui.pageobjects.page import has_focus
from tests.ui.pageobjects.window import WindowPage, answer, opened_window, questions


async def test_a_window_opens_with_one_tab_and_the_cursor_in_its_address() -> None:
    async with opened_window() as window:
        assert len(window.tabs) == 1
        assert window.title == "Spacebeam"
        assert has_focus(window.tab.connect_page.entry)


async def test_a_new_tab_is_selected_with_the_cursor_in_its_address() -> None:
    async with opened_window() as window:
        first = window.tab
        second = window.add_tab()
        assert len(window.tabs) == 2
        assert second != first
        await eventually(lambda: second.connect_page.is_shown)
        assert has_focus(second.connect_page.entry)


async def test_closing_a_tab_selects_the_one_before_it() -> None:
    async with opened_window() as window:
        first = window.tab
        window.do("win.new-tab")
        window.do("win.close-tab")
        await eventually(lambda: len(window.tabs) == 1)
        assert window.tab == first


async def test_closing_the_last_tab_closes_the_window() -> None:
    async with application() as program:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        window.do("win.close-tab")
        await eventually(lambda: not program.get_windows())


async def test_closing_a_tab_closes_its_connection_alone() -> None:
    with listener() as first, listener() as second:
        async with opened_window() as window:
            stays = await window.connect(first.url)
            window.do("win.new-tab")
            await window.connect(second.url)
            window.do("win.close-tab")
            await eventually(lambda: second.close_codes == [1000])
            assert first.close_codes == []
            assert stays.state is ConnectionState.OPEN


async def test_two_tabs_have_separate_conversations() -> None:
    async with serving() as url, opened_window() as window:
        first = await window.connect(f"{url}/echo")
        window.do("win.new-tab")
        second = await window.connect(f"{url}/room/lobby")
        await first.session.session.send("only here")
        await eventually(lambda: len(first.session.recording) == 3)
        assert len(second.session.recording) == 1


async def test_the_window_has_the_title_of_the_selected_tab() -> None:
    async with serving() as url, opened_window() as window:
        name = url.removeprefix("ws://") + "/echo"
        first = await window.connect(f"{url}/echo")
        assert window.title == f"{name} — Spacebeam"
        assert name in window.words
        window.do("win.new-tab")
        assert window.title == "Spacebeam"
        window.select_tab(first)
        assert window.title == f"{name} — Spacebeam"


async def test_a_tab_shows_its_address_and_state() -> None:
    async with serving() as url, opened_window() as window:
        await window.connect(f"{url}/echo?token=abc&room=a%20b")
        (page,) = window.tabs
        assert page.get_title() == url.removeprefix("ws://") + "/echo"
        assert page.get_tooltip() == f"{url}/echo?token=•••&amp;room=a%20b"
        open_icon = page.get_icon()
        assert open_icon is not None
        window.do("win.disconnect")
        await eventually(
            lambda: window.tab.state is ConnectionState.CLOSED and not page.get_loading()
        )
        closed_icon = page.get_icon()
        assert closed_icon is not None
        assert not closed_icon.equal(open_icon)


@pytest.mark.parametrize("host", ["<b>&", "a&amp;b", "under_score"])
async def test_markup_in_a_title_is_shown_as_text(host: str) -> None:
    async with opened_window() as window:
        window.tab.widget.rename(host)
        window.header.title.set_text(host)
        window.do("win.new-tab")
        await eventually(lambda: host in window.words)


async def test_actions_reach_the_selected_tab_only() -> None:
    async with serving() as url, opened_window() as window:
        first = await window.connect(f"{url}/echo")
        window.do("win.new-tab")
        second = await window.connect(f"{url}/echo")
        window.do("win.disconnect")
        await eventually(lambda: second.state is ConnectionState.CLOSED)
        assert first.state is ConnectionState.OPEN


@pytest.mark.parametrize("name", TAB_ACTIONS)
async def test_no_action_fails_in_a_new_tab(name: str) -> None:
    async with opened_window() as window:
        window.do(f"win.{name}")
        assert not window.tab.is_conversation


async def test_the_size_is_saved_for_the_next_window(settings_path: Path) -> None:
    save(Settings(window_width=640, window_height=480), settings_path)
    async with application() as program:
        window = program.open_window()
        await eventually(window.get_mapped)
        assert tuple(window.get_default_size()) == (640, 480)
        window.set_default_size(720, 540)
        window.close()
        await eventually(lambda: not program.get_windows())
        assert load(settings_path).window_width == 720
        again = program.open_window()
        assert tuple(again.get_default_size()) == (720, 540)


async def test_a_maximized_window_opens_maximized_and_saves_its_normal_size(
    settings_path: Path,
) -> None:
    save(Settings(640, 480, window_maximized=True), settings_path)
    async with opened_window() as window:
        assert window.widget.is_maximized()
        window.close()
        saved = load(settings_path)
        assert (saved.window_width, saved.window_height) == (640, 480)


async def test_two_windows_share_recent_addresses() -> None:
    async with serving() as url, application() as program:
        one, other = WindowPage(program.open_window()), WindowPage(program.open_window())
        await one.connect(f"{url}/echo")
        await eventually(lambda: f"{url}/echo" in other.tab.words)


async def test_closing_one_window_leaves_the_other_connected() -> None:
    with listener() as first, listener() as second:
        async with application() as program:
            one, other = WindowPage(program.open_window()), WindowPage(program.open_window())
            await one.connect(first.url)
            stays = await other.connect(second.url)
            one.close()
            await answer("discard", says="1 connection is open.")
            await eventually(lambda: first.close_codes == [1000])
            assert program.get_windows() == [other.widget]
            assert stays.state is ConnectionState.OPEN


async def test_a_missing_recording_is_explained_on_the_first_screen(tmp_path: Path) -> None:
    async with opened_window() as window:
        window.widget.open_recording(tmp_path / "<b>.beam")
        fault = f"There is no file {tmp_path}/<b>.beam."
        await eventually(lambda: fault in window.tab.words)
        assert len(window.tabs) == 1


async def test_a_recording_opens_in_an_untouched_tab_or_a_new_one(
    tmp_path: Path,
) -> None:
    async with opened_window() as window:
        first = window.tab
        first.connect_page.type_address("ws://typed.test/")
        window.widget.open_recording(tmp_path / "one.beam")
        await eventually(lambda: len(window.tabs) == 2)
        assert window.tab != first
        assert first.connect_page.address == "ws://typed.test/"


async def test_a_recording_that_is_open_in_a_tab_is_shown_there(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with opened_window() as window:
        window.widget.open_recording(path)
        await eventually(lambda: window.tab.shows(path))
        shows = window.tab
        shows.do("tab.clear")
        assert not window.add_tab().shows(path)
        window.widget.open_recording(path)
        await eventually(lambda: window.tab == shows)
        await shows.timeline.at_rest()
        assert shows.timeline.numbers == [0]  # it is no longer cleared
        window.widget.open_recording(tmp_path / "." / "one.beam")
        window.widget.open_recording(write_recording(tmp_path / "two.beam", "two"))
        await eventually(lambda: window.tab.shows(tmp_path / "two.beam"))
        assert len(window.tabs) == 3


async def test_a_recording_that_is_open_in_another_window_is_shown_there(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with application() as program:
        first, second = WindowPage(program.open_window()), WindowPage(program.open_window())
        first.widget.open_recording(path)
        await eventually(lambda: first.tab.shows(path))
        await first.finish_opening()
        second.widget.open_recording(path)
        await second.finish_opening()
        assert not second.tab.is_conversation


async def test_a_recording_that_is_still_written_opens_in_a_new_tab_each_time(
    tmp_path: Path,
) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with opened_window() as window:
        with another_program_writes(path):
            for count in (1, 2):
                window.widget.open_recording(path)
                await window.finish_opening()
                assert len(window.tabs) == count


async def test_a_recording_on_another_computer_is_not_opened() -> None:
    async with opened_window() as window:
        window.widget.open_files([Gio.File.new_for_uri("nowhere://one.test/one.beam")])
        await eventually(
            lambda: any("is not on this computer" in said for said in window.tab.words)
        )


async def test_dropped_recordings_are_opened(tmp_path: Path) -> None:
    async with opened_window() as window:
        names = ["one.beam", "notes.txt", "two.beam"]
        assert window.drop([Gio.File.new_for_path(str(tmp_path / name)) for name in names])
        await eventually(lambda: any("two.beam" in said for said in window.tab.words))


async def test_another_dropped_file_is_attached_to_the_conversation(tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text('{"é": 1}')
    async with serving() as url, opened_window() as window:
        assert window.drop([Gio.File.new_for_path(str(tmp_path / "notes.txt"))])
        await eventually(lambda: window.tab.says("Connect first"))
        tab = await window.connect(f"{url}/echo")
        assert window.drop([Gio.File.new_for_path(str(file))])
        await eventually(lambda: {"notes.json, 9 B", "As text"} <= set(tab.words))
        tab.composer.send()
        await eventually(lambda: len(tab.recording) == 3)
        assert tab.recording.entry(1).payload == file.read_bytes()
        assert tab.recording.entry(1).kind is Kind.TEXT


async def test_open_chooses_among_recordings(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    async with opened_window() as window:
        window.do("win.open")
        await eventually(lambda: choosers)
        names = [one.get_name() for one in choosers[0].get_filters()]
        assert names == ["Recordings", "All files", "Scenarios"]
        choosers[0].emit("response", Gtk.ResponseType.CANCEL)
        await window.finish_opening()
        assert len(window.tabs) == 1


async def test_a_window_fits_a_narrow_screen() -> None:
    async with serving() as url, opened_window() as window:
        for _ in range(3):
            await window.connect(f"{url}/echo")
            window.do("win.new-tab")
        narrow = window.widget
        await resize(narrow, 360, 400, lambda: 0 < narrow.get_width() <= 360)


@pytest.mark.parametrize("action", ["win.close-tab", "window.close"])
async def test_closing_asks_before_unsaved_entries_are_discarded(
    tmp_path: Path, action: str
) -> None:
    BlockedFolder(tmp_path / "data")
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await eventually(lambda: tab.widget.storage_error)
        for _ in range(2):  # once more is one question all the same
            window.do(action)
        await answer("cancel")
        assert tab.state is ConnectionState.OPEN
        assert len(window.tabs) == 1
        window.do(action)
        await answer("discard")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: not window.tabs or not window.is_shown)


async def test_closing_does_not_ask_once_the_entries_are_saved(tmp_path: Path) -> None:
    blocked_folder = BlockedFolder(tmp_path / "data")
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await eventually(lambda: tab.widget.storage_error)
        blocked_folder.unblock()
        await eventually(lambda: tab.widget.storage_error is None)
        window.do("win.close-tab")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        assert not questions()


async def test_ending_the_program_does_not_ask(tmp_path: Path) -> None:
    BlockedFolder(tmp_path / "data")
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        await eventually(lambda: tab.widget.storage_error)
        window.widget.close_at_once()
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        assert not questions()


async def test_ending_the_program_ends_an_open_question_too() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/echo")
        window.close()
        await eventually(questions)
        window.widget.close_at_once()
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        assert not questions()


async def test_a_conversation_with_all_its_parts_fits_a_narrow_window() -> None:
    async with serving() as url, opened_window() as window:
        tab = await window.connect(f"{url}/ticker?interval=5")  # its messages are compressed
        page = tab.session_page
        await eventually(lambda: tab.timeline.length > 50)
        for name in ("rates", "find"):
            tab.do(f"tab.{name}")
        page.filter.type_filter("is:received tick -is:ping")
        narrow = window.widget
        await resize(narrow, 370, 700, lambda: narrow.get_width() < 400)
        tab.do("tab.next-match")
        await eventually(lambda: page.is_inspecting)
        await settled(lambda: page.widget.get_width())
        assert page.widget.get_width() <= narrow.get_width()
        facts, *others = islice(descendants(page.inspector.widget, Gtk.Label), 3)
        assert [one.get_layout().get_line_count() for one in (facts, *others)] == [1, 1, 1]
        assert not any(one.get_layout().is_ellipsized() for one in others)
        # How it came over the wire may be cut, what it is not.
        needed = facts.create_pango_layout(" · ".join(facts.get_text().split(" · ")[:4]))
        assert needed.get_pixel_size()[0] <= facts.get_width()
