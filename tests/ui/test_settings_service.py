"""The settings service saves settings, emits their changes, and explains a failure to save."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from spacebeam.library.retention import RetentionPolicy
from spacebeam.library.settings import load
from spacebeam.ui.settings_service import SettingsService
from tests.support.waiting import eventually, settled
from tests.ui.doing import Heard


def test_a_remembered_address_is_saved_at_once(
    keeper: SettingsService, settings_path: Path
) -> None:
    changes = Heard(keeper, "changed")
    keeper.remember("ws://one.test/")
    keeper.remember("ws://two.test/")
    assert load(settings_path).recent == ["ws://two.test/", "ws://one.test/"]
    assert len(changes) == 2


def test_a_forgotten_address_is_removed_at_once(
    keeper: SettingsService, settings_path: Path
) -> None:
    keeper.remember("ws://one.test/")
    keeper.forget("ws://one.test/")
    assert load(settings_path).recent == []
    assert "one.test" not in settings_path.read_text()


def test_the_retention_policy_is_saved_at_once(
    keeper: SettingsService, settings_path: Path
) -> None:
    changes = Heard(keeper, "changed")
    keeper.set_retention(RetentionPolicy(7, None))
    assert load(settings_path).retention_policy == RetentionPolicy(7, None)
    assert len(changes) == 1


def test_recordings_are_in_the_users_data_folder(keeper: SettingsService, tmp_path: Path) -> None:
    assert keeper.recordings.folder == tmp_path / "data/spacebeam/recordings"


def test_forgetting_an_unknown_address_does_nothing(keeper: SettingsService) -> None:
    keeper.forget("ws://nowhere.test/")
    assert keeper.settings.recent == []


def test_settings_that_cannot_be_saved_are_still_used(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    keeper = SettingsService(tmp_path / "taken" / "settings.json")
    changes = Heard(keeper, "changed")
    keeper.remember("ws://one.test/")
    assert keeper.settings.recent == ["ws://one.test/"]
    assert keeper.save_error.startswith("The settings could not be saved: ")
    assert changes


def test_the_error_ends_with_the_next_successful_save(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("")
    keeper = SettingsService(taken / "settings.json")
    keeper.save()
    assert keeper.save_error
    taken.unlink()
    keeper.save()
    assert keeper.save_error == ""


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_the_program_starts_with_damaged_settings(settings_path: Path, content: str) -> None:
    settings_path.parent.mkdir(parents=True)
    settings_path.write_text(content)
    assert SettingsService(settings_path).settings.recent == []


@pytest.mark.parametrize("is_link", [False, True])
async def test_an_edit_by_hand_is_taken_up_while_the_program_runs(
    settings_path: Path, tmp_path: Path, is_link: bool
) -> None:
    target = tmp_path / "dotfiles.json" if is_link else settings_path
    settings_path.parent.mkdir(parents=True)
    if is_link:
        settings_path.symlink_to(target)
    keeper = SettingsService(settings_path)
    keeper.remember("ws://one.test/")
    changes = Heard(keeper, "changed")
    for number in range(2):  # in place, and by renaming as some editors do
        address = f"ws://by-hand.test/{number}"
        written = target if number else target.with_name("edited.json")
        written.write_text(json.dumps({"recent": [address]}))
        written.replace(target)
        await eventually(partial([address].__eq__, keeper.settings.recent))
    assert changes
    keeper.remember("ws://two.test/")
    assert load(settings_path).recent == ["ws://two.test/", "ws://by-hand.test/1"]


async def test_its_own_changes_are_not_taken_for_those_of_others(
    keeper: SettingsService, settings_path: Path
) -> None:
    changes = Heard(keeper, "changed")
    keeper.remember("ws://one.test/")
    settings_path.with_name("other.json").write_text('{"window_width": 640}')
    await settled(lambda: len(changes))
    assert len(changes) == 1
