"""What is not to be kept any longer goes when the program starts, beside the main loop."""

from __future__ import annotations

import time

from spacebeam.library.retention import DAY, RetentionPolicy
from spacebeam.ui.settings_service import SettingsService
from spacebeam.ui.tasks import Tasks
from tests.library.files import write_recording
from tests.support.waiting import eventually
from tests.ui.doing import application


async def test_what_is_old_or_was_deleted_before_is_gone(keeper: SettingsService) -> None:
    recordings = keeper.recordings
    now = time.time()
    old = write_recording(recordings.folder / "old.beam", "a", began=now - 40 * DAY)
    new = write_recording(recordings.folder / "new.beam", "a", began=now)
    recordings.delete(write_recording(recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    keeping = tasks.start(keeper.apply_retention())
    # A worker puts it aside first, and removes it then.
    await eventually(lambda: not old.exists() and not list(recordings.folder.glob(".deleted/*/*")))
    assert [one.path for one in recordings.listed()] == [new]
    assert not keeping.done()
    tasks.cancel()
    await tasks.finish()


async def test_what_is_kept_forever_stays(keeper: SettingsService) -> None:
    keeper.settings.retention_policy = RetentionPolicy(None, None)
    old = write_recording(keeper.recordings.folder / "old.beam", "a", began=1.0)
    mark = keeper.recordings.delete(write_recording(keeper.recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    tasks.start(keeper.apply_retention())
    await eventually(lambda: not mark._aside.exists())
    tasks.cancel()
    await tasks.finish()
    assert old.exists()


async def test_that_deleted_ones_cannot_be_removed_is_known(keeper: SettingsService) -> None:
    keeper.recordings.folder.mkdir(parents=True)
    (keeper.recordings.folder / ".deleted").touch()
    tasks = Tasks()
    tasks.start(keeper.apply_retention())
    await eventually(lambda: keeper.delete_error)
    tasks.cancel()
    await tasks.finish()
    assert keeper.delete_error.startswith("Deleted recordings cannot be removed")


async def test_the_application_does_it_when_it_starts(keeper: SettingsService) -> None:
    old = write_recording(keeper.recordings.folder / "old.beam", "a", began=1.0)
    async with application():
        await eventually(lambda: not old.exists())
