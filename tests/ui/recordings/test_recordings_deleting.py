"""Deleting recordings in their window, and bringing them back."""

from __future__ import annotations

from pathlib import Path

import pytest
from gi.repository import Adw, Gtk

from spacebeam.ui.recordings import recording_deleter
from spacebeam.ui.recordings.recordings_window import RecordingsWindow
from spacebeam.ui.settings_service import SettingsService
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import click, descendants, words
from tests.ui.recordings.test_dialogs import dialog, dialogs
from tests.ui.recordings.windows import act, names, opened


async def test_a_deleted_one_comes_back_with_undo(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        await eventually(lambda: names(window) == ["ws://two.test/"])
        assert not one.exists()
        assert window._list.selected is not None
        click(await undo(window))
        await eventually(lambda: names(window) == ["ws://two.test/", "ws://one.test/"])
        # A look at the folder that was under way may have seen it before it was known to be back.
        await eventually(lambda: selected(window) == one)
    assert one.exists()


def selected(window: RecordingsWindow) -> Path | None:
    kept = window._list.selected
    return None if kept is None else kept.path


async def test_what_was_deleted_last_can_be_brought_back_first(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        await eventually(lambda: "“ws://one.test/” deleted" in words(window))
        act(window, "delete", 0)
        await eventually(lambda: "“ws://two.test/” deleted" in words(window))


async def test_deleted_ones_come_back_by_the_key_the_last_one_first(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        await eventually(lambda: len(window._deleter._deleted) == 1)
        act(window, "delete", 0)
        await eventually(lambda: len(window._deleter._deleted) == 2)
        window.activate_action("recordings.undo", None)
        await eventually(lambda: names(window) == ["ws://two.test/"])
        assert not one.exists()
        window.activate_action("recordings.undo", None)
        await eventually(lambda: names(window) == ["ws://two.test/", "ws://one.test/"])
        window.activate_action("recordings.undo", None)  # nothing is left
        assert window._deleter._deleted == {}
    assert one.exists()


async def undo(window: RecordingsWindow) -> Gtk.Button:
    def buttons() -> list[Gtk.Button]:
        every = descendants(window._toast_overlay, Gtk.Button)
        return [each for each in every if each.get_label() == "Undo" and each.get_mapped()]

    await eventually(buttons)
    return buttons()[0]


async def test_who_puts_the_offer_away_can_still_undo(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        await undo(window)
        (toast,) = window._deleter._deleted.values()
        toast.dismiss()
        await eventually(lambda: "“ws://one.test/” deleted" not in words(window))
        window.activate_action("recordings.undo", None)
        await eventually(lambda: names(window) == ["ws://two.test/", "ws://one.test/"])
    assert one.exists()


async def test_what_is_no_longer_offered_is_gone_a_little_later(
    keeper: SettingsService, one: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_deleter, "_GRACE_S", 0.0)
    async with opened(keeper) as window:
        act(window, "delete")
        await undo(window)
        (toast,) = window._deleter._deleted.values()
        assert isinstance(toast, Adw.Toast)
        (deleted,) = window._deleter._deleted
        window._deleter._on_toast_dismissed(toast, deleted)
        await eventually(lambda: not list(keeper.recordings.folder.glob(".deleted/*")))
        window._deleter._on_toast_button_clicked(toast, deleted)
    assert not one.exists()


async def test_what_was_deleted_is_forgotten_with_the_window(
    keeper: SettingsService, one: Path
) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        await eventually(lambda: window._deleter._deleted)
    assert not list(keeper.recordings.folder.glob(".deleted/*"))


async def test_one_that_cannot_come_back_says_why(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        act(window, "delete")
        click_on = await undo(window)
        one.write_bytes(b"another")
        click(click_on)
        shown = await dialog()
        assert "Could not restore the recording" in words(shown)
        shown.close()
        await eventually(lambda: not dialogs())


async def test_one_that_cannot_be_deleted_says_why(keeper: SettingsService, one: Path) -> None:
    async with opened(keeper) as window:
        one.unlink()
        act(window, "delete")
        shown = await dialog()
        assert "Could not delete the recording" in words(shown)
        shown.close()
        await eventually(lambda: not dialogs())


async def test_a_name_in_a_toast_is_not_taken_for_markup(keeper: SettingsService) -> None:
    folder = keeper.recordings.folder
    write_recording(folder / "one.beam", "a", title="<b>&")
    async with opened(keeper) as window:
        act(window, "delete", 0)
        await undo(window)
        assert "“<b>&” deleted" in words(window)
