"""Saving a copy: it asks for a file, shows its progress, and can be cancelled."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from gi.repository import Gio, Gtk

from spacebeam.library import saving
from spacebeam.recording.opening import ended_abruptly
from spacebeam.ui.recordings import save_as
from spacebeam.ui.recordings.save_as import (
    file_filters,
    proposed_name,
    save_recording_as,
    save_to,
)
from tests.library.files import write_recording
from tests.support.recordings import read
from tests.support.waiting import eventually
from tests.ui.doing import descendants, words
from tests.ui.recordings.test_dialogs import dialog, dialogs, parent


def is_chosen(chooser: Gtk.FileChooserNative, path: Path) -> bool:
    file = chooser.get_file()
    return file is not None and file.get_path() == str(path)


async def test_a_copy_is_saved_in_the_chosen_file(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    source = write_recording(tmp_path / "one.beam", "hello", ended=False)
    (tmp_path / "to").mkdir()
    async with parent() as window:
        saving = asyncio.ensure_future(
            save_recording_as(window, source, "Trades: 28/11", is_live=True)
        )
        await eventually(lambda: choosers)
        assert choosers[0].get_current_name() == "Trades-28-11.beam"
        await eventually(lambda: choosers[0].get_file())  # it has found where it begins
        choosers[0].set_current_folder(Gio.File.new_for_path(str(tmp_path / "to")))
        choosers[0].set_current_name("copy")
        await eventually(lambda: is_chosen(choosers[0], tmp_path / "to" / "copy"))
        choosers[0].emit("response", Gtk.ResponseType.ACCEPT)
        assert await saving == tmp_path / "to" / "copy.beam"
        assert not dialogs()
    copy = read(tmp_path / "to" / "copy.beam")
    assert copy.entry(0).payload == b"hello"
    assert not ended_abruptly(copy)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Trades of today", "Trades of today.beam"),
        ("ws://localhost:9101/feed", "localhost-9101-feed.beam"),
        ("wss://one.test/?token=•••", "one.test-token.beam"),
        ("ws+unix:/run/app.sock:/x", "run-app.sock-x.beam"),
        ("../../etc/passwd", "etc-passwd.beam"),
        (".hidden", "hidden.beam"),
        ("a\nb\u202ec", "a␊b⟨202E⟩c.beam"),
        ("größer 価格", "größer 価格.beam"),
        ("", "recording.beam"),
        ("///", "recording.beam"),
        ("価" * 200, "価" * 40 + ".beam"),
    ],
)
def test_the_name_of_a_recording_becomes_that_of_its_file(name: str, file: str) -> None:
    proposed = proposed_name(name)
    assert "/" not in proposed
    assert proposed.isprintable()
    assert len(proposed.encode()) < 255
    assert proposed == file


async def test_without_a_file_nothing_is_saved(
    tmp_path: Path, choosers: list[Gtk.FileChooserNative]
) -> None:
    async with parent() as window:
        saving = asyncio.ensure_future(save_recording_as(window, tmp_path / "one.beam", "one"))
        await eventually(lambda: choosers)
        choosers[0].emit("response", Gtk.ResponseType.CANCEL)
        assert await saving is None


async def test_a_failed_save_is_explained(tmp_path: Path) -> None:
    source = write_recording(tmp_path / "one.beam", "hello")
    async with parent() as window:
        saving = asyncio.ensure_future(save_to(window, source, tmp_path / "no" / "copy.beam"))
        shown = await dialog()
        assert any("No such file or directory" in one for one in words(shown))
        shown.close()
        assert not await saving


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Copying goes a page a step, and after the first only when this is set."""
    going = threading.Event()
    original = saving.save_copy

    def save_copy(*arguments: object, **more: object) -> None:
        source, target, on_progress, is_cancelled = arguments
        assert callable(on_progress)
        assert callable(is_cancelled)

        def slowly(share: float) -> None:
            on_progress(share)
            while not (going.wait(0.01) or is_cancelled()):
                pass

        original(source, target, slowly, is_cancelled, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "_PAGES_PER_STEP", 1)
    monkeypatch.setattr(save_as, "save_copy", save_copy)
    return going


async def test_progress_is_shown(tmp_path: Path, slow: threading.Event) -> None:
    source = write_recording(tmp_path / "one.beam", "hello")
    async with parent() as window:
        saving = asyncio.ensure_future(save_to(window, source, tmp_path / "copy.beam"))
        shown = await dialog()
        assert "Saving the recording" in words(shown)
        (bar,) = descendants(shown, Gtk.ProgressBar)
        assert 0 < bar.get_fraction() < 1
        slow.set()
        assert await saving
        await eventually(lambda: not dialogs())
    assert read(tmp_path / "copy.beam").entry(0).payload == b"hello"


async def test_a_cancelled_save_leaves_no_file(tmp_path: Path, slow: threading.Event) -> None:
    source = write_recording(tmp_path / "from" / "one.beam", "hello")
    async with parent() as window:
        saving = asyncio.ensure_future(save_to(window, source, tmp_path / "copy.beam"))
        (await dialog()).close()
        assert not await saving
    assert [one.name for one in tmp_path.glob("*.beam")] == []
    assert [one.name for one in tmp_path.glob(".*")] == []


def test_the_chooser_has_a_filter_for_recordings_and_one_for_all_files() -> None:
    recordings, every = file_filters()
    for name, is_recording in (("one.beam", True), ("one.txt", False)):
        info = Gio.FileInfo()
        info.set_display_name(name)
        info.set_content_type("text/plain")
        assert recordings.match(info) is is_recording
        assert every.match(info)
