"""Deleting recordings, by the person or as expired, and restoring them."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.library.recordings import Recordings
from spacebeam.library.retention import DAY_S, RetentionPolicy
from spacebeam.recording.errors import RecordingError
from tests.library.files import NOON, live, write_recording
from tests.support.recordings import read


def test_a_deleted_recording_can_be_restored(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    before = path.read_bytes()
    deleted = recordings.delete(path)
    assert recordings.listed() == []
    deleted.undo()
    assert path.read_bytes() == before
    assert [one.path for one in recordings.listed()] == [path]


def test_the_wal_is_deleted_and_restored_with_its_recording(
    recordings: Recordings,
) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    log = path.with_name("one.beam-wal")
    log.write_bytes(b"a log")
    deleted = recordings.delete(path)
    assert [one.name for one in recordings.folder.iterdir()] == [".deleted"]
    deleted.undo()
    assert log.read_bytes() == b"a log"


def test_a_forgotten_deletion_removes_the_file(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    deleted = recordings.delete(path)
    deleted.forget()
    assert list((recordings.folder / ".deleted").iterdir()) == []
    with pytest.raises(RecordingError, match="cannot be restored"):
        deleted.undo()


def test_restoring_overwrites_no_file(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    deleted = recordings.delete(path)
    path.write_bytes(b"another")
    with pytest.raises(RecordingError, match="another file has its name"):
        deleted.undo()
    assert path.read_bytes() == b"another"
    path.unlink()
    deleted.undo()
    assert len(read(path)) == 1


def test_two_recordings_of_one_name_can_be_deleted(recordings: Recordings) -> None:
    for text in ("first", "second"):
        write_recording(recordings.folder / "one.beam", text)
        last = recordings.delete(recordings.folder / "one.beam")
    last.undo()
    assert read(recordings.folder / "one.beam").entry(0).payload == b"second"


async def test_a_deleted_recording_that_is_open_can_be_read(
    recordings: Recordings,
) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    recording = read(path)
    recordings.delete(path).forget()
    assert recording.entry(0).payload == b"a"
    recording.close()


async def test_deleting_a_live_recording_is_refused(recordings: Recordings) -> None:
    path, recording = await live(recordings)
    with pytest.raises(RecordingError, match="is open in a tab"):
        recordings.delete(path)
    assert recording.close(15.0)
    recordings.opened.remove(path, recording)
    recordings.delete(path)
    assert not path.exists()


def test_deleting_a_missing_file_is_refused(recordings: Recordings) -> None:
    recordings.folder.mkdir(parents=True)
    with pytest.raises(RecordingError, match="cannot be deleted: No such file"):
        recordings.delete(recordings.folder / "one.beam")


def test_a_failed_deletion_leaves_the_recording(
    recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
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


def test_deleted_recordings_of_an_earlier_run_are_removed(recordings: Recordings) -> None:
    assert recordings.forget_deleted() == ""
    recordings.delete(write_recording(recordings.folder / "one.beam", "a"))
    assert recordings.forget_deleted() == ""
    assert list(recordings.folder.iterdir()) == []


def test_a_failed_removal_is_reported(recordings: Recordings) -> None:
    recordings.folder.mkdir(parents=True)
    (recordings.folder / ".deleted").write_text("a file where a folder should be")
    assert recordings.forget_deleted() == "Deleted recordings cannot be removed: Not a directory."


# Expired recordings


def test_expired_recordings_are_removed(recordings: Recordings) -> None:
    old = write_recording(recordings.folder / "old.beam", "a", began=NOON)
    write_recording(recordings.folder / "new.beam", "a", began=NOON + 20 * DAY_S)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == [old]
    assert [one.path.stem for one in recordings.listed()] == ["new"]
    assert list((recordings.folder / ".deleted").iterdir()) == []


async def test_an_open_recording_never_expires(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "old.beam", "a")
    recording = read(path)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == []
    recording.close()
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == [path]


def test_an_unused_empty_file_is_removed_after_an_hour(
    recordings: Recordings,
) -> None:
    path = recordings.new_path("ws://one.test/", NOON)
    made = path.stat().st_mtime
    recordings.remove_expired(RetentionPolicy(), made + 60)
    assert path.exists()
    recordings.remove_expired(RetentionPolicy(), made + 7200)
    assert not path.exists()


def test_a_recording_that_a_tab_is_to_show_does_not_expire(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "old.beam", "a")
    recordings.opened.hold(path)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == []
    recordings.opened.release(path)
    assert recordings.remove_expired(RetentionPolicy(30, None), NOON + 31 * DAY_S) == [path]
