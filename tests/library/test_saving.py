"""A saved copy is complete or does not exist, even while the recording grows."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from spacebeam.library.saving import SaveCancelledError, save_copy
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import create, ended_abruptly
from tests.library.files import add, another_program_writes, until_written, write_recording
from tests.support.recordings import read
from tests.support.waiting import eventually


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_recording(tmp_path / "from" / "one.beam", "hello", title="The crash")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "to").mkdir()
    return tmp_path / "to" / "copy.beam"


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_a_copy_is_equal_and_one_file(source: Path, target: Path) -> None:
    save_copy(source, target)
    assert names(target.parent) == ["copy.beam"]
    copy, original = read(target), read(source)
    assert copy.facts == original.facts
    assert copy.entry(0) == original.entry(0)
    assert target.stat().st_mode & 0o077 == 0


def test_progress_is_reported_up_to_the_end(source: Path, target: Path) -> None:
    shares: list[float] = []
    save_copy(source, target, shares.append)
    assert shares[-1] == 1.0
    assert shares == sorted(shares)


def test_an_earlier_copy_is_replaced_with_its_wal(source: Path, target: Path) -> None:
    write_recording(target, "old")
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).write_bytes(b"stale")
    save_copy(source, target)
    assert names(target.parent) == ["copy.beam"]
    assert read(target).entry(0).payload == b"hello"


def test_a_cancelled_copy_leaves_the_earlier_file(source: Path, target: Path) -> None:
    target.write_bytes(b"older")
    with pytest.raises(SaveCancelledError):
        save_copy(source, target, is_cancelled=lambda: True)
    assert names(target.parent) == ["copy.beam"]
    assert target.read_bytes() == b"older"


@pytest.mark.parametrize("way", ["same", "linked"])
def test_a_recording_is_not_saved_over_itself(source: Path, tmp_path: Path, way: str) -> None:
    target = source
    if way == "linked":
        target = tmp_path / "link.beam"
        target.symlink_to(source)
    with pytest.raises(RecordingError, match="the recording itself"):
        save_copy(source, target)
    assert len(read(source)) == 1


def test_a_recording_in_use_is_not_replaced(source: Path, target: Path) -> None:
    write_recording(target, "old", ended=False)
    with another_program_writes(target), pytest.raises(RecordingError, match="is in use"):
        save_copy(source, target)
    opened = read(target)
    with pytest.raises(RecordingError, match="is in use"):
        save_copy(source, target)
    opened.close()
    save_copy(source, target)
    assert read(target).entry(0).payload == b"hello"


def test_saving_into_a_missing_folder_is_refused(source: Path, target: Path) -> None:
    with pytest.raises(RecordingError, match="No such file or directory"):
        save_copy(source, target.parent / "nowhere" / "copy.beam")


def test_a_folder_cannot_be_replaced(source: Path, target: Path) -> None:
    target.mkdir()
    with pytest.raises(RecordingError, match="cannot be saved"):
        save_copy(source, target)
    assert names(target.parent) == ["copy.beam"]


def test_saving_a_file_that_is_no_recording_is_refused(tmp_path: Path, target: Path) -> None:
    source = tmp_path / "words.beam"
    source.write_bytes(b"words" * 1000)
    with pytest.raises(RecordingError, match="is not a recording"):
        save_copy(source, target)
    assert names(target.parent) == []


_FULL = """
import resource, signal, sys
from pathlib import Path
from spacebeam.library.saving import save_copy
from spacebeam.recording.errors import RecordingError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save_copy(Path(sys.argv[1]), Path(sys.argv[2]))
except RecordingError as error:
    print(error)
"""


def test_saving_on_a_full_disk_is_refused_and_leaves_nothing(tmp_path: Path, target: Path) -> None:
    source = write_recording(tmp_path / "large.beam", "x" * 1_000_000)
    ended = subprocess.run(
        [sys.executable, "-c", _FULL, source, target], capture_output=True, text=True, check=False
    )
    assert "not enough space" in ended.stdout, ended.stderr
    assert names(target.parent) == []


async def test_a_live_recording_is_copied_while_it_grows(tmp_path: Path, target: Path) -> None:
    path = tmp_path / "live.beam"
    recording = create(path, asyncio.get_running_loop())
    add(recording, *["x" * 100_000] * 200)
    await eventually(lambda: path.exists() and path.with_name("live.beam-wal").exists())
    await until_written(recording)
    steps: list[float] = []
    loop = asyncio.get_running_loop()

    def on_progress(share: float) -> None:
        """Add an entry, which must not restart the copy."""
        steps.append(share)
        loop.call_soon_threadsafe(add, recording, "y" * 100_000)

    await asyncio.to_thread(save_copy, path, target, on_progress, as_complete=True)
    assert steps == sorted(steps)
    copy = read(target)
    assert len(copy) == 200
    assert copy.facts["ended"] == recording.entry(199).time
    assert not ended_abruptly(copy)
    assert "ended" not in recording.facts
    assert recording.close(15.0)


def test_a_copy_of_an_incomplete_recording_is_incomplete(tmp_path: Path, target: Path) -> None:
    source = write_recording(tmp_path / "one.beam", "hello", ended=False)
    save_copy(source, target)
    assert ended_abruptly(read(target))
