"""The window: tabs beside one another, its size kept, and a goodbye to everybody at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Adw, Gdk, Gio, GObject, Gtk

from spacebeam.library.settings import Settings, load, save
from spacebeam.net.connection import ConnectionState
from spacebeam.ui.window.tab import Tab
from spacebeam.ui.window.window import TAB_ACTIONS, Window
from tests.library.files import another_program_writes, write_recording
from tests.support.floods import Obstacle
from tests.support.listener import listener
from tests.support.waiting import eventually, settled
from tests.ui.doing import application, opened, resize, serving, words


def pages(window: Window) -> list[Adw.TabPage]:
    view = window._tab_view
    return [view.get_nth_page(place) for place in range(view.get_n_pages())]


def front(window: Window) -> Tab:
    tab = window.tab
    assert tab is not None
    return tab


async def connected(window: Window, address: str) -> Tab:
    tab = front(window)
    tab._connection_page._address_entry.set_text(address)
    tab._connection_page._address_entry.emit("activate")
    await eventually(lambda: tab.is_conversation and tab.state is ConnectionState.OPEN)
    return tab


async def test_a_window_opens_with_one_tab_and_the_cursor_in_its_address() -> None:
    async with opened() as window:
        assert len(pages(window)) == 1
        assert window.get_title() == "Spacebeam"
        focus = window.get_focus()
        assert focus is not None
        assert focus.is_ancestor(front(window)._connection_page._address_entry)


async def test_a_new_tab_is_in_front_with_the_cursor_in_its_address() -> None:
    async with opened() as window:
        first = front(window)
        window.activate_action("win.new-tab", None)
        assert len(pages(window)) == 2
        assert front(window) is not first
        await eventually(front(window)._connection_page._address_entry.get_mapped)
        focus = window.get_focus()
        assert focus is not None
        assert focus.is_ancestor(front(window)._connection_page._address_entry)


async def test_closing_a_tab_shows_the_one_before_it() -> None:
    async with opened() as window:
        first = front(window)
        window.activate_action("win.new-tab", None)
        window.activate_action("win.close-tab", None)
        await eventually(lambda: len(pages(window)) == 1)
        assert front(window) is first


async def test_closing_the_last_tab_closes_the_window() -> None:
    async with application() as program:
        window = program.open_window()
        await eventually(window.get_mapped)
        window.activate_action("win.close-tab", None)
        await eventually(lambda: not program.get_windows())


async def test_a_connected_tab_that_is_closed_says_goodbye_and_the_others_stay() -> None:
    with listener() as first, listener() as second:
        async with opened() as window:
            stays = await connected(window, first.url)
            window.activate_action("win.new-tab", None)
            await connected(window, second.url)
            window.activate_action("win.close-tab", None)
            await eventually(lambda: second.goodbyes == [1000])
            assert first.goodbyes == []
            assert stays.state is ConnectionState.OPEN


async def test_two_tabs_hold_two_conversations() -> None:
    async with serving() as url, opened() as window:
        first = await connected(window, f"{url}/echo")
        window.activate_action("win.new-tab", None)
        second = await connected(window, f"{url}/room/lobby")
        await first._session.session.send("only here")
        await eventually(lambda: len(first._session.recording) == 3)
        assert len(second._session.recording) == 1


async def test_the_window_is_named_after_the_tab_in_front() -> None:
    async with serving() as url, opened() as window:
        name = url.removeprefix("ws://") + "/echo"
        await connected(window, f"{url}/echo")
        assert window.get_title() == f"{name} — Spacebeam"
        assert name in words(window)
        window.activate_action("win.new-tab", None)
        assert window.get_title() == "Spacebeam"
        window._tab_view.set_selected_page(pages(window)[0])
        assert window.get_title() == f"{name} — Spacebeam"


async def test_a_tab_shows_its_address_and_state() -> None:
    async with serving() as url, opened() as window:
        await connected(window, f"{url}/echo?token=abc&room=a%20b")
        (page,) = pages(window)
        assert page.get_title() == url.removeprefix("ws://") + "/echo"
        assert page.get_tooltip() == f"{url}/echo?token=not-kept&amp;room=a%20b"
        open_icon = page.get_icon()
        assert open_icon is not None
        window.activate_action("win.disconnect", None)
        await eventually(
            lambda: front(window).state is ConnectionState.CLOSED and not page.get_loading()
        )
        closed_icon = page.get_icon()
        assert closed_icon is not None
        assert not closed_icon.equal(open_icon)


@pytest.mark.parametrize("host", ["<b>&", "a&amp;b", "under_score"])
async def test_a_name_in_a_title_is_not_taken_for_markup(host: str) -> None:
    async with opened() as window:
        (page,) = pages(window)
        page.set_title(host)
        window._window_title.set_subtitle(host)
        window.activate_action("win.new-tab", None)
        await eventually(lambda: host in words(window))


async def test_the_actions_reach_the_tab_in_front_only() -> None:
    async with serving() as url, opened() as window:
        first = await connected(window, f"{url}/echo")
        window.activate_action("win.new-tab", None)
        second = await connected(window, f"{url}/echo")
        window.activate_action("win.disconnect", None)
        await eventually(lambda: second.state is ConnectionState.CLOSED)
        assert first.state is ConnectionState.OPEN


@pytest.mark.parametrize("name", TAB_ACTIONS)
async def test_no_action_fails_in_a_new_tab(name: str) -> None:
    async with opened() as window:
        window.activate_action(f"win.{name}", None)
        assert not front(window).is_conversation


async def test_the_size_is_kept_for_the_next_window(settings_path: Path) -> None:
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


async def test_a_maximized_window_opens_maximized_and_keeps_its_size(settings_path: Path) -> None:
    save(Settings(640, 480, window_maximized=True), settings_path)
    async with opened() as window:
        window._save_size()
        kept = load(settings_path)
        assert (kept.window_width, kept.window_height) == (640, 480)


async def test_two_windows_share_what_is_remembered() -> None:
    async with serving() as url, application() as program:
        one, other = program.open_window(), program.open_window()
        await connected(one, f"{url}/echo")
        await eventually(lambda: f"{url}/echo" in words(front(other)))


async def test_closing_one_window_leaves_the_other_talking() -> None:
    with listener() as first, listener() as second:
        async with application() as program:
            one, other = program.open_window(), program.open_window()
            await connected(one, first.url)
            stays = await connected(other, second.url)
            one.close()
            await eventually(lambda: first.goodbyes == [1000])
            assert program.get_windows() == [other]
            assert stays.state is ConnectionState.OPEN


async def test_a_missing_recording_is_said_on_the_first_screen(tmp_path: Path) -> None:
    async with opened() as window:
        window.open_recording(tmp_path / "<b>.beam")
        fault = f"There is no file {tmp_path}/<b>.beam."
        await eventually(lambda: fault in words(front(window)))
        assert len(pages(window)) == 1


async def test_a_recording_takes_a_tab_in_which_nothing_was_done_or_else_a_new_one(
    tmp_path: Path,
) -> None:
    async with opened() as window:
        first = front(window)
        first._connection_page._address_entry.set_text("ws://typed.test/")
        window.open_recording(tmp_path / "one.beam")
        await eventually(lambda: len(pages(window)) == 2)
        assert front(window) is not first
        assert first._connection_page.address == "ws://typed.test/"


async def test_a_recording_that_a_tab_shows_already_is_shown_there(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with opened() as window:
        window.open_recording(path)
        await eventually(lambda: front(window).shows(path))
        shows = front(window)
        shows.activate_action("tab.clear", None)
        other = window.add_tab()
        assert not other.shows(path)
        window.open_recording(path)
        await eventually(lambda: front(window) is shows)
        assert shows._session.shown_from == 0  # nor is it empty
        window.open_recording(tmp_path / "." / "one.beam")
        window.open_recording(write_recording(tmp_path / "two.beam", "two"))
        await eventually(lambda: front(window).shows(tmp_path / "two.beam"))
        assert len(pages(window)) == 3


async def test_a_recording_that_another_window_shows_is_shown_there(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with application() as program:
        first, second = program.open_window(), program.open_window()
        first.open_recording(path)
        await eventually(lambda: front(first).shows(path))
        await first._tasks.finish()
        second.open_recording(path)
        await second._tasks.finish()
        assert not front(second).is_conversation


async def test_what_another_program_still_writes_is_opened_anew_each_time(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "one")
    async with opened() as window:
        with another_program_writes(path):
            for count in (1, 2):
                window.open_recording(path)
                await window._tasks.finish()
                assert len(pages(window)) == count


async def test_a_recording_that_is_not_on_this_computer_is_not_opened() -> None:
    async with opened() as window:
        window.open_files([Gio.File.new_for_uri("nowhere://one.test/one.beam")])
        await eventually(
            lambda: any("is not on this computer" in said for said in words(front(window)))
        )


async def test_recordings_that_fall_on_the_window_are_opened_and_nothing_else(
    tmp_path: Path,
) -> None:
    async with opened() as window:
        for names, is_taken in (
            (["notes.txt"], False),
            (["one.beam", "notes.txt", "two.beam"], True),
        ):
            files = [Gio.File.new_for_path(str(tmp_path / name)) for name in names]
            fallen = GObject.Value(Gdk.FileList.__gtype__, Gdk.FileList.new_from_list(files))
            (target,) = (
                one for one in window.observe_controllers() if isinstance(one, Gtk.DropTarget)
            )
            assert target.emit("drop", fallen, 1.0, 1.0) is is_taken
        await eventually(lambda: any("two.beam" in said for said in words(front(window))))


async def test_a_recording_is_chosen(tmp_path: Path, choosers: list[Gtk.FileChooserNative]) -> None:
    async with opened() as window:
        window.activate_action("win.open", None)
        await eventually(lambda: choosers)
        assert [one.get_name() for one in choosers[0].get_filters()] == ["Recordings", "All files"]
        choosers[0].emit("response", Gtk.ResponseType.CANCEL)
        await eventually(lambda: not window._tasks._tasks)
        assert len(pages(window)) == 1


async def test_a_window_fits_a_narrow_screen() -> None:
    async with serving() as url, opened() as window:
        for _ in range(3):
            await connected(window, f"{url}/echo")
            window.activate_action("win.new-tab", None)
        await resize(window, 360, 400, lambda: 0 < window.get_width() <= 360)


def questions() -> list[Adw.MessageDialog]:
    return [one for one in Gtk.Window.list_toplevels() if isinstance(one, Adw.MessageDialog)]


async def asked(response: str) -> None:
    """Answer the question that is asked, and see it go."""
    await eventually(lambda: len(questions()) == 1)
    questions()[0].response(response)
    await eventually(lambda: not questions())


@pytest.mark.parametrize("action", ["win.close-tab", "window.close"])
async def test_what_is_not_kept_is_not_lost_without_a_question(tmp_path: Path, action: str) -> None:
    Obstacle(tmp_path / "data")
    async with serving() as url, opened() as window:
        tab = await connected(window, f"{url}/echo")
        await eventually(lambda: tab.fault)
        for _ in range(2):  # once more is one question all the same
            window.activate_action(action, None)
        await asked("cancel")
        assert tab.state is ConnectionState.OPEN
        assert len(pages(window)) == 1
        window.activate_action(action, None)
        await asked("discard")
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        await eventually(lambda: not pages(window) or not window.get_mapped())


async def test_what_could_be_kept_in_the_end_is_not_asked_for(tmp_path: Path) -> None:
    obstacle = Obstacle(tmp_path / "data")
    async with serving() as url, opened() as window:
        tab = await connected(window, f"{url}/echo")
        await eventually(lambda: tab.fault)
        obstacle.clear_away()
        await eventually(lambda: tab.fault is None)
        window.activate_action("win.close-tab", None)
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        assert not questions()


async def test_a_program_that_is_told_to_end_does_not_ask(tmp_path: Path) -> None:
    Obstacle(tmp_path / "data")
    async with serving() as url, opened() as window:
        tab = await connected(window, f"{url}/echo")
        await eventually(lambda: tab.fault)
        window.close_at_once()
        await eventually(lambda: tab.state is ConnectionState.CLOSED)
        assert not questions()


async def test_with_all_of_a_conversation_shown_nothing_is_cut_off_in_a_narrow_window() -> None:
    async with serving() as url, opened() as window:
        tab = window.tab
        assert tab is not None
        await tab._session.connect_to(f"{url}/ticker?interval=5")  # what it says comes compressed
        tab._connected()
        page = tab._conversation_page
        await eventually(lambda: page.timeline._model.get_n_items() > 50)
        for name in ("rates", "find"):
            tab.activate_action(f"tab.{name}", None)
        page.filter_bar.show_text("is:received tick -is:ping")
        await resize(window, 370, 700, lambda: window.get_width() < 400)
        page.timeline.step(1)
        await eventually(page.inspector.get_mapped)
        await settled(lambda: page.get_width())
        assert page.get_width() <= window.get_width()
