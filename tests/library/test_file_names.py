"""A recording's file may have any name that the file system takes: bytes, not text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spacebeam.library.recordings import Recordings
from spacebeam.library.saving import save_copy
from tests.library.files import write_recording
from tests.support.recordings import read

NAMES = [
    b"caf\xe9.beam",
    b"a\nb.beam",
    b"-x.beam",
    b"50%25?a#b&mode=memory.beam",
    b"\xed\xb3\xa9.beam",
    b"\x1b[31m.beam",
    b"x" * 242 + b".beam",
]


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_a_recording_with_any_name_is_listed_changed_copied_deleted_and_restored(
    name: bytes, recordings: Recordings, tmp_path: Path
) -> None:
    path = write_recording(recordings.folder / os.fsdecode(name), "hello")
    recordings.rename(path, "mine")
    recordings.set_starred(path, is_starred=True)
    (info,) = recordings.listed()
    assert (info.path, info.title, info.is_starred, info.error) == (path, "mine", True, None)
    save_copy(path, tmp_path / os.fsdecode(name))
    assert len(read(tmp_path / os.fsdecode(name))) == 1
    deleted = recordings.delete(path)
    assert recordings.listed() == []
    deleted.undo()
    assert len(read(path)) == 1


def test_a_copy_with_the_longest_name_is_listed_read_and_deleted(recordings: Recordings) -> None:
    """There is no room for the names of SQLite's other files."""
    path = write_recording(recordings.folder / "a.beam", "hello")
    long = path.rename(path.with_name("x" * 250 + ".beam"))
    (info,) = recordings.listed()
    assert (info.path, info.error, info.entries) == (long, None, 1)
    assert len(read(long)) == 1
    recordings.delete(long).undo()
    assert len(read(long)) == 1
