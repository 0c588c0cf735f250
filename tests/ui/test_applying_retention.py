"""The retention policy is applied when the program starts, in a worker thread."""

from __future__ import annotations

import os
import time

from spacebeam.library.retention import DAY_S, RetentionPolicy
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import application


async def test_old_and_deleted_recordings_are_removed(keeper: SettingsService) -> None:
    recordings = keeper.recordings
    now = time.time()
    old = write_recording(recordings.folder / "old.beam", "a", began=now - 40 * DAY_S)
    new = write_recording(recordings.folder / "new.beam", "a", began=now)
    recordings.delete(write_recording(recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    keeping = tasks.start(keeper.apply_retention())
    # A worker puts it aside first, and removes it then.
    await eventually(
        lambda: (
            not old.exists()
            and not any(
                names for _folder, _folders, names in os.walk(recordings.folder / ".deleted")
            )
        )
    )
    assert [one.path for one in recordings.listed()] == [new]
    assert not keeping.done()
    tasks.cancel()
    await tasks.finish()


async def test_recordings_that_are_kept_forever_stay(keeper: SettingsService) -> None:
    keeper.settings.retention_policy = RetentionPolicy(None, None)
    old = write_recording(keeper.recordings.folder / "old.beam", "a", began=1.0)
    keeper.recordings.delete(write_recording(keeper.recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    tasks.start(keeper.apply_retention())
    await eventually(lambda: not list(keeper.recordings.folder.glob(".deleted/*")))
    tasks.cancel()
    await tasks.finish()
    assert old.exists()


async def test_a_failure_to_remove_deleted_recordings_is_reported(keeper: SettingsService) -> None:
    keeper.recordings.folder.mkdir(parents=True)
    (keeper.recordings.folder / ".deleted").touch()
    tasks = Tasks()
    tasks.start(keeper.apply_retention())
    await eventually(lambda: keeper.delete_error)
    tasks.cancel()
    await tasks.finish()
    assert keeper.delete_error.startswith("Deleted recordings cannot be removed")


async def test_the_application_applies_the_policy_when_it_starts(keeper: SettingsService) -> None:
    old = write_recording(keeper.recordings.folder / "old.beam", "a", began=1.0)
    async with application():
        await eventually(lambda: not old.exists())
