"""Write jobs as rows in the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from spacebeam.recording import schema
from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode
from spacebeam.recording.entry import Mark
from spacebeam.recording.jobs import (
    DeleteFact,
    DeleteMark,
    WriteBlock,
    WriteFact,
    WriteHandshake,
    WriteMark,
    execute,
)
from tests.support.batches import packed


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        schema.create(connection)
        yield connection


def block(first: int, payload: bytes) -> WriteBlock:
    made = Block(first, packed([payload]))
    return WriteBlock(first, made.summary(), encode(made), payload)


def test_the_newest_state_of_each_block_is_written(
    connection: sqlite3.Connection,
) -> None:
    execute(connection, [block(n, text) for n in range(100) for text in (b"", b"grown")])
    query = "SELECT first, payload FROM content JOIN block USING (first) ORDER BY first"
    assert dict(connection.execute(query)) == dict.fromkeys(range(100), b"grown")


def test_facts_handshakes_and_marks_are_written_and_deleted(
    connection: sqlite3.Connection,
) -> None:
    jobs = (
        WriteFact("title", "before"),
        WriteFact("title", "after \udcff"),  # no UTF-8
        WriteFact("ended", 5.0),
        DeleteFact("ended"),
        WriteHandshake(3, "{}"),
        WriteHandshake(3, "[]"),
        WriteMark(4, Mark(True, "look")),
        WriteMark(5, Mark(True)),
        DeleteMark(5),
    )
    execute(connection, jobs)
    assert connection.execute("SELECT * FROM fact").fetchall() == [("title", "after ?")]
    assert connection.execute("SELECT * FROM handshake").fetchall() == [(3, "[]")]
    assert connection.execute("SELECT * FROM mark").fetchall() == [(4, 1, "look")]


def test_the_size_of_a_job_is_that_of_its_data() -> None:
    assert block(0, bytes(1000)).size > 1000
    assert WriteHandshake(0, "x" * 500).size == 500
    assert WriteMark(0, Mark(note="note")).size == 4
    assert WriteFact("title", "a feed").size == 11
    assert DeleteFact("title").size == 0
