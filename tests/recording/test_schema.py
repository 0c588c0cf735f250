"""The schema: other and newer files are refused, older ones migrated."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording import schema
from spacebeam.recording.errors import RecordingError, RecordingFault

PATH = Path("x.beam")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as made:
        yield made


@pytest.fixture
def made(connection: sqlite3.Connection) -> sqlite3.Connection:
    schema.create(connection)
    return connection


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}


def test_created_tables_are_a_recording(connection: sqlite3.Connection) -> None:
    assert schema.is_empty(connection)
    schema.create(connection)
    assert not schema.is_empty(connection)
    schema.check(connection, PATH)
    schema.check_tables(connection, PATH)
    assert schema.version(connection) == schema.VERSION
    assert not schema.is_old(connection)
    assert connection.execute("PRAGMA page_size").fetchone() == (schema.PAGE_SIZE,)
    assert {"block", "content", "handshake", "mark", "fact"} <= tables(connection)


def test_an_empty_file_is_distinguished_from_another_database(
    connection: sqlite3.Connection,
) -> None:
    with pytest.raises(RecordingError, match=r"x\.beam: is empty"):
        schema.check(connection, PATH)
    connection.execute("CREATE TABLE other(x)")
    with pytest.raises(RecordingError, match=r"x\.beam: is not a recording"):
        schema.check(connection, PATH)


def test_a_newer_version_is_refused(made: sqlite3.Connection) -> None:
    made.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    with pytest.raises(RecordingError) as caught:
        schema.check(made, PATH)
    assert (caught.value.fault, caught.value.count) == (RecordingFault.NEWER_FORMAT, 3)


@pytest.mark.parametrize(
    "change",
    [
        "DROP TABLE fact",
        "ALTER TABLE block ADD COLUMN more",
        "ALTER TABLE content ADD COLUMN more AS (zeroblob(1000000000))",
        "DROP TABLE block; CREATE VIEW block AS "
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
        "CREATE TRIGGER t AFTER INSERT ON mark BEGIN DELETE FROM mark; END",
    ],
)
def test_other_tables_than_those_of_a_recording_are_refused(
    made: sqlite3.Connection, change: str
) -> None:
    made.executescript(change)
    with pytest.raises(RecordingError, match="its tables are not those of a recording"):
        schema.check_tables(made, PATH)


def test_an_older_version_is_migrated_step_by_step(made: sqlite3.Connection) -> None:
    schema.migrate(made, {2: "CREATE TABLE a(x)", 3: "CREATE TABLE b(x); INSERT INTO b VALUES(7)"})
    assert schema.version(made) == 4
    assert {"a", "b"} <= tables(made)
    assert made.execute("SELECT x FROM b").fetchall() == [(7,)]


def test_a_failed_migration_step_is_rolled_back(made: sqlite3.Connection) -> None:
    before = list(made.iterdump())
    with pytest.raises(sqlite3.Error):
        schema.migrate(made, {2: "CREATE TABLE a(x); INSERT INTO a VALUES(1, 2, 3)"})
    assert not made.in_transaction
    assert list(made.iterdump()) == before
    assert schema.version(made) == 2


def test_migration_steps_before_a_failed_one_stay(made: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.Error):
        schema.migrate(made, {2: "CREATE TABLE a(x)", 3: "CREATE TABLE a(x)"})
    assert schema.version(made) == 3
    assert "a" in tables(made)


def test_tables_are_created_all_or_none(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_TABLES", "CREATE TABLE block(first); CREATE TABLE block(first);")
    with pytest.raises(sqlite3.Error):
        schema.create(connection)
    connection.rollback()
    assert schema.is_empty(connection) or not tables(connection)
