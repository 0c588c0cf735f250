"""What is not to be kept any longer goes when the program starts, beside the main loop."""

from __future__ import annotations

import time

from spacebeam.library.retention import DAY, Keeping
from spacebeam.ui.library_keeper import LibraryKeeper
from spacebeam.ui.recordings.upkeep import keep_up
from spacebeam.ui.tasks import Tasks
from tests.library.files import written
from tests.support.waiting import eventually
from tests.ui.doing import application


async def test_what_is_old_or_was_deleted_before_is_gone(keeper: LibraryKeeper) -> None:
    recordings = keeper.recordings
    now = time.time()
    old = written(recordings.folder / "old.beam", "a", began=now - 40 * DAY)
    new = written(recordings.folder / "new.beam", "a", began=now)
    recordings.delete(written(recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    keeping = tasks.start(keep_up(keeper))
    # A worker puts it aside first, and removes it then.
    await eventually(lambda: not old.exists() and not list(recordings.folder.glob(".deleted/*/*")))
    assert [one.path for one in recordings.listed()] == [new]
    assert not keeping.done()
    tasks.cancel()
    await tasks.finish()


async def test_what_is_kept_forever_stays(keeper: LibraryKeeper) -> None:
    keeper.settings.keeping = Keeping(None, None)
    old = written(keeper.recordings.folder / "old.beam", "a", began=1.0)
    mark = keeper.recordings.delete(written(keeper.recordings.folder / "deleted.beam", "a"))
    tasks = Tasks()
    tasks.start(keep_up(keeper))
    await eventually(lambda: not mark._aside.exists())
    tasks.cancel()
    await tasks.finish()
    assert old.exists()


async def test_that_deleted_ones_cannot_be_removed_is_known(keeper: LibraryKeeper) -> None:
    keeper.recordings.folder.mkdir(parents=True)
    (keeper.recordings.folder / ".deleted").touch()
    tasks = Tasks()
    tasks.start(keep_up(keeper))
    await eventually(lambda: keeper.deleted_fault)
    tasks.cancel()
    await tasks.finish()
    assert keeper.deleted_fault.startswith("Deleted recordings cannot be removed")


async def test_the_application_does_it_when_it_starts(keeper: LibraryKeeper) -> None:
    old = written(keeper.recordings.folder / "old.beam", "a", began=1.0)
    async with application():
        await eventually(lambda: not old.exists())
