"""What is closed is released: widgets, sessions, recordings, files and threads."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any
from weakref import ref

from gi.repository import Adw, Gtk

from spacebeam.profiles.profile import Profile
from spacebeam.ui.application import Application
from spacebeam.ui.options.options_window import OptionsWindow, edit
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import application, descendants, presented, serving
from tests.ui.pageobjects.page import dialog_of
from tests.ui.pageobjects.tab import TabPage
from tests.ui.pageobjects.window import WindowPage, opened_window

DIALOGS = ("expert.ping", "expert.close", "expert.fragments", "expert.frame", "expert.handshake")


References = list["ref[Any]"]


def collected(references: References) -> bool:
    """Collect garbage; return whether all of the objects are gone."""
    gc.collect()
    return all(one() is None for one in references)


def parts(widget: Gtk.Widget) -> References:
    """Return references to a widget and all widgets in it."""
    return [ref(widget), *map(ref, descendants(widget, Gtk.Widget))]


def open_files() -> list[str]:
    """Return the names of the open files, pipes and sockets."""
    found = []
    for descriptor in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the listing's own
            found.append(os.readlink(f"/proc/self/fd/{descriptor}"))
    return found


def threads() -> list[str]:
    """Return the threads that belong to something; asyncio's own wait for the next work."""
    return [one.name for one in threading.enumerate() if not one.name.startswith("asyncio")]


async def use(tab: TabPage, url: str) -> None:
    """Talk to a server, and open everything that a tab can show."""
    await tab.connect(url)
    tab.composer.say("hello")
    await eventually(lambda: len(tab.recording) >= 3)
    await eventually(lambda: tab.timeline.length >= 3)
    await tab.session_page.select(1)
    for action in ("tab.find", "tab.rates", "tab.star", "tab.go-to", *DIALOGS):
        tab.do(action)
    tab.session_page.filter.type_filter("hello")
    await asyncio.sleep(0)


async def test_closed_tabs_leave_nothing_behind() -> None:
    async with serving() as url, opened_window() as window:
        await _open_and_close(window, f"{url}/echo")  # fills caches
        files_before, threads_before = len(open_files()), len(threads())
        for _number in range(3):
            await _open_and_close(window, f"{url}/echo")
        await eventually(lambda: len(threads()) <= threads_before)
        assert len(open_files()) <= files_before


async def _open_and_close(window: WindowPage, url: str) -> None:
    """Use a tab; wait until it is gone."""
    window.do("win.new-tab")
    closed = await _use_and_close(window, url)
    await eventually(lambda: collected(closed))


async def _use_and_close(window: WindowPage, url: str) -> References:
    tab = window.tab
    await use(tab, url)
    closed: References = [*parts(tab.widget), *map(ref, (tab.session, tab.session.session))]
    closed += map(ref, (tab.recording, tab.timeline.model))
    window.do("win.close-tab")
    return closed


async def test_a_closed_window_leaves_nothing_behind() -> None:
    async def use_window(program: Application) -> References:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        await use(window.tab, f"{url}/echo")
        window.widget.close_at_once()
        return parts(window.widget)

    async with serving() as url, application() as program:
        program.open_window()
        closed = await use_window(program)
        await eventually(lambda: collected(closed))


async def test_a_tab_with_an_earlier_recording_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a", "b")

    async def use_tab(window: WindowPage) -> References:
        window.do("win.new-tab")
        window.widget.open_recording(path)
        await eventually(lambda: window.tab.is_conversation)
        closed = [*parts(window.tab.widget), ref(window.tab.recording)]
        window.do("win.close-tab")
        return closed

    async with opened_window() as window:
        closed = await use_tab(window)
        await eventually(lambda: collected(closed))
        assert str(path) not in open_files()


async def test_the_closed_window_of_recordings_leaves_nothing_behind(
    keeper: SettingsService,
) -> None:
    write_recording(keeper.recordings.new_path("ws://one.test/", 1.0), "a")

    async def use_window() -> References:
        window = RecordingsWindow(keeper)
        window.present()
        await eventually(lambda: window.get_mapped() and not window.is_loading)
        window.close()
        return parts(window)

    closed = await use_window()
    await eventually(lambda: collected(closed))


async def test_the_closed_window_of_options_leaves_nothing_behind() -> None:
    async def use_window(parent: Gtk.Window) -> References:
        editing = asyncio.ensure_future(edit(parent, "Options", Profile()))
        window = await dialog_of(parent, OptionsWindow)
        window.close()
        await editing
        pages = descendants(window, Adw.PreferencesPage)  # libadwaita 1.2 leaks their rows
        return [ref(window), *map(ref, pages)]

    async with presented(Gtk.Window()) as parent:
        closed = await use_window(parent)
        await eventually(lambda: collected(closed))
