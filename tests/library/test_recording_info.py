"""What a list says of a recording, whatever its file says."""

from __future__ import annotations

import math
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.library.recording_info import MAX_TITLE, RecordingInfo, RecordingState, read_info
from spacebeam.recording.errors import RecordingFault
from tests.library.files import NOON, emptied, written


def looked(path: Path, *, is_open: bool = False, is_being_written: bool = False) -> RecordingInfo:
    return read_info(path, is_open=is_open, is_being_written=is_being_written)


def test_a_whole_one_says_what_it_is(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a", "b", address="ws://one.test/", began=NOON)
    kept = looked(path)
    assert kept == RecordingInfo(
        path,
        RecordingState.COMPLETE,
        path.stat().st_size,
        address="ws://one.test/",
        began=NOON,
        ended=NOON + 2,
        entries=2,
    )
    assert (kept.name, kept.duration) == ("ws://one.test/", 2.0)


def test_its_title_is_what_it_is_called(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", address="ws://one.test/", title="The crash")
    assert looked(path).name == "The crash"


def test_without_title_and_address_it_is_called_as_its_file(tmp_path: Path) -> None:
    assert looked(written(tmp_path / "one.beam")).name == "one"


def test_one_that_does_not_say_that_it_ended_ended_abruptly(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a", "b", ended=False)
    kept = looked(path)
    assert (kept.state, kept.duration) == (RecordingState.ENDED_ABRUPTLY, 1.0)
    assert looked(path, is_being_written=True).state is RecordingState.BEING_WRITTEN


def test_one_that_only_begins_is_being_written_and_not_damaged(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.touch()
    kept = looked(path, is_being_written=True)
    assert (kept.state, kept.error) == (RecordingState.BEING_WRITTEN, None)


def test_a_damaged_one_is_listed_with_what_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(b"words" * 100)
    kept = looked(path)
    assert (kept.state, kept.size, kept.began) == (
        RecordingState.DAMAGED,
        500,
        path.stat().st_mtime,
    )
    assert kept.error is not None
    assert kept.error.fault is RecordingFault.NOT_A_RECORDING


def test_the_log_beside_it_counts_for_its_size(tmp_path: Path) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(b"words")
    path.with_name("one.beam-wal").write_bytes(bytes(1000))
    assert looked(path).size == 1005


@pytest.mark.parametrize("value", [7, 2.5, None, b"\xff\xfe", math.inf, -1, 10**15])
def test_facts_that_make_no_sense_are_left_out(tmp_path: Path, value: object) -> None:
    path = emptied(tmp_path / "one.beam")
    with closing(sqlite3.connect(path)) as connection, connection:
        for name in ("title", "address"):
            connection.execute("INSERT INTO fact VALUES(?, ?)", (name, value))
        wrong = value if value not in (7, 2.5) else "noon"
        for name in ("began", "ended"):
            connection.execute("INSERT INTO fact VALUES(?, ?)", (name, wrong))
    kept = looked(path)
    assert (kept.title, kept.address) == ("", "")
    assert kept.began == kept.ended == path.stat().st_mtime


def test_a_title_has_an_end(tmp_path: Path) -> None:
    assert len(looked(written(tmp_path / "one.beam", title="x" * 1000)).title) == MAX_TITLE
