"""The registry of open recordings, by their files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from spacebeam.library.recordings import OpenRecordings
from spacebeam.recording.file import files_open_here, identity
from spacebeam.recording.recording import Recording

PATH = Path("/where/one.beam")


def test_an_open_recording_is_found_by_its_path() -> None:
    opened, recording = OpenRecordings(), Recording()
    opened.add(PATH, recording, is_live=True)
    assert opened.of(PATH) == (recording,)
    assert opened.of(Path("/where/else/../one.beam")) == (recording,)
    assert opened.is_live(PATH)
    opened.remove(PATH, recording)
    assert opened.of(PATH) == ()
    assert not opened.is_live(PATH)


def test_a_recording_that_is_no_longer_live_is_still_open() -> None:
    opened, recording = OpenRecordings(), Recording()
    opened.add(PATH, recording, is_live=True)
    opened.add(PATH, recording, is_live=False)
    assert opened.of(PATH) == (recording,)
    assert not opened.is_live(PATH)


def test_a_file_can_be_opened_twice() -> None:
    opened, read, live = OpenRecordings(), Recording(), Recording()
    opened.add(PATH, read, is_live=False)
    opened.add(PATH, live, is_live=True)
    assert opened.of(PATH) == (live, read)
    opened.remove(PATH, live)
    assert opened.of(PATH) == (read,)
    assert not opened.is_live(PATH)


def test_removing_an_unknown_recording_does_nothing() -> None:
    opened = OpenRecordings()
    opened.remove(PATH, Recording())
    assert opened.of(PATH) == ()


def test_a_file_is_open_while_it_has_a_descriptor(tmp_path: Path) -> None:
    path = tmp_path / "one"
    path.touch()
    assert identity(path) not in files_open_here()
    with path.open():
        assert identity(path) in files_open_here()
    assert identity(path) not in files_open_here()


def test_where_descriptors_cannot_be_listed_none_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_path: str) -> list[str]:
        raise FileNotFoundError

    monkeypatch.setattr(os, "listdir", fail)
    assert files_open_here() == set()
