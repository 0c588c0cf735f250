"""Recordings in a file: entries while it grows, after a close, and when it is reopened."""

from __future__ import annotations

import asyncio
import tempfile
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacebeam.protocol.batch import event_batch
from spacebeam.recording import opening
from spacebeam.recording.block import MAX_ENTRIES
from spacebeam.recording.entry import Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import ended_abruptly
from tests.support.batches import (
    Expected,
    Part,
    batches,
    check,
    check_numbers,
    long_batch,
    numbered,
    numbered_batch,
    packed,
    size_of,
)
from tests.support.loop import run
from tests.support.recordings import (
    Feed,
    entries_in_file,
    new_recording,
    opened_recording,
    store_of,
    until_written,
)


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(batches(), st.sampled_from(("", "", "flushed", "written"))), max_size=8))
def test_a_recording_in_a_file_is_the_list_of_its_entries(parts: list[tuple[Part, str]]) -> None:
    async def keep(path: Path) -> list[Expected]:
        model: list[Expected] = []
        with new_recording(path) as recording:
            for (batch, expected), moment in parts:
                recording.append(batch)
                model += expected
                if moment:
                    store_of(recording).flush()
                if moment == "written" and model:
                    await until_written(recording)
                check(recording, model)
            assert recording.size == size_of(model)
        return model

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.beam")
        model = run(keep(path))
        assert path.exists() == bool(model)
        if model:
            with opened_recording(path) as recording:
                check(recording, model)
                assert recording.size == size_of(model)
                assert recording.began >= 0.0


async def test_an_entry_can_be_read_before_and_after_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    model: list[Expected] = []
    with new_recording(path) as recording:
        for number in range(60):  # more than the reader caches
            batch, expected = long_batch(numbered(number, 400_000))
            recording.append(batch)
            model += expected
            assert recording.entry(number).payload == numbered(number, 400_000)  # unwritten
            await asyncio.sleep(0)
        await until_written(recording)
        check(recording, model)
        check(recording, model)  # those read first are no longer cached
        for index in range(recording.block_count):
            assert recording.block(index).entry(0).payload == model[index].payload
    with opened_recording(path) as read:
        check(read, model)


async def test_a_growing_block_is_written_without_being_complete(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        for number in range(5):
            recording.append(numbered_batch(number, 1))
            await until_written(recording)
            assert recording.block_count == 1
            with opened_recording(path) as read:
                assert check_numbers(read) == number + 1
                assert ended_abruptly(read)
    assert entries_in_file(path) == 5


async def test_pending_entries_are_written_at_the_close(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    recording = opening.create(path, asyncio.get_running_loop())
    feed = Feed(recording)
    feed.add(3)
    feed.add(2, 100_000)
    recording.mark_complete(9.0)
    assert recording.close(10.0) is True
    assert sorted(found.name for found in tmp_path.iterdir()) == ["x.beam"]
    with opened_recording(path) as read:
        assert len(read) == 5
        assert not ended_abruptly(read)
    assert recording.close(10.0) is True  # a second close changes nothing


async def test_more_entries_than_a_block_holds_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    count = 2 * MAX_ENTRIES + 10
    with new_recording(path) as recording:
        recording.append(packed([b"%016d" % number for number in range(count)]))
        recording.append(packed([b""] * count))
    with opened_recording(path) as read:
        assert len(read) == 2 * count
        places = range(0, count, 997)
        assert [read.entry(at).payload for at in places] == [b"%016d" % at for at in places]
        assert read.entry(count).payload == b""


async def test_facts_marks_and_handshakes_are_saved(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        recording.add_handshake('{"url": "ws://elsewhere"}')
        recording.add_handshake('{"url": "ws://there"}')
        recording.append(event_batch(5.0, b"Connected"))
        recording.add_handshake("[]")
        recording.append(numbered_batch(0, 9))
        recording.set_fact("title", "A feed \udcff\0 ü")
        recording.set_fact("began", 5.0)
        recording.star(3, is_starred=True)
        recording.set_mark(4, Mark(True, "look"))
        recording.set_mark(5, Mark(True, "no"))
        recording.star(4, is_starred=False)
        recording.set_mark(5, Mark())
        handshakes = recording.handshakes
    with opened_recording(path) as read:
        assert read.handshakes == handshakes == [(0, '{"url": "ws://there"}'), (1, "[]")]
        assert read.facts == {"title": "A feed ?\0 ü", "began": 5.0}
        assert read.marks == {3: Mark(True), 4: Mark(note="look")}
        assert read.stars == {3}


async def test_a_reopened_recording_can_be_marked_and_continued(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    loop = asyncio.get_running_loop()
    with new_recording(path) as recording:
        recording.append(numbered_batch(0, 10))
        recording.mark_complete(9.0)
    before = path.read_bytes()
    recording = opening.reopen(path, loop)
    assert check_numbers(recording) == 10
    assert recording.close(10.0) is True
    assert path.read_bytes() == before  # reading changes nothing
    recording = opening.reopen(path, loop)
    recording.star(3, is_starred=True)
    recording.append(numbered_batch(10, 5))
    assert check_numbers(recording) == 15
    assert recording.close(10.0) is True
    with opened_recording(path) as read:
        assert check_numbers(read) == 15
        assert read.stars == {3}
        assert ended_abruptly(read)


async def test_a_new_recording_does_not_overwrite_another(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        recording.append(numbered_batch(0, 10))
    second = opening.create(path, asyncio.get_running_loop())
    feed = Feed(second)
    feed.add(1)
    await feed.until_storage_error(f"There is already a file {path}.")
    store_of(second).move(tmp_path / "y.beam", lambda _error: None)
    await feed.until_resumed()
    assert second.close(10.0) is True
    assert (entries_in_file(path), entries_in_file(tmp_path / "y.beam")) == (10, 1)


def test_a_missing_file_cannot_be_reopened(tmp_path: Path) -> None:
    loop = asyncio.new_event_loop()
    with pytest.raises(RecordingError, match="no such file"):
        opening.reopen(tmp_path / "x.beam", loop)
    loop.close()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("is_closed", [False, True])
async def test_a_recording_is_complete_only_when_all_entries_are_written(
    is_closed: bool, tmp_path: Path
) -> None:
    """The file is marked complete after its last entry, never before."""
    path = tmp_path / "x.beam"
    with new_recording(path) as recording:
        feed = Feed(recording)
        feed.add(20)
        await until_written(recording)
        feed.add(20)
        recording.mark_complete(time.time())
        if is_closed:
            recording.close()
        while True:
            with opened_recording(path) as read:
                if not ended_abruptly(read):
                    assert len(read) == feed.count
                    break
            await asyncio.sleep(0)
