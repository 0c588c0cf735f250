"""Opening a recording's file: without a remark, with one, or with an explained error."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError
from spacebeam.ui.recordings.opened_recording import open_recording
from spacebeam.wording.recordings import recording_error_words
from tests.library.files import another_program_writes, emptied, write_recording
from tests.support.batches import numbered_batch
from tests.support.recordings import new_recording, until_written

ADDRESS = "ws://host.test/feed"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "a.beam", "one", "two", address=ADDRESS)


async def refused(path: Path) -> str:
    """Why a file cannot be opened."""
    with pytest.raises(RecordingError) as caught:
        await open_recording(path)
    return recording_error_words(caught.value)


async def test_a_complete_recording_has_no_remark(path: Path) -> None:
    recorded = await open_recording(path)
    assert recorded.remark == ""
    assert recorded.recording.facts["address"] == ADDRESS
    assert [recorded.recording.entry(number).payload for number in range(2)] == [b"one", b"two"]
    assert recorded.recording.close(10.0)


async def test_opening_and_closing_does_not_change_the_file(path: Path) -> None:
    before = path.read_bytes()
    recorded = await open_recording(path)
    assert recorded.recording.close(10.0)
    assert path.read_bytes() == before


async def test_a_recording_that_was_not_closed_has_a_remark(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "a.beam", "one", ended=False)
    recorded = await open_recording(path)
    assert recorded.remark.startswith("This recording was not closed properly: ")
    assert len(recorded.recording) == 1
    recorded.recording.close()


async def test_a_recording_that_another_program_writes_has_a_remark(path: Path) -> None:
    with another_program_writes(path):
        recorded = await open_recording(path)
        assert recorded.remark.startswith("This recording is still being written.")
        assert len(recorded.recording) == 2
        recorded.recording.close()


async def test_a_recording_that_this_program_writes_has_a_remark(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    with new_recording(path) as live:
        live.append(numbered_batch(0, 3))
        await until_written(live)
        recorded = await open_recording(path)
        assert recorded.remark.startswith("This recording is still being written.")
        live.append(numbered_batch(3, 3))
        await until_written(live)
        assert len(recorded.recording) == 3  # as it was
        recorded.recording.close()
        live.append(numbered_batch(6, 3))
        await until_written(live)


async def test_an_empty_recording_is_opened(tmp_path: Path) -> None:
    recorded = await open_recording(emptied(tmp_path / "a.beam"))
    assert len(recorded.recording) == 0
    recorded.recording.close()


async def test_a_file_that_is_no_recording_is_explained(tmp_path: Path) -> None:
    other = tmp_path / "a.beam"
    other.write_text("not a recording at all, but something else" * 100)
    assert await refused(other) == f"{other} is not a recording of Spacebeam."
    assert await refused(tmp_path) == f"{tmp_path} is a folder, not a recording."
    assert await refused(tmp_path / "gone") == f"There is no file {tmp_path / 'gone'}."


async def test_a_newer_format_is_explained(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 999")
        connection.commit()
    assert "newer" in await refused(path)


async def test_a_damaged_recording_is_explained(path: Path) -> None:
    contents = path.read_bytes()
    path.write_bytes(contents[: len(contents) // 2 - 100])
    assert "is damaged" in await refused(path)


async def test_the_main_loop_runs_while_a_file_is_opened(path: Path) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    recorded = await open_recording(path)
    counting.cancel()
    recorded.recording.close()
    assert turns > 1
