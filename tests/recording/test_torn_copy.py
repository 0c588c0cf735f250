"""A copy of a recording that is being written opens, with what was committed in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from spacebeam.recording import file, writer
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import file_summary
from spacebeam.recording.opening import ended_abruptly
from spacebeam.recording.recording import Recording
from tests.support.batches import check_numbers, numbered
from tests.support.recordings import Feed, new_recording, opened_recording, until_written

_PARTS = 4
_LOG_BYTES = 2**20
_ENTRY_BYTES = 120  # about


async def copied(feed: Feed, path: Path, folder: Path, order: str, growth: int) -> Path:
    """Copy the files in this order, in parts between which the recording grows; return the copy."""
    folder.mkdir()
    for suffix in order.split():
        source = path.with_name(path.name + suffix.removeprefix("file"))
        with source.open("rb") as original, (folder / source.name).open("wb") as copy:
            for part in range(1, _PARTS + 1):
                size = source.stat().st_size if source.exists() else 0
                copy.write(original.read(size * part // _PARTS - copy.tell()))
                for _batch in range(growth):
                    feed.add(400)
                await until_written(feed.recording)
            copy.write(original.read())
    return folder / path.name


def entries_of_copy(path: Path, copy: Path) -> int:
    """Copy a file without its log; return the number of its entries."""
    shutil.copyfile(path, copy)
    with opened_recording(copy) as read:
        return len(read)


def check_readable(recording: Recording) -> None:
    """The file grew by more than its size: a block may be torn. It says so; others are right."""
    torn = 0
    for index in range(recording.block_count):
        try:
            block = recording.block(index)
        except RecordingError:
            torn += 1
            continue
        for place in range(len(block)):
            payload = bytes(block.data[block.starts[place] : block.ends[place]])
            assert payload == numbered(block.first + place)
    assert torn < max(recording.block_count, 1)


@pytest.mark.parametrize("order", ["file", "file -wal", "-wal file", "file -shm -wal", "-wal"])
@pytest.mark.parametrize("growth", [0, 1, 4, 30, 100])
async def test_a_copy_opens_with_what_was_committed(
    order: str, growth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_CHECKPOINT_PAGES", _LOG_BYTES // 2**15)
    monkeypatch.setattr(writer, "_SYNC_INTERVAL_S", 3600.0)
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        for _batch in range(100):  # 4.8 MB
            feed.add(400)
        await until_written(recording)
        least = feed.count - 2 * _LOG_BYTES // _ENTRY_BYTES
        # The log is written to the file by a commit after it has reached its size; not by that one
        # if somebody still reads an earlier state.
        while path.stat().st_size <= least * _ENTRY_BYTES:
            feed.add(400)
            await until_written(recording)
        if growth > 4:
            least = 0  # the file grows by more than its size: earlier pages of it may have changed
        elif "-wal" not in order:
            least = entries_of_copy(path, tmp_path / "before.beam")
            assert least
        copy = await copied(feed, path, tmp_path / "copy", order, growth)
    if order == "-wal":
        assert not copy.exists()
        return
    with opened_recording(copy) as read:
        if growth > 30:
            check_readable(read)
        else:
            assert check_numbers(read) >= least
        assert ended_abruptly(read)
        assert file_summary(copy).entries == len(read)
