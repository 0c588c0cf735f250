"""Recordings that are deleted, by the person or with time, and come back if they are wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.recordings import Recordings
from spacebeam.library.retention import DAY_S, RetentionPolicy
from spacebeam.recording.errors import RecordingError
from tests.library.files import NOON, live, written
from tests.support.kept import read


def test_a_deleted_one_is_gone_and_comes_back(recordings: Recordings) -> None:
    path = written(recordings.folder / "one.beam", "a")
    before = path.read_bytes()
    deleted = recordings.delete(path)
    assert recordings.listed() == []
    deleted.undo()
    assert path.read_bytes() == before
    assert [one.path for one in recordings.listed()] == [path]


def test_what_was_not_yet_brought_into_the_file_goes_and_comes_with_it(
    recordings: Recordings,
) -> None:
    path = written(recordings.folder / "one.beam", "a")
    log = path.with_name("one.beam-wal")
    log.write_bytes(b"a log")
    deleted = recordings.delete(path)
    assert [one.name for one in recordings.folder.iterdir()] == [".deleted"]
    deleted.undo()
    assert log.read_bytes() == b"a log"


def test_a_deleted_one_that_is_forgotten_is_no_longer_on_the_disk(recordings: Recordings) -> None:
    path = written(recordings.folder / "one.beam", "a")
    deleted = recordings.delete(path)
    deleted.forget()
    assert list((recordings.folder / ".deleted").iterdir()) == []
    with pytest.raises(RecordingError, match="cannot be restored"):
        deleted.undo()


def test_nothing_is_overwritten_when_one_comes_back(recordings: Recordings) -> None:
    path = written(recordings.folder / "one.beam", "a")
    deleted = recordings.delete(path)
    path.write_bytes(b"another")
    with pytest.raises(RecordingError, match="another file has its name"):
        deleted.undo()
    assert path.read_bytes() == b"another"
    path.unlink()
    deleted.undo()
    assert len(read(path)) == 1


def test_two_of_one_name_can_be_deleted(recordings: Recordings) -> None:
    for said in ("first", "second"):
        written(recordings.folder / "one.beam", said)
        last = recordings.delete(recordings.folder / "one.beam")
    last.undo()
    assert read(recordings.folder / "one.beam").entry(0).payload == b"second"


async def test_one_that_is_read_here_can_be_deleted_and_still_be_read(
    recordings: Recordings,
) -> None:
    path = written(recordings.folder / "one.beam", "a")
    recording = read(path)
    recordings.delete(path).forget()
    assert recording.entry(0).payload == b"a"
    recording.close()


async def test_a_live_one_is_not_deleted(recordings: Recordings) -> None:
    path, recording = await live(recordings)
    with pytest.raises(RecordingError, match="is open in a tab"):
        recordings.delete(path)
    assert recording.close(15.0)
    recordings.opened.remove(path, recording)
    recordings.delete(path)
    assert not path.exists()


def test_one_that_is_gone_cannot_be_deleted_and_says_why(recordings: Recordings) -> None:
    recordings.folder.mkdir(parents=True)
    with pytest.raises(RecordingError, match="cannot be deleted: No such file"):
        recordings.delete(recordings.folder / "one.beam")


def test_what_cannot_be_moved_with_it_brings_it_back(
    recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(recordings.folder / "one.beam", "a")
    path.with_name("one.beam-wal").touch()
    rename = Path.rename

    def fail(here: Path, there: Path) -> Path:
        if here.name.endswith("-wal"):
            raise PermissionError(13, "Permission denied")
        return rename(here, there)

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(RecordingError, match="Permission denied"):
        recordings.delete(path)
    assert path.exists()


def test_what_an_earlier_run_left_deleted_is_removed(recordings: Recordings) -> None:
    assert recordings.forget_deleted() == ""
    recordings.delete(written(recordings.folder / "one.beam", "a"))
    assert recordings.forget_deleted() == ""
    assert list(recordings.folder.iterdir()) == []


def test_what_cannot_be_removed_is_said(recordings: Recordings) -> None:
    recordings.folder.mkdir(parents=True)
    (recordings.folder / ".deleted").write_text("a file where a folder should be")
    assert recordings.forget_deleted() == "Deleted recordings cannot be removed: Not a directory."


# With time


def test_what_is_too_old_is_removed(recordings: Recordings) -> None:
    old = written(recordings.folder / "old.beam", "a", began=NOON)
    written(recordings.folder / "new.beam", "a", began=NOON + 20 * DAY_S)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == [old]
    assert [one.path.stem for one in recordings.listed()] == ["new"]
    assert list((recordings.folder / ".deleted").iterdir()) == []


async def test_what_is_open_stays_however_old(recordings: Recordings) -> None:
    path = written(recordings.folder / "old.beam", "a")
    recording = read(path)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == []
    recording.close()
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == [path]


def test_a_name_that_nothing_was_written_under_is_free_after_a_while(
    recordings: Recordings,
) -> None:
    path = recordings.new_path("ws://one.test/", NOON)
    made = path.stat().st_mtime
    recordings.remove_expired(RetentionPolicy(), made + 60)
    assert path.exists()
    recordings.remove_expired(RetentionPolicy(), made + 7200)
    assert not path.exists()
