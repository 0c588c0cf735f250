"""The tables of a recording's file (help/topics/recording-format.md), and their versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from spacebeam.recording.errors import RecordingError, RecordingFault

APPLICATION_ID = 0x5342454D  # "SBEM"
VERSION = 2
# Smaller pages slow down a flood by a fourth; larger ones make the smallest file large.
PAGE_SIZE = 32_768  # bytes

_TABLES = """
CREATE TABLE block(
    first INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    began REAL NOT NULL,
    ended REAL NOT NULL,
    sent INTEGER NOT NULL,
    sent_size INTEGER NOT NULL,
    received INTEGER NOT NULL,
    received_size INTEGER NOT NULL
);
CREATE TABLE content(first INTEGER PRIMARY KEY, entries BLOB NOT NULL, payload BLOB NOT NULL);
CREATE TABLE handshake(entry INTEGER PRIMARY KEY, report TEXT NOT NULL);
CREATE TABLE mark(entry INTEGER PRIMARY KEY, starred INTEGER NOT NULL, note TEXT NOT NULL);
CREATE TABLE fact(name TEXT PRIMARY KEY, value) WITHOUT ROWID;
"""

_NAMES = ("block", "content", "handshake", "mark", "fact")

# The SQL that converts a file of version n to n + 1, by n. Version 1 has the same tables; its
# events are sentences, not JSON objects.
MIGRATIONS = {1: ""}
# Versions that are read without migration.
READABLE = (1, VERSION)


def is_empty(connection: sqlite3.Connection) -> bool:
    """Return whether the file is an empty database."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    return int(pages) == 0


def create(connection: sqlite3.Connection) -> None:
    """Create all tables in an empty file, in one transaction."""
    connection.executescript(
        f"PRAGMA page_size = {PAGE_SIZE}; BEGIN IMMEDIATE; {_TABLES}"
        f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION}; COMMIT;"
    )


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the file is a recording of a readable version.

    Raises RecordingError; sqlite3.DatabaseError if the file is no database.
    """
    if is_empty(connection):
        raise RecordingError(RecordingFault.IS_EMPTY, path)
    (found_id,) = connection.execute("PRAGMA application_id").fetchone()
    if found_id != APPLICATION_ID:
        raise RecordingError(RecordingFault.NOT_A_RECORDING, path)
    found = version(connection)
    if found > VERSION:
        raise RecordingError(RecordingFault.NEWER_FORMAT, path, count=found)


def check_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Check that the tables are the ones this program creates. Raises RecordingError.

    Reading a view or a computed column could take for ever, and so could writing with a trigger.
    """
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        create(model)
        is_ours = _shape(connection) == _shape(model)
    if not is_ours:
        raise RecordingError(RecordingFault.OTHER_TABLES, path)


def _shape(connection: sqlite3.Connection) -> list[object]:
    query = "SELECT 1 FROM sqlite_schema WHERE type = 'trigger'"
    shape: list[object] = connection.execute(query).fetchall()
    for name in _NAMES:
        table = connection.execute("SELECT type FROM pragma_table_list(?)", (name,)).fetchall()
        columns = connection.execute("SELECT * FROM pragma_table_xinfo(?)", (name,)).fetchall()
        shape += [table, columns]
    return shape


def is_old(connection: sqlite3.Connection) -> bool:
    """Return whether the file must be migrated before it can be read."""
    found = version(connection)
    return found in MIGRATIONS and found not in READABLE


def version(connection: sqlite3.Connection) -> int:
    """Return the version of the file's format."""
    (found,) = connection.execute("PRAGMA user_version").fetchone()
    return int(found)


def migrate(connection: sqlite3.Connection, migrations: dict[int, str] | None = None) -> None:
    """Migrate an older file to this version, each step in one transaction."""
    steps = MIGRATIONS if migrations is None else migrations
    found = version(connection)
    while found in steps:
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE; {steps[found]}; PRAGMA user_version = {found + 1}; COMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.rollback()
            raise
        found += 1
