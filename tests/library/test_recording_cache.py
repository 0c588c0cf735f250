"""A file that has not changed is not opened again, and one that has changed is."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path

import pytest

from spacebeam.library.recording_cache import default_cache
from spacebeam.library.recording_info import RecordingState
from spacebeam.library.recordings import Recordings
from spacebeam.library.retention import RetentionPolicy
from tests.library.files import NOON, another_program_writes, copies, count_opened, write_recording

OLD_NS = 1_700_000_000_000_000_000


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return count_opened(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with twenty recordings, which were written long ago."""
    monkeypatch.setattr("spacebeam.library.recording_cache._MIN_AGE_NS", 0)
    made = tmp_path / "recordings"
    copies(made, 20)
    return made


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "recordings.jsonl"


def test_the_cache_is_where_xdg_says() -> None:
    assert default_cache({"XDG_CACHE_HOME": "/where"}) == Path("/where/spacebeam/recordings.jsonl")
    assert default_cache({"XDG_CACHE_HOME": "relative"}) == default_cache({})


def test_a_second_list_opens_no_file(folder: Path, cache: Path, opened: list[str]) -> None:
    first = Recordings(folder, cache).listed()
    assert len(opened) == 20
    opened.clear()
    assert Recordings(folder, cache).listed() == first
    assert opened == []


def test_the_first_part_has_what_is_remembered(
    folder: Path, cache: Path, opened: list[str]
) -> None:
    Recordings(folder, cache).listed()
    opened.clear()
    write_recording(folder / "new.beam", "hello", began=NOON + 99)
    parts = Recordings(folder, cache).listed_in_parts()
    assert len(next(parts)) == 20
    assert opened == []
    (every,) = parts
    assert next(one.path.name for one in every) == "new.beam"
    assert opened == ["new.beam"]


@pytest.mark.parametrize("change", ["rename", "star"])
def test_a_change_of_a_file_opens_it_alone(
    folder: Path, cache: Path, opened: list[str], change: str
) -> None:
    recordings = Recordings(folder, cache)
    recordings.listed()
    opened.clear()
    path = folder / "3.beam"
    if change == "rename":
        recordings.rename(path, "The crash")
    else:
        recordings.set_starred(path, is_starred=True)
    (found,) = (one for one in Recordings(folder, cache).listed() if one.path == path)
    assert (found.title, found.is_starred) == ("The crash" * (change == "rename"), change == "star")
    assert opened == ["3.beam"]


def test_a_change_in_the_log_is_seen(folder: Path, cache: Path) -> None:
    recordings = Recordings(folder, cache)
    recordings.listed()
    path = folder / "3.beam"
    writer = sqlite3.connect(path, isolation_level=None)
    reader = sqlite3.connect(path)
    reader.execute("SELECT count(*) FROM fact")
    writer.execute("INSERT OR REPLACE INTO fact VALUES ('title', 'In the log')")
    assert [one.title for one in recordings.listed() if one.path == path] == ["In the log"]
    reader.close()
    writer.close()


def test_a_file_that_replaces_another_is_seen(folder: Path, cache: Path, tmp_path: Path) -> None:
    recordings = Recordings(folder, cache)
    recordings.listed()
    path, other = folder / "3.beam", write_recording(tmp_path / "other.beam", "a", title="Other")
    before = path.stat()
    other.replace(path)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert [one.title for one in recordings.listed() if one.path == path] == ["Other"]


def test_a_file_that_has_just_changed_is_read_again(
    tmp_path: Path, cache: Path, opened: list[str]
) -> None:
    """Its next change may come within the same tick of the file system's clock."""
    write_recording(tmp_path / "one.beam", "a")
    for _number in range(2):
        Recordings(tmp_path, cache).listed()
    assert opened == ["one.beam", "one.beam"]


def test_a_recording_that_is_being_written_is_not_remembered(folder: Path, cache: Path) -> None:
    Recordings(folder, cache).listed()
    with another_program_writes(folder / "new.beam"):
        for _number in range(2):
            states = {one.path.name: one.state for one in Recordings(folder, cache).listed()}
            assert states["new.beam"] is RecordingState.BEING_WRITTEN


def test_a_deleted_recording_leaves_the_cache(folder: Path, cache: Path) -> None:
    write_recording(folder / "secret.beam", "a", title="Project X")
    recordings = Recordings(folder, cache)
    recordings.listed()
    assert "Project X" in cache.read_text()
    recordings.delete(folder / "secret.beam")
    assert "Project X" not in cache.read_text()


def test_expired_recordings_leave_the_cache(folder: Path, cache: Path) -> None:
    recordings = Recordings(folder, cache)
    assert len(recordings.remove_expired(RetentionPolicy(1, None), NOON + 1e9)) == 20
    assert len(cache.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\x00",
        b"[]\n",
        b'{"version": 1}\n',
        b"[" * 8192,
        b'{"name": "../../etc/passwd", "key": [1]}\n',
        b'{"name": "3.beam", "key": null}\n',
        b"7\n",
    ],
)
@pytest.mark.parametrize("is_headed", [False, True])
def test_a_broken_cache_is_made_again(
    folder: Path, cache: Path, opened: list[str], broken: bytes, is_headed: bool
) -> None:
    first = Recordings(folder, cache).listed()
    header = cache.read_bytes().splitlines(keepends=True)[0]
    cache.write_bytes(header + broken if is_headed else broken)
    assert Recordings(folder, cache).listed() == first
    opened.clear()
    assert Recordings(folder, cache).listed() == first
    assert opened == []


def test_a_value_of_the_wrong_type_is_not_believed(
    folder: Path, cache: Path, opened: list[str]
) -> None:
    first = Recordings(folder, cache).listed()
    header, *lines = cache.read_text().splitlines()
    cache.write_text("\n".join([header, json.dumps(json.loads(lines[0]) | {"title": 7})]))
    opened.clear()
    assert Recordings(folder, cache).listed() == first
    assert len(opened) == 20


def test_a_cache_that_cannot_be_written_does_no_harm(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(Recordings(folder, tmp_path / "file" / "cache.jsonl").listed()) == 20


def test_the_cache_is_private(folder: Path, cache: Path) -> None:
    Recordings(folder, cache).listed()
    assert cache.stat().st_mode & 0o077 == 0
    assert cache.parent.stat().st_mode & 0o077 == 0
