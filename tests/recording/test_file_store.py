"""The store in a file reports when too much is pending, and reads blocks back from anywhere."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from spacebeam.recording import file_store, writer
from spacebeam.recording.block import Block
from spacebeam.recording.errors import StorageError
from spacebeam.recording.file_store import FileStore
from tests.support.batches import check_numbers, numbered_batch, packed
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

_ENTRIES = 4096  # of a block of empty messages


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the file often, and retry soon after a storage error."""
    monkeypatch.setattr(writer, "_RETRY_DELAY_S", 0.05)
    monkeypatch.setattr(writer, "_CHECK_INTERVAL_S", 0.05)


async def test_a_block_is_read_from_memory_or_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    made = FileStore(path, asyncio.get_running_loop())
    block = Block(0, numbered_batch(0, 10, 10_000))
    made.save_block(block, is_complete=True)
    assert made.block(0) is block
    assert made.entry(0, 3, 16).payload == b"%016d" % 3
    await eventually(lambda: entries_in_file(path) == 10)
    await eventually(lambda: made.block(0) is not block)
    assert made.entry(0, 3, 16).payload == b"%016d" % 3
    assert made.close(10.0) is True


async def test_a_file_store_forgets_no_block(tmp_path: Path) -> None:
    made = FileStore(tmp_path / "x.beam", asyncio.get_running_loop())
    with pytest.raises(NotImplementedError):
        made.forget_block(0)
    assert made.close(0.0) is True
    assert list(tmp_path.iterdir()) == []  # nothing was saved


async def test_observers_are_paused_while_many_bytes_are_pending(tmp_path: Path) -> None:
    path = tmp_path / "there" / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        await feed.until_paused(100, 10_000)
        assert 16 * 2**20 < recording.size < 19 * 2**20
        feed.add(100, 10_000)
        assert feed.pauses == 1
        await feed.until_storage_error("Nothing can be written in")
        assert check_numbers(recording, 10_000) == feed.count
        path.parent.mkdir()
        await feed.until_resumed()
        await until_written(recording)
    assert entries_in_file(path) == feed.count


async def test_pending_empty_messages_count_as_memory(tmp_path: Path) -> None:
    path = tmp_path / "there" / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        while not feed.is_paused:
            recording.append(packed([b""] * _ENTRIES))
            assert recording.block_count < 800
        path.parent.mkdir()
        store_of(recording).retry()
        await feed.until_resumed()
    with opened_recording(path) as read:
        assert len(read) == recording.block_count * _ENTRIES


async def test_pending_handshakes_count_as_memory(tmp_path: Path) -> None:
    path = tmp_path / "there" / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        for number in range(17):
            recording.append(packed([b"%d" % number]))
            recording.add_handshake("x" * 2**20)
        assert feed.is_paused
        path.parent.mkdir()
        store_of(recording).retry()
        await feed.until_resumed()
    with opened_recording(path) as read:
        assert len(read.handshakes) == 17


async def test_a_growing_block_is_queued_once_while_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "_GROWING_DELAY_S", 0.0)
    path = tmp_path / "there" / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        for _ in range(500):
            feed.add(1)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert not feed.is_paused  # 60 KB; queued each time, it would be 15 MB
        path.parent.mkdir()
        store_of(recording).retry()
        await until_written(recording)
    assert entries_in_file(path) == 500


async def test_entries_of_a_removed_file_can_be_read(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(20, 10_000)
        feed.add(3)
        await until_written(recording)
        path.unlink()
        await feed.until_storage_error("The recording's file was moved or removed.")
        feed.add(20, 10_000)
        assert [recording.entry(at, 16).payload for at in (0, 21, 42)] == [
            b"%016d" % at for at in (0, 21, 42)
        ]
        moves: list[StorageError | None] = []
        store_of(recording).move(other, moves.append)
        await eventually(lambda: moves)
        assert moves == [None]
        await feed.until_resumed()
        feed.add(20, 10_000)
        feed.add(2)
        unwritten = recording.store.block(43)
        await eventually(lambda: recording.store.block(43) is not unwritten)
        assert recording.entry(44, 16).payload == b"%016d" % 44  # from the new file
        assert store_of(recording).path == other
        assert feed.errors[-1] == ""
    assert sorted(found.name for found in tmp_path.iterdir()) == ["y.beam"]
    with opened_recording(other) as read:
        assert len(read) == 65
        assert [read.entry(at, 16).payload for at in range(65)] == [
            b"%016d" % at for at in range(65)
        ]


async def test_recording_resumes_in_a_file_that_was_moved_back(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(3)
        await until_written(recording)
        path.rename(tmp_path / "away.beam")
        await feed.until_storage_error("moved or removed")
        feed.add(3)
        (tmp_path / "away.beam").rename(path)
        await feed.until_resumed()
        await until_written(recording)
    assert entries_in_file(path) == 6


async def test_a_file_that_replaced_the_recording_is_unchanged(tmp_path: Path) -> None:
    path, other = tmp_path / "x.beam", tmp_path / "y.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(3)
        await until_written(recording)
        other.write_text("mine")
        other.replace(path)
        await feed.until_storage_error("moved or removed")
        feed.add(3)
        moved = tmp_path / "z.beam"
        store_of(recording).move(moved, lambda _error: None)
        await feed.until_resumed()
    assert path.read_text() == "mine"
    assert entries_in_file(moved) == 6


async def test_closing_with_a_storage_error_gives_up_without_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_RETRY_DELAY_S", 3600.0)
    with new_recording(tmp_path / "there" / "x.beam") as recording:
        feed = Feed(recording)
        feed.add(3)
        await feed.until_storage_error("Nothing can be written in")
        assert recording.close(10.0) is False
        assert not has_writer_thread()
