"""Recordings of format version 1, whose events are sentences."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from spacebeam.net.events import Note, from_payload
from spacebeam.protocol.batch import Direction, Kind, event_batch, single
from spacebeam.recording import schema
from spacebeam.recording.file import open_to_read, open_to_write
from spacebeam.recording.opening import create, open_read_only

SENTENCE = "Connected to ws://example.org/"


def made(path: Path) -> Path:
    """Make a recording of version 1, which has the tables of version 2."""
    loop = asyncio.new_event_loop()
    recording = create(path, loop)
    recording.append(event_batch(1.0, SENTENCE.encode()))
    recording.append(single(2.0, Direction.RECEIVED, Kind.TEXT, b"hello"))
    assert recording.close(60)
    loop.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA user_version = 1")
        database.execute("PRAGMA journal_mode = DELETE")
    return path


def test_a_recording_of_version_1_is_read_unchanged(tmp_path: Path) -> None:
    path = made(tmp_path / "old.beam")
    before = path.read_bytes()
    recording = open_read_only(path)
    assert recording.format_version == 1
    assert from_payload(recording.entry(0).payload) == Note(SENTENCE)
    assert recording.entry(1).payload == b"hello"
    recording.close()
    assert path.read_bytes() == before


def test_a_recording_of_version_1_is_migrated_when_it_is_written(tmp_path: Path) -> None:
    path = made(tmp_path / "old.beam")
    open_to_write(path).close()
    with closing(open_to_read(path)) as connection:
        assert schema.version(connection) == schema.VERSION
    recording = open_read_only(path)
    assert from_payload(recording.entry(0).payload) == Note(SENTENCE)
    recording.close()
