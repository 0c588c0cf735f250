"""The folder of recordings: names, lists, titles and stars."""

from __future__ import annotations

import asyncio
import os
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.library.recording_info import RecordingState
from spacebeam.library.recordings import Recordings, _host, default_folder
from spacebeam.library.retention import DAY_S, RetentionPolicy
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import reopen
from tests.library.files import NOON, another_program_writes, copies, live, write_recording
from tests.support.recordings import read
from tests.support.waiting import eventually


def test_the_default_folder_follows_xdg_data_home() -> None:
    assert default_folder({"XDG_DATA_HOME": "/where"}) == Path("/where/spacebeam/recordings")
    home = Path.home() / ".local/share/spacebeam/recordings"
    assert default_folder({}) == default_folder({"XDG_DATA_HOME": "relative"}) == home


# Names


def test_a_file_name_has_the_time_and_the_host(recordings: Recordings) -> None:
    path = recordings.new_path("wss://user:secret@example.com:9000/feed?token=secret", NOON)
    assert path.parent == recordings.folder
    assert re.fullmatch(r"2023-11-1\d \d\d-\d\d-20 example\.com-9000\.beam", path.name)


def test_the_folder_and_files_are_private(recordings: Recordings) -> None:
    path = recordings.new_path("ws://one.test/", NOON)
    assert recordings.folder.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o077 == 0


def test_recordings_of_the_same_second_have_different_names(recordings: Recordings) -> None:
    paths = [recordings.new_path("ws://one.test/", NOON) for _ in range(3)]
    assert len(set(paths)) == 3
    assert [path.name[20:] for path in paths] == [
        "one.test.beam",
        "one.test (2).beam",
        "one.test (3).beam",
    ]


def test_the_name_of_a_leftover_wal_is_not_used(
    recordings: Recordings,
) -> None:
    path = recordings.new_path("ws://one.test/", NOON)
    path.rename(path.with_name(path.name + "-wal"))
    assert recordings.new_path("ws://one.test/", NOON) != path


def test_a_folder_that_cannot_be_made_still_gives_a_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    recordings = Recordings(tmp_path / "file" / "recordings")
    assert recordings.new_path("ws://one.test/", NOON).suffix == ".beam"
    assert recordings.listed() == []


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("ws://example.com/", "example.com"),
        ("wss://[::1]:8443/", "1-8443"),
        ("ws://../../etc/passwd", "recording"),
        ("", "recording"),
        ("ws+unix:/tmp/a b/one.sock:/x", "tmp-a-b-one.sock"),
        ("ws://" + ".".join(["a" * 50] * 4) + "/", "a" * 50 + "." + "a" * 9),
    ],
)
def test_a_host_is_part_of_a_file_name(address: str, host: str) -> None:
    assert _host(address) == host


@given(st.text())
def test_any_address_gives_a_safe_name(address: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,59}", _host(address))


# The list


def test_the_newest_recording_is_listed_first(recordings: Recordings) -> None:
    for day in (2, 3, 1):
        write_recording(recordings.folder / f"{day}.beam", "a", began=NOON + day * DAY_S)
    assert [one.path.name for one in recordings.listed()] == ["3.beam", "2.beam", "1.beam"]


def test_without_a_folder_nothing_is_listed(recordings: Recordings) -> None:
    assert recordings.listed() == []
    assert not recordings.folder.exists()


def test_only_recordings_are_listed(recordings: Recordings) -> None:
    copies(recordings.folder, 1)
    for name in ("notes.txt", "0.beam-wal", ".hidden.beam"):
        (recordings.folder / name).touch()
    (recordings.folder / "folder.beam").mkdir()
    os.mkfifo(recordings.folder / "pipe.beam")
    (recordings.folder / "link.beam").symlink_to("nowhere")
    recordings.new_path("ws://promised.test/", NOON)
    assert [one.path.name for one in recordings.listed()] == ["0.beam"]


def test_a_damaged_recording_is_listed(recordings: Recordings) -> None:
    copies(recordings.folder, 2)
    (recordings.folder / "1.beam").write_bytes(b"words")
    states = {one.path.name: one.state for one in recordings.listed()}
    assert states == {"0.beam": RecordingState.COMPLETE, "1.beam": RecordingState.DAMAGED}


