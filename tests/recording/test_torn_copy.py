"""A copy of a recording that is being written opens, with what was committed in it."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from spacebeam.recording import file, writer
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import file_summary
from spacebeam.recording.opening import ended_abruptly
from spacebeam.recording.recording import Recording
from spacebeam.recording.schema import PAGE_SIZE
from spacebeam.recording.torn_copy import lacks_pages
from tests.support.batches import check_numbers, numbered
from tests.support.recordings import Feed, new_recording, opened_recording, until_written
from tests.support.waiting import eventually

_PARTS = 4
_LOG_BYTES = 2**20
_ENTRY_BYTES = 120  # about


async def filled(feed: Feed, path: Path) -> int:
    """Record 4.8 MB or more; return how many entries are surely in the file, without its log."""
    for _batch in range(100):
        feed.add(400)
    await until_written(feed.recording)
    least = feed.count - 2 * _LOG_BYTES // _ENTRY_BYTES
    # The log is written to the file by a commit after it has reached its size; not by that one if
    # somebody still reads an earlier state.
    while path.stat().st_size <= least * _ENTRY_BYTES:
        feed.add(400)
        await until_written(feed.recording)
    await eventually(lambda: pages_by_header(path) * PAGE_SIZE <= path.stat().st_size)
    return least


def pages_by_header(path: Path) -> int:
    """Return a file's number of pages by its first one, which is written first."""
    with path.open("rb") as file:
        return int.from_bytes(file.read(32)[28:], "big")


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
        least = await filled(feed, path)
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
        if growth > 4:
            check_readable(read)
        else:
            assert check_numbers(read) >= least
        assert ended_abruptly(read)
        assert file_summary(copy).entries == len(read)


async def test_a_log_that_was_restarted_after_the_file_was_copied_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_CHECKPOINT_PAGES", _LOG_BYTES // 2**15)
    path = tmp_path / "x.beam"
    log = path.with_name("x.beam-wal")
    early = tmp_path / "early.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        await filled(feed, path)
        shutil.copyfile(path, early)
        least = entries_of_copy(early, tmp_path / "alone.beam")
        assert least
        beginnings = {_beginning(log)}
        while len(beginnings) < 4:
            feed.add(400)
            await until_written(recording)
            assert not lacks_pages(path, log)
            beginnings.add(_beginning(log))
            copy = tmp_path / f"{feed.count}.beam"
            shutil.copyfile(early, copy)
            shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
            for _time in range(2):
                with opened_recording(copy) as read:
                    assert check_numbers(read) >= least
                    assert ended_abruptly(read)
        assert len(read) < feed.count - 400


def _beginning(log: Path) -> bytes:
    with log.open("rb") as file:
        return file.read(32)


def written_log(path: Path, frames: list[tuple[int, int]], *, older: int = 0) -> None:
    """Write a log of frames (a page, and after a commit the number of all pages).

    The last `older` ones are of the log before it was restarted.
    """
    content = struct.pack(">IIII8s8x", 0x377F0682, 3007000, PAGE_SIZE, 0, b"new salt")
    for place, frame in enumerate(frames):
        salts = b"old salt" if place >= len(frames) - older else b"new salt"
        content += struct.pack(">II8s8x", *frame, salts) + bytes(PAGE_SIZE)
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("frames", "older", "is_lacking"),
    [
        ([], 0, False),
        ([(3, 0), (4, 4)], 0, False),
        ([(4, 4)], 0, True),
        ([(1, 2)], 0, False),
        ([(3, 3), (5, 5)], 1, False),  # an older frame is not of this log
        ([(3, 3), (4, 0)], 0, False),  # nor one that was not committed
        ([(4, 4), (3, 0)], 0, True),
        ([(4, 2)], 0, False),  # the file was made shorter
        ([(2**32 - 1, 2**32 - 1)], 0, True),
    ],
)
def test_pages_that_are_in_neither_the_file_nor_the_log(
    frames: list[tuple[int, int]], older: int, is_lacking: bool, tmp_path: Path
) -> None:
    path, log = tmp_path / "x.beam", tmp_path / "x.beam-wal"
    path.write_bytes(bytes(2 * PAGE_SIZE))
    written_log(log, frames, older=older)
    assert lacks_pages(path, log) is is_lacking


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(32), bytes(100), b"\xff" * 100])
def test_what_is_no_log_lacks_no_pages(content: bytes, tmp_path: Path) -> None:
    path, log = tmp_path / "x.beam", tmp_path / "x.beam-wal"
    path.touch()
    log.write_bytes(content)
    assert not lacks_pages(path, log)


def test_the_page_that_sqlite_never_writes_is_not_lacking(tmp_path: Path) -> None:
    path, log = tmp_path / "x.beam", tmp_path / "x.beam-wal"
    lock_page = 2**30 // PAGE_SIZE + 1
    with path.open("wb") as file:
        file.truncate(2**30)
    written_log(log, [(lock_page + 1, lock_page + 1)])
    assert not lacks_pages(path, log)
    written_log(log, [(lock_page + 2, lock_page + 2)])
    assert lacks_pages(path, log)
