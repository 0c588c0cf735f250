"""After a power cut a recording opens, with everything committed two seconds before.

The writer is the real one, on a disk that loses any part of what was not synced.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording import file, opening, writer
from spacebeam.recording.errors import RecordingError, RecordingFault, StorageError
from spacebeam.recording.file import open_to_read
from spacebeam.recording.opening import ended_abruptly
from tests.support.batches import check_numbers
from tests.support.power_cut import Contents, PowerCutDisk
from tests.support.recordings import (
    Feed,
    new_recording,
    opened_recording,
    store_of,
    until_written,
)
from tests.support.waiting import eventually

CUTS = int(os.environ.get("SPACEBEAM_CUTS") or 20)  # `make robust` asks for more
_CUTS_PER_RUN = 10
_STEPS = 40  # of one run
_GUARANTEED_S = 2.0


async def record(
    path: Path, disk: PowerCutDisk, dice: random.Random, monkeypatch: pytest.MonkeyPatch
) -> int:
    """Record floods and single messages, and close; return the number of entries."""
    monkeypatch.setattr(writer, "monotonic", disk.clock)
    if dice.random() < 0.7:  # many steps of the log in a short flood
        monkeypatch.setattr(file, "_CHECKPOINT_PAGES", dice.choice((8, 40)))
    with disk.noting(monkeypatch):
        recording = opening.create(path, asyncio.get_running_loop())
        feed = Feed(recording)
        snapshot = contextlib.ExitStack()
        for _step in range(_STEPS):
            if dice.random() < 0.6:
                for _batch in range(dice.randrange(1, 25)):
                    feed.add(dice.choice((300, 600)))
            else:
                feed.add(dice.randrange(1, 5))
            store_of(recording).flush()
            await eventually(lambda: store_of(recording).is_written)
            disk.committed(feed.count)
            disk.advance(dice.uniform(0.05, 0.5))
            if dice.random() < 0.1:  # the log cannot begin again while this state is read
                snapshot.close()
                if dice.random() < 0.5:
                    snapshot.enter_context(reading(path))
        snapshot.close()
        recording.mark_complete(disk.now)
        assert recording.close(10.0)
        disk.committed(feed.count)
    return feed.count


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    with closing(open_to_read(path)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM block").fetchone()
        yield


def check_after_cut(path: Path, least: int) -> None:
    """Check an undamaged recording with at least `least` entries, in order."""
    if least == 0 and not path.exists():
        return
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    try:
        with opened_recording(path) as recording:
            assert check_numbers(recording) >= least
    except RecordingError as error:
        assert (error.fault, least) == (RecordingFault.IS_EMPTY, 0)  # noqa: PT017


def guaranteed(disk: Contents, now: float) -> int:
    """Return the number of entries that a cut may not lose."""
    return max((count for when, count in disk.committed if when <= now - _GUARANTEED_S), default=0)


@pytest.mark.parametrize("number", range(CUTS // _CUTS_PER_RUN))
async def test_a_power_cut_damages_nothing_and_loses_two_seconds_at_most(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, disk = random.Random(number), PowerCutDisk()
    await record(tmp_path / "x.beam", disk, dice, monkeypatch)
    moments = sorted(dice.randrange(1, len(disk.events)) for _cut in range(_CUTS_PER_RUN))
    for cut, (contents, now) in enumerate(disk.cut(moments)):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        contents.write_after_cut(folder, dice)
        check_after_cut(folder / "x.beam", guaranteed(contents, now))


async def test_a_power_cut_after_the_close_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, disk = random.Random(0), PowerCutDisk()
    count = await record(tmp_path / "x.beam", disk, dice, monkeypatch)
    for cut in range(5):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        ((contents, _now),) = disk.cut([len(disk.events)])
        contents.write_after_cut(folder, dice)
        check_after_cut(folder / "x.beam", count)
        with opened_recording(folder / "x.beam") as recording:
            assert not ended_abruptly(recording)


async def test_a_power_cut_after_a_move_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dice, disk, other = random.Random(0), PowerCutDisk(), tmp_path / "other" / "y.beam"
    other.parent.mkdir()
    with disk.noting(monkeypatch), new_recording(tmp_path / "x.beam") as recording:
        feed, moves = Feed(recording), list[StorageError | None]()
        feed.add(5000)
        await until_written(recording)
        store_of(recording).move(other, moves.append)
        await eventually(lambda: moves == [None])
        moment = len(disk.events)
    for cut in range(20):
        folder = tmp_path / f"cut-{cut}"
        folder.mkdir()
        ((contents, _now),) = disk.cut([moment])
        contents.write_after_cut(folder, dice)
        check_after_cut(folder / "y.beam", feed.count)
