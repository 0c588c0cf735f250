"""The info of a recording in a list, for any file."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.library.recording_info import RecordingInfo, RecordingState, read_info
from spacebeam.library.titles import MAX_TITLE
from spacebeam.recording.errors import RecordingFault
from tests.library.files import NOON, emptied, write_recording


def info(path: Path, *, is_open: bool = False, is_being_written: bool = False) -> RecordingInfo:
    return read_info(path, is_open=is_open, is_being_written=is_being_written)


def test_a_complete_recording_is_described(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a", "b", address="ws://one.test/", began=NOON)
    found = info(path)
    assert found == RecordingInfo(
        path,
        RecordingState.COMPLETE,
        path.stat().st_size,
        address="ws://one.test/",
        began=NOON,
        ended=NOON + 2,
        entries=2,
    )
    assert (found.name, found.duration) == ("ws://one.test/", 2.0)


def test_the_name_of_a_recording_is_its_title(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", address="ws://one.test/", title="The crash")
    assert info(path).name == "The crash"


def test_without_title_and_address_the_name_is_that_of_the_file(tmp_path: Path) -> None:
    assert info(write_recording(tmp_path / "one.beam")).name == "one"


def test_a_recording_without_an_end_ended_abruptly(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a", "b", ended=False)
    found = info(path)
    assert (found.state, found.duration) == (RecordingState.ENDED_ABRUPTLY, 1.0)
    assert info(path, is_being_written=True).state is RecordingState.BEING_WRITTEN


def test_an_empty_file_that_is_being_written_is_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.touch()
    found = info(path, is_being_written=True)
    assert (found.state, found.error) == (RecordingState.BEING_WRITTEN, None)


def test_a_damaged_recording_has_its_error(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(b"words" * 100)
    found = info(path)
    assert (found.state, found.size, found.began) == (
        RecordingState.DAMAGED,
        500,
        path.stat().st_mtime,
    )
    assert found.error is not None
    assert found.error.fault is RecordingFault.NOT_A_RECORDING


def test_the_size_includes_the_wal(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(b"words")
    path.with_name("one.beam-wal").write_bytes(bytes(1000))
    assert info(path).size == 1005


@pytest.mark.parametrize("value", [7, 2.5, None, b"\xff\xfe", math.inf, -1, 10**15])
def test_invalid_facts_are_ignored(tmp_path: Path, value: object) -> None:
    path = emptied(tmp_path / "one.beam")
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in ("title", "address"):
            connection.execute("INSERT INTO fact VALUES(?, ?)", (name, value))
        wrong = value if value not in (7, 2.5) else "noon"
        for name in ("began", "ended"):
            connection.execute("INSERT INTO fact VALUES(?, ?)", (name, wrong))
    found = info(path)
    assert (found.title, found.address) == ("", "")
    assert found.began == found.ended == path.stat().st_mtime


def test_the_length_of_a_title_is_limited(tmp_path: Path) -> None:
    assert len(info(write_recording(tmp_path / "one.beam", title="x" * 1000)).title) == MAX_TITLE
