"""The summary of a file: read without the entries, and of bounded size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import file_handshakes, file_summary, set_fact
from spacebeam.recording.recording import Recording
from tests.cli.recordings import BEGAN, write_example
from tests.library.files import NOON, emptied, write_recording
from tests.support.recordings import read


def execute(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def test_entries_and_bytes_are_counted_without_reading_a_block(tmp_path: Path) -> None:
    path = Path(
        write_example(tmp_path / "a.beam", lambda recording: recording.mark_complete(BEGAN + 9))
    )
    execute(path, "DELETE FROM content")
    found = file_summary(path)
    assert (found.entries, found.sent, found.received) == (6, 1, 4)
    assert (found.sent_size, found.received_size) == (20, 21)
    assert (found.began, found.ended, found.duration) == (BEGAN, BEGAN + 9, 9)
    assert found.file_size == path.stat().st_size
    assert found.is_complete


def test_an_incomplete_recording_ends_with_its_last_entry(tmp_path: Path) -> None:
    found = file_summary(Path(write_example(tmp_path / "a.beam")))
    assert not found.is_complete
    assert found.ended == BEGAN + 5


def test_a_recording_without_entries_has_no_times(tmp_path: Path) -> None:
    found = file_summary(emptied(tmp_path / "one.beam"))
    assert (found.entries, found.began, found.ended, found.duration) == (0, None, None, None)


def test_facts_marks_and_handshakes_are_read(tmp_path: Path) -> None:
    def add(recording: Recording) -> None:
        recording.set_fact("title", "a feed")
        recording.set_fact("starred", 1)
        recording.add_handshake("{}")
        recording.star(1, is_starred=True)
        recording.star(2, is_starred=True)

    path = Path(write_example(tmp_path / "a.beam", add))
    found = file_summary(path)
    assert (found.title, found.is_starred, found.stars, found.notes) == ("a feed", True, 2, 0)
    assert file_handshakes(path) == [(6, "{}")]


def test_a_fact_can_be_changed(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a", title="before")
    set_fact(path, "title", "after")
    assert read(path).facts["title"] == "after"


@pytest.mark.parametrize("value", ["once", 9e99, -1, b"x", None])
def test_a_time_that_is_not_valid_counts_as_missing(tmp_path: Path, value: object) -> None:
    path = write_recording(tmp_path / "one.beam", "a", "b", ended=False)
    execute(path, "INSERT INTO fact VALUES('began', ?), ('ended', ?)", value, value)
    found = file_summary(path)
    assert (found.began, found.ended) == (NOON, NOON + 1)


@pytest.mark.parametrize("content", [b"", b"words", b"SQLite format 3\0" + bytes(5000)])
def test_a_file_that_is_not_a_recording_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"one\.beam"):
        file_summary(path)
    with pytest.raises(RecordingError, match=r"one\.beam"):
        set_fact(path, "title", "x")
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE block SET count = 9e999",
        "UPDATE block SET count = -1",
        "UPDATE block SET received = 'words'",
        "UPDATE block SET began = 'words'",
        "UPDATE block SET ended = 'words'",
        "DROP TABLE mark",
        "DROP TABLE fact",
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    path = write_recording(tmp_path / "one.beam", "a")
    execute(path, damage)
    with pytest.raises(RecordingError, match=r"one\.beam: damaged"):
        file_summary(path)


def test_a_long_fact_is_cut_and_only_a_hundred_facts_are_read(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a", ended=False)
    execute(path, "INSERT INTO fact VALUES('address', ?)", "x" * 10**6)
    for number in range(200):
        execute(path, "INSERT INTO fact VALUES(?, 1)", f"b{number}")
    execute(path, "INSERT INTO fact VALUES('title', 'beyond the limit')")
    found = file_summary(path)
    assert len(found.address) == 4096
    assert found.title == ""


def test_a_query_without_an_end_is_not_begun(tmp_path: Path) -> None:
    path = write_recording(tmp_path / "one.beam", "a")
    execute(path, "DROP TABLE fact")
    execute(
        path,
        "CREATE VIEW fact AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value FROM n) "
        "SELECT value AS name, value FROM n WHERE value = 2",
    )
    with pytest.raises(RecordingError, match="damaged"):
        file_summary(path)
