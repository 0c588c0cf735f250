"""The application: its name, its actions, and how it starts and ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import xml.etree.ElementTree as ET
from functools import partial
from pathlib import Path

import pytest
from gi.repository import Adw, Gdk, Gio, Gtk

from spacebeam import __version__
from spacebeam.net.connection import ConnectionState
from spacebeam.ui.application import APPLICATION_ID, Application
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.window.window import Window
from tests.library.files import write_recording
from tests.support.listener import listener
from tests.support.processes import LOOPBACK
from tests.support.waiting import eventually
from tests.ui.doing import application, opened, words
from tests.ui.pageobjects.application import is_busy
from tests.ui.pageobjects.window import WindowPage, answer

ROOT = Path(__file__).parents[2]


def test_the_desktop_file_and_the_metainfo_have_the_application_id() -> None:
    assert Application().get_application_id() == APPLICATION_ID
    assert (ROOT / f"data/{APPLICATION_ID}.desktop").is_file()
    metainfo = ET.parse(ROOT / f"data/{APPLICATION_ID}.metainfo.xml")
    assert metainfo.findtext("id") == APPLICATION_ID


async def test_the_icon_is_found_in_a_bare_checkout() -> None:
    async with application():
        display = Gdk.Display.get_default()
        assert display is not None
        theme = Gtk.IconTheme.get_for_display(display)
        assert theme.has_icon(APPLICATION_ID)
        assert Gtk.Window.get_default_icon_name() == APPLICATION_ID


async def test_every_menu_item_has_an_action() -> None:
    interface = ET.parse(ROOT / "spacebeam/ui/window/window.ui")
    actions = [one.text or "" for one in interface.iterfind(".//item/attribute[@name='action']")]
    assert len(actions) >= 3
    async with opened() as window:
        program = window.get_application()
        assert program is not None
        for action in actions:
            scope, _dot, name = action.partition(".")
            assert (window if scope == "win" else program).has_action(name), action


async def test_new_window_opens_another_window() -> None:
    async with application() as program:
        program.activate_action("new-window", None)
        program.activate_action("new-window", None)
        assert [type(window) for window in program.get_windows()] == [Window, Window]


async def test_starting_again_opens_another_window() -> None:
    async with application() as program:
        program.activate()
        program.activate()
        assert len(program.get_windows()) == 2


async def test_about_shows_the_version() -> None:
    async with opened() as window:
        program = window.get_application()
        assert program is not None
        program.activate_action("about", None)
        (about,) = (one for one in Gtk.Window.list_toplevels() if isinstance(one, Adw.AboutWindow))
        await eventually(about.get_mapped)
        assert about.get_version() == __version__
        assert about.get_transient_for() is window
        about.close()


async def test_quit_closes_all_connections_first() -> None:
    with listener() as peer:
        async with application() as program:
            for _ in range(2):
                await WindowPage(program.open_window()).connect(peer.url)
            await eventually(lambda: len(peer.clients) == 2)
            program.activate_action("quit", None)
            await answer("cancel", says="2 connections are open.")
            assert len(program.get_windows()) == 2
            program.activate_action("quit", None)
            await answer("discard")
            await eventually(lambda: not program.get_windows())
            await eventually(lambda: peer.close_codes == [1000, 1000])


async def test_the_chat_room_stops_with_the_last_window() -> None:
    async with application() as program:
        one, other = WindowPage(program.open_window()), WindowPage(program.open_window())
        await join_chat(one)
        await join_chat(other)
        staying = other.tab
        endpoint = staying.session.endpoint
        assert endpoint is not None
        one.close()
        await answer("discard")
        await eventually(lambda: program.get_windows() == [other.widget])
        await eventually(lambda: not is_busy(program))
        assert staying.state is ConnectionState.OPEN
        assert is_served(endpoint.port)
        other.close()
        await answer("discard")
        await eventually(lambda: not is_served(endpoint.port))


async def join_chat(window: WindowPage) -> None:
    window.tab.connect_page.press_chat()
    await eventually(lambda: window.tab.is_connected)


def is_served(port: int) -> bool:
    """Return whether a server listens at a port of this computer."""
    with socket.socket() as client:
        return client.connect_ex((LOOPBACK, port)) == 0


async def test_files_open_in_the_existing_window_or_a_new_one(
    tmp_path: Path,
) -> None:
    async with application() as program:
        for name in ("one.beam", "two.beam"):
            program.open([Gio.File.new_for_path(str(tmp_path / name))], "")
            (window,) = program.get_windows()
            assert isinstance(window, Window)
            await eventually(window.get_mapped)
            await eventually(partial(WindowPage(window).says, name))


async def test_there_is_one_window_of_recordings_and_it_opens_them(
    keeper: SettingsService,
) -> None:
    async with application() as program:
        path = write_recording(keeper.recordings.folder / "one.beam", "a")
        for _ in range(2):
            program.activate_action("recordings", None)
        (recordings,) = program.get_windows()
        assert isinstance(recordings, RecordingsWindow)
        path.unlink()
        recordings.emit("open-requested", str(path))
        (window,) = (one for one in program.get_windows() if isinstance(one, Window))
        await eventually(window.get_mapped)
        await eventually(lambda: f"There is no file {path}." in words(window))
        recordings.close()
        await eventually(lambda: program.get_windows() == [window])
        program.activate_action("recordings", None)
        assert len(program.get_windows()) == 2


async def test_the_program_opens_the_file_it_was_started_with(tmp_path: Path) -> None:
    code = (
        "from spacebeam.ui.application import Application, main\n"
        "def open_files(window, files):\n"
        "    print([file.get_path() for file in files])\n"
        "    window.close()\n"
        "from spacebeam.ui.window.window import Window\n"
        "Window.open_files = open_files\n"
        "raise SystemExit(main(['one.beam', '--version']))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == f"['{tmp_path}/one.beam', '{tmp_path}/--version']\n"


async def test_quit_without_a_window_does_nothing() -> None:
    async with application() as program:
        program.activate_action("quit", None)
        assert not program.get_windows()


@pytest.mark.parametrize("backend", ["x11", "wayland"])
def test_a_missing_display_is_explained(backend: str) -> None:
    environment = {**os.environ, "GDK_BACKEND": backend}
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        environment.pop(name, None)
    code = "from spacebeam.ui.application import main; raise SystemExit(main())"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "There is no display to open a window on." in ended.stderr
    assert "Traceback" not in ended.stderr
