"""Full and unwritable disks: the error is reported, nothing is lost, recording resumes."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from spacebeam.recording import opening, writer
from spacebeam.recording.errors import StorageCause, StorageError
from tests.support.batches import check_numbers
from tests.support.disks import disk, file_size_limit, unwritable
from tests.support.recordings import (
    Feed,
    entries_in_file,
    has_writer_thread,
    new_recording,
    opened_recording,
    store_of,
    until_written,
)
from tests.support.waiting import eventually

_SIZE = 10_000  # bytes of a message


async def test_recording_resumes_when_a_full_disk_has_room(tmp_path: Path) -> None:
    with disk(tmp_path / "small", "4M") as small:
        path = small.folder / "x.beam"
        with new_recording(path) as recording:
            feed = Feed(recording)
            await feed.until_paused(20, _SIZE)
            await feed.until_storage_error(
                "The disk is full: nothing more can be recorded. Free some space."
            )
            assert check_numbers(recording, _SIZE) == feed.count  # all entries can be read
            # The file has as much as there is room for, in case the program ends now.
            await eventually(lambda: entries_in_file(path) > 100)
            assert entries_in_file(path) < feed.count
            small.change("size=64M")
            await feed.until_resumed()
            feed.add(20, _SIZE)
            await until_written(recording)
            assert feed.errors[-1] == ""
        with opened_recording(path) as read:
            assert check_numbers(read, _SIZE) == feed.count


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retry soon after a storage error."""
    monkeypatch.setattr(writer, "_RETRY_DELAY_S", 0.05)


@pytest.mark.usefixtures("soon")
async def test_a_disk_that_is_full_repeatedly_loses_nothing(tmp_path: Path) -> None:
    with disk(tmp_path / "small", "2M") as small:
        path = small.folder / "x.beam"
        with new_recording(path) as recording:
            feed = Feed(recording)
            for room in (36, 80):
                while recording.storage_error is None:  # the disk may only be slow
                    await feed.until_paused(20, _SIZE)
                    await asyncio.sleep(0)
                small.change(f"size={room}M")
                await feed.until_resumed()
                assert recording.storage_error is None
            await until_written(recording)
            faults = [fault.partition(":")[0] for fault in feed.errors]
            assert faults == ["The disk is full", ""] * 2
        with opened_recording(path) as read:
            assert check_numbers(read, _SIZE) == feed.count


@pytest.mark.usefixtures("soon")
async def test_recording_resumes_when_another_file_is_removed_from_a_full_disk(
    tmp_path: Path,
) -> None:
    with disk(tmp_path / "small", "16M") as small:
        path, filler = small.folder / "x.beam", small.folder / "filler"
        filler.write_bytes(bytes(16 * 2**20 - 8192))
        with new_recording(path) as recording:
            feed = Feed(recording)
            feed.add(20, _SIZE)
            await feed.until_storage_error("The disk is full")
            filler.unlink()
            await feed.until_resumed()
            await until_written(recording)
        with opened_recording(path) as read:
            assert check_numbers(read, _SIZE) == 20


@pytest.mark.usefixtures("soon")
async def test_a_recording_can_be_moved_from_a_full_disk(tmp_path: Path) -> None:
    other = tmp_path / "y.beam"
    with disk(tmp_path / "small", "2M") as small:
        path = small.folder / "x.beam"
        with new_recording(path) as recording:
            feed = Feed(recording)
            moves: list[StorageError | None] = []
            await feed.until_paused(20, _SIZE)
            await feed.until_storage_error("The disk is full")
            full = small.folder / "y.beam"
            store_of(recording).move(full, moves.append)
            await eventually(lambda: moves)
            assert moves[0] is not None
            assert moves[0].cause is StorageCause.DISK_FULL
            assert not full.exists()
            store_of(recording).move(other, moves.append)
            await eventually(lambda: len(moves) == 2)
            await feed.until_resumed()
            feed.add(20, _SIZE)
        assert moves[1] is None
    with opened_recording(other) as read:
        assert check_numbers(read, _SIZE) == feed.count


async def test_closing_on_a_full_disk_gives_up_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_RETRY_DELAY_S", 3600.0)
    with disk(tmp_path / "small", "2M") as small:
        recording = opening.create(small.folder / "x.beam", asyncio.get_running_loop())
        feed = Feed(recording)
        await feed.until_paused(20, _SIZE)
        await feed.until_storage_error("The disk is full")
        assert recording.close(10.0) is False
        assert not has_writer_thread()
        with opened_recording(small.folder / "x.beam") as read:
            assert 100 < check_numbers(read, _SIZE) < feed.count


async def test_a_disk_that_is_full_at_the_close_is_reported(tmp_path: Path) -> None:
    """The main loop does not run during the close."""
    with disk(tmp_path / "small", "2M") as small:
        recording = opening.create(small.folder / "x.beam", asyncio.get_running_loop())
        Feed(recording).add(400, _SIZE)
        assert recording.close(10.0) is False
        assert recording.storage_error is not None
        assert recording.storage_error.cause is StorageCause.DISK_FULL


async def test_a_file_size_limit_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        with file_size_limit(2**20):
            await feed.until_paused(20, _SIZE)
            await feed.until_storage_error(
                "Check the free space and the limit on the size of files."
            )
            assert check_numbers(recording, _SIZE) == feed.count
        await feed.until_resumed()
        await until_written(recording)
    with opened_recording(path) as read:
        assert check_numbers(read, _SIZE) == feed.count


async def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    path = folder / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        with unwritable(folder):
            feed.add(20, _SIZE)
            await feed.until_storage_error(
                f"Nothing can be written in {folder}. Allow writing there"
            )
            assert check_numbers(recording, _SIZE) == 20
        await feed.until_resumed()
        await until_written(recording)
    with opened_recording(path) as read:
        assert check_numbers(read, _SIZE) == 20