def test_a_recording_of_another_program_is_listed_as_being_written(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a", ended=False)
    with another_program_writes(path):
        (one,) = recordings.listed()
        assert (one.state, one.is_open) == (RecordingState.BEING_WRITTEN, False)
        with pytest.raises(RecordingError, match="is written by another program"):
            recordings.delete(path)
    (one,) = recordings.listed()
    assert one.state is RecordingState.ENDED_ABRUPTLY


async def test_a_live_recording_is_listed_as_being_written(recordings: Recordings) -> None:
    path, recording = await live(recordings, "a", "b")
    (one,) = recordings.listed()
    assert (one.path, one.state, one.entries) == (path, RecordingState.BEING_WRITTEN, 2)
    assert one.is_open
    assert recording.close(15.0)


def locks(path: Path) -> int:
    """Return how many SQLite locks this process has on a file; another may come for a moment."""
    number = path.stat().st_ino
    lines = Path("/proc/locks").read_text().splitlines()
    return sum(
        fields[1] == "POSIX" and fields[4] == str(os.getpid()) and fields[5].endswith(f":{number}")
        for fields in (line.split() for line in lines)
    )


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="there is no list of locks")
@pytest.mark.parametrize("is_registered", [True, False])
async def test_listing_retains_the_locks_of_open_recordings(
    recordings: Recordings, is_registered: bool
) -> None:
    path, recording = await live(recordings)
    if not is_registered:
        recordings.opened.remove(path, recording)
    await eventually(lambda: locks(path) == 1)
    recordings.listed()
    recordings.remove_expired(RetentionPolicy(1, 1), NOON + 90 * DAY_S)
    assert locks(path)  # never released: nothing would take the lock again
    await eventually(lambda: locks(path) == 1)
    assert path.exists()
    assert recording.close(15.0)


# Titles and stars


def test_a_title_is_written_and_the_file_name_unchanged(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a", address="ws://one.test/")
    recordings.rename(path, "  The crash  ")
    (one,) = recordings.listed()
    assert (one.path, one.title) == (path, "The crash")
    recordings.rename(path, "")
    (one,) = recordings.listed()
    assert one.name == "ws://one.test/"


def test_a_star_is_added_and_removed(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    for is_starred in (True, False):
        recordings.set_starred(path, is_starred=is_starred)
        assert [one.is_starred for one in recordings.listed()] == [is_starred]


async def test_a_live_recording_is_renamed_by_its_writer(recordings: Recordings) -> None:
    path, recording = await live(recordings)
    recordings.rename(path, "The crash")
    assert recording.facts["title"] == "The crash"
    assert recording.close(15.0)
    assert read(path).facts["title"] == "The crash"


async def test_a_recording_opened_to_read_is_renamed_in_its_file(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    recording = read(path)
    recordings.opened.add(path, recording, is_live=False)
    recordings.rename(path, "The crash")
    assert recording.facts["title"] == read(path).facts["title"] == "The crash"


async def test_a_title_changes_in_every_open_recording_of_the_file(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    one, other = read(path), reopen(path, asyncio.get_running_loop())
    for recording in (one, other):
        recordings.opened.add(path, recording, is_live=False)
    recordings.rename(path, "The crash")
    assert one.facts["title"] == other.facts["title"] == "The crash"
    assert other.close(15.0)
    assert read(path).facts["title"] == "The crash"


def test_a_recording_of_another_program_can_be_renamed(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a", ended=False)
    with another_program_writes(path):
        recordings.rename(path, "The crash")
        assert [one.title for one in recordings.listed()] == ["The crash"]


def test_renaming_a_damaged_recording_is_refused(recordings: Recordings) -> None:
    recordings.folder.mkdir(parents=True)
    path = recordings.folder / "one.beam"
    path.write_bytes(b"words")
    with pytest.raises(RecordingError, match="is not a recording"):
        recordings.rename(path, "The crash")


def test_renaming_a_locked_recording_is_refused(recordings: Recordings) -> None:
    path = write_recording(recordings.folder / "one.beam", "a")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(RecordingError, match="locked"):
        recordings.rename(path, "The crash")
    other.close()
