"""A file is looked at without its entries, and says no more than it may."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import FileSummary, file_summary, set_fact
from tests.library.files import NOON, emptied, written
from tests.support.kept import read


def execute(path: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)


def test_a_glance_gives_facts_count_and_times(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a", "b", "c", address="ws://one.test/")
    facts = {"address": "ws://one.test/", "ended": NOON + 3}
    assert file_summary(path) == FileSummary(facts, 3, NOON, NOON + 2)


def test_a_recording_without_entries_has_no_times(tmp_path: Path) -> None:
    assert file_summary(emptied(tmp_path / "one.beam")) == FileSummary({}, 0, 0.0, 0.0)


def test_a_fact_can_be_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a", title="before")
    set_fact(path, "title", "after")
    assert read(path).facts["title"] == "after"


@pytest.mark.parametrize("content", [b"", b"words", b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_recording_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "one.beam"
    path.write_bytes(content)
    with pytest.raises(RecordingError, match=r"one\.beam"):
        file_summary(path)
    with pytest.raises(RecordingError, match=r"one\.beam"):
        set_fact(path, "title", "x")
    assert path.read_bytes() == content


def test_tables_that_are_missing_are_damage(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a")
    execute(path, "DROP TABLE fact")
    with pytest.raises(RecordingError, match="not those of a recording"):
        file_summary(path)


@pytest.mark.parametrize("column", ["began", "ended"])
def test_values_of_the_wrong_type_are_damage(tmp_path: Path, column: str) -> None:
    path = written(tmp_path / "one.beam", "a")
    execute(path, f"UPDATE block SET {column} = 'words'")
    with pytest.raises(RecordingError, match="is damaged"):
        file_summary(path)


def test_a_long_fact_is_cut_and_many_are_not_read(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a")
    execute(path, "INSERT INTO fact VALUES('title', ?)", "x" * 10**6)
    execute(path, "INSERT INTO fact VALUES('bytes', ?)", bytes(10**6))
    for number in range(200):
        execute(path, "INSERT INTO fact VALUES(?, 1)", f"z{number}")
    facts = file_summary(path).facts
    assert len(facts["title"]) == 4096
    assert facts["bytes"] is None
    assert len(facts) == 100


def test_a_query_without_an_end_is_not_begun(tmp_path: Path) -> None:
    path = written(tmp_path / "one.beam", "a")
    execute(path, "DROP TABLE fact")
    execute(
        path,
        "CREATE VIEW fact AS WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value FROM n) "
        "SELECT value AS name, value FROM n WHERE value = 2",
    )
    with pytest.raises(RecordingError, match="is damaged"):
        file_summary(path)
