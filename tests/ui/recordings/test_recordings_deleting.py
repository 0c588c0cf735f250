"""Deleting recordings, and undoing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.ui.recordings import recording_deleter
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import written
from tests.support.waiting import eventually
from tests.ui.doing import click, words
from tests.ui.pageobjects.recordings import opened_recordings
from tests.ui.recordings.test_dialogs import dialog, dialogs


async def test_undo_restores_a_deleted_recording(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        await eventually(lambda: window.names == ["ws://two.test/"])
        assert not one.exists()
        assert window.recordings.selected is not None
        click(await window.undo_button())
        await eventually(lambda: window.names == ["ws://two.test/", "ws://one.test/"])
        # The list may have been read before the deletion was undone; it is then read again.
        await eventually(lambda: window.selected_path == one)
    assert one.exists()


async def test_the_toast_of_the_newest_deletion_is_shown_first(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        await eventually(lambda: window.says_deleted("ws://one.test/"))
        window.act("delete", 0)
        await eventually(lambda: window.says_deleted("ws://two.test/"))


async def test_the_undo_key_restores_the_newest_deletion_first(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        await eventually(lambda: window.says_deleted("ws://one.test/"))
        window.act("delete", 0)
        await eventually(lambda: window.says_deleted("ws://two.test/"))
        window.do("recordings.undo")
        await eventually(lambda: window.names == ["ws://two.test/"])
        assert not one.exists()
        window.do("recordings.undo")
        await eventually(lambda: window.names == ["ws://two.test/", "ws://one.test/"])
        window.do("recordings.undo")  # nothing is left
        await window.reload()
        assert window.names == ["ws://two.test/", "ws://one.test/"]
    assert one.exists()


async def test_the_undo_key_works_after_the_toast_is_closed(
    keeper: SettingsService, one: Path
) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        await window.undo_button()
        window.close_toast()
        await eventually(lambda: not window.says_deleted("ws://one.test/"))
        window.do("recordings.undo")
        await eventually(lambda: window.names == ["ws://two.test/", "ws://one.test/"])
    assert one.exists()


async def test_a_deleted_file_is_removed_after_its_grace_time(
    keeper: SettingsService, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_deleter, "_GRACE_S", 0.0)
    async with opened_recordings(keeper) as window:
        window.act("delete")
        undo = await window.undo_button()
        window.close_toast()
        await eventually(lambda: not list(keeper.recordings.folder.glob(".deleted/*")))
        undo.emit("clicked")  # as the toast disappears
        window.do("recordings.undo")
        await window.reload()
        assert window.names == ["ws://two.test/"]
    assert not one.exists()


async def test_closing_the_window_removes_deleted_files(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        await eventually(lambda: window.says_deleted("ws://one.test/"))
    assert not list(keeper.recordings.folder.glob(".deleted/*"))


async def test_a_failed_undo_is_explained(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        window.act("delete")
        undo = await window.undo_button()
        one.write_bytes(b"another")
        click(undo)
        shown = await dialog()
        assert "Could not restore the recording" in words(shown)
        shown.close()
        await eventually(lambda: not dialogs())


async def test_a_failed_deletion_is_explained(keeper: SettingsService, one: Path) -> None:
    async with opened_recordings(keeper) as window:
        one.unlink()
        window.act("delete")
        shown = await dialog()
        assert "Could not delete the recording" in words(shown)
        shown.close()
        await eventually(lambda: not dialogs())


async def test_markup_in_a_name_is_shown_as_text_in_the_toast(keeper: SettingsService) -> None:
    folder = keeper.recordings.folder
    written(folder / "one.beam", "a", title="<b>&")
    async with opened_recordings(keeper) as window:
        window.act("delete", 0)
        await window.undo_button()
        assert window.says_deleted("<b>&")
