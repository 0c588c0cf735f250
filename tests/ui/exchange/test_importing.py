"""Files of other programs that are chosen or dropped become recordings in tabs."""

from __future__ import annotations

import os
from pathlib import Path

from gi.repository import Gio, Gtk

from spacebeam.ui.exchange.import_dialog import ImportDialog
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from tests.support.listener import listener
from tests.support.waiting import eventually
from tests.ui.doing import application
from tests.ui.pageobjects.exchange import ImportPage, workers_have_ended
from tests.ui.pageobjects.page import dialog_of, find_dialog
from tests.ui.pageobjects.window import WindowPage, opened_window

_SAMPLES = Path(__file__).parents[2] / "exchange" / "samples"
_HAR = _SAMPLES / "mitmproxy-11.0.2.har"


async def _dropped(window: WindowPage, path: Path) -> ImportPage:
    assert window.drop([Gio.File.new_for_path(str(path))])
    page = ImportPage(await dialog_of(window.widget, ImportDialog))
    await eventually(lambda: page.is_read)
    return page


def _recordings(folder: Path) -> list[Path]:
    return sorted((folder / "data" / "spacebeam").rglob("*.beam"))


def _left(folder: Path) -> list[str]:
    walked = os.walk(folder / "data")  # it may vanish meanwhile
    every = (name for _path, folders, files in walked for name in (*folders, *files))
    return [name for name in every if name.startswith(".import-")]


async def test_a_dropped_har_says_what_it_has_and_the_chosen_part_is_opened(
    tmp_path: Path,
) -> None:
    async with opened_window() as window:
        dialog = await _dropped(window, _HAR)
        assert dialog.says("HAR: 3 connections")
        assert dialog.names[0] == "ws://127.0.0.1:8791/ws?room=1&q=a%20b"
        assert "entries" in dialog.notes[0]
        assert dialog.says("• 1 refused handshake")
        dialog.choose(0, is_chosen=False)
        dialog.choose(1, is_chosen=False)
        dialog.press("Import")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)
        await eventually(lambda: window.tab.widget.is_conversation)
        assert len(window.tabs) == 1
        assert "127.0.0.1:8791/bad" in window.title
        assert len(_recordings(tmp_path)) == 1
        assert _left(tmp_path) == []


async def test_several_recordings_are_opened_in_tabs_and_counted(tmp_path: Path) -> None:
    async with opened_window() as window:
        dialog = await _dropped(window, _HAR)
        dialog.press("Import")
        await eventually(lambda: len(window.tabs) == 3)
        await eventually(lambda: window.tab.says("3 recordings imported"))
        await window.finish_opening()
        assert len(_recordings(tmp_path)) == 3


async def test_an_import_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    async with opened_window() as window:
        dialog = await _dropped(window, _HAR)
        dialog.press("Cancel")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)
        await eventually(lambda: not _left(tmp_path))
        await workers_have_ended()
        assert _recordings(tmp_path) == []
        assert not window.tab.widget.is_conversation


async def test_a_file_can_be_cancelled_while_it_is_read(tmp_path: Path) -> None:
    lines = tmp_path / "a.jsonl"
    with lines.open("wb") as file:
        for number in range(500_000):
            file.write(b'{"time": %d, "kind": "text", "text": "%s"}\n' % (number, b"x" * 200))
    async with opened_window() as window:
        assert window.drop([Gio.File.new_for_path(str(lines))])
        dialog = ImportPage(await dialog_of(window.widget, ImportDialog))
        bar = dialog.child("_progress_bar", Gtk.ProgressBar)
        await eventually(lambda: bar.get_fraction() > 0)
        assert dialog.says("Reading “a.jsonl”…")
        dialog.press("Cancel")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)
        await eventually(lambda: not _left(tmp_path))
        await workers_have_ended()
        assert _recordings(tmp_path) == []


async def test_a_broken_file_says_where_and_gives_what_came_before(tmp_path: Path) -> None:
    broken = tmp_path / "<b>broken.jsonl"
    broken.write_bytes(b'{"text": "first"}\n{"tex')
    async with opened_window() as window:
        dialog = await _dropped(window, broken)
        assert dialog.errors == ["It is cut off at line 2. What came before can be imported."]
        dialog.press("Import")
        await eventually(lambda: window.tab.widget.is_conversation)
        await eventually(lambda: window.tab.says("first"))


async def test_a_file_of_no_format_is_refused_in_words(tmp_path: Path) -> None:
    other = tmp_path / "a.json"
    other.write_bytes(b"hello")
    async with opened_window() as window:
        dialog = await _dropped(window, other)
        assert dialog.says("This file cannot be imported.")
        assert "HAR, JSON Lines" in dialog.errors[0]
        assert not dialog.shows_button("Import")
        dialog.press("Close")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)


async def test_a_file_is_chosen_from_the_menu_and_from_the_recordings(
    choosers: list[Gtk.FileChooserNative],
) -> None:
    async with application() as program:
        window = WindowPage(program.open_window())
        await eventually(lambda: window.is_shown)
        program.activate_action("recordings", None)
        every = Gtk.Window.list_toplevels
        await eventually(lambda: [one for one in every() if isinstance(one, RecordingsWindow)])
        program.activate_action("import", None)
        await eventually(lambda: choosers)
        assert choosers[0].get_title() == "Import a file of another program"
        choosers[0].set_file(Gio.File.new_for_path(str(_SAMPLES / "tshark-4.0.17.pcapng")))
        await eventually(lambda: choosers[0].get_file())
        choosers[0].emit("response", Gtk.ResponseType.ACCEPT)
        dialog = ImportPage(await dialog_of(window.widget, ImportDialog))
        await eventually(lambda: dialog.says("Packet capture: 1 connection"))
        dialog.press("Cancel")
        await eventually(lambda: find_dialog(window.widget, ImportDialog) is None)


async def test_a_file_dropped_in_a_conversation_is_attached_and_on_the_header_imported() -> None:
    with listener() as peer:
        async with opened_window() as window:
            tab = await window.connect(peer.url)
            assert window.drop([Gio.File.new_for_path(str(_HAR))], tab.composer.widget)
            await eventually(lambda: tab.says("mitmproxy-11.0.2.har, 29.9 KiB"))
            assert window.drop([Gio.File.new_for_path(str(_HAR))], window.header.widget)
            await dialog_of(window.widget, ImportDialog)


async def test_where_nothing_can_be_sent_a_dropped_file_is_imported() -> None:
    with listener() as peer:
        async with opened_window() as window:
            tab = await window.connect(peer.url)
            await tab.disconnect()
            assert window.drop([Gio.File.new_for_path(str(_HAR))], tab.timeline.widget)
            await dialog_of(window.widget, ImportDialog)


async def test_a_file_of_another_program_that_is_opened_is_imported() -> None:
    async with opened_window() as window:
        window.widget.open_files([Gio.File.new_for_path(str(_HAR))])
        dialog = ImportPage(await dialog_of(window.widget, ImportDialog))
        await eventually(lambda: dialog.says("HAR: 3 connections"))
