"""Fuzzing of recording files: any file is read or refused with a RecordingError."""

from __future__ import annotations

import functools
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from fuzz.target import Target, split
from spacebeam.protocol.batch import Direction, Kind, Origin, event_batch, single
from spacebeam.recording import schema
from spacebeam.recording.block import MAX_ENTRIES, Block
from spacebeam.recording.codec import decode, encode
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording

_PAGE_SIZE = 512  # bytes; a small file has few unused bytes
_MAX_READ_ENTRIES = 10_000


def _sample() -> Block:
    block = Block(7, event_batch(1.0, b"Connected"))
    block.gather(single(2.0, Direction.SENT, Kind.TEXT, b"hello"))
    block.gather(single(3.0, Direction.RECEIVED, Kind.BINARY, bytes(40), Origin(9, (3, 4), True)))
    block.origins[1] = 5
    return block


def check_block(data: bytes) -> None:
    """Check a block; `data` has the payload's size in two bytes, and the column `entries`."""
    head, entries = split(data, 2)
    payload = bytes(int.from_bytes(head, "big"))
    try:
        block = decode(7, entries, payload)
    except RecordingError:
        return
    assert 0 < len(block) <= MAX_ENTRIES
    found = [block.entry(place) for place in range(len(block))]
    assert all(len(entry.payload) == entry.size for entry in found)
    assert sum(entry.size for entry in found) <= len(payload)
    assert sum(end - begin for begin, end, _time, _direction in block.runs()) == len(block)
    again = decode(7, encode(block), payload)
    assert [again.entry(place) for place in range(len(again))] == found


@functools.cache
def _file() -> bytes:
    """Return the file of a small recording."""
    block = _sample()
    block.first = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.beam")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            schema.create(connection)
            connection.execute(f"PRAGMA page_size = {_PAGE_SIZE}")
            connection.execute("VACUUM")
            connection.execute(
                "INSERT INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (0, *block.summary())
            )
            contents = (0, encode(block), bytes(block.data))
            connection.execute("INSERT INTO content VALUES(?, ?, ?)", contents)
            connection.execute("INSERT INTO handshake VALUES(0, '{}')")
            connection.execute("INSERT INTO mark VALUES(1, 1, 'look')")
            connection.execute("INSERT INTO fact VALUES('title', 'A feed'), ('began', 1.0)")
        return path.read_bytes()


def check_recording(data: bytes) -> None:
    """Check a changed file; each change has an offset in two bytes, a count in one, and bytes."""
    changed = bytearray(_file())
    while data:
        head, data = split(data, 3)
        place, count = int.from_bytes(head[:2], "big") % len(changed), head[2] % 32
        changed[place : place + count] = data[:count]
        data = data[count:]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.beam")
        path.write_bytes(changed)
        try:
            recording = open_read_only(path)
        except RecordingError:
            return
        try:
            _read_all(recording)
        finally:
            recording.close()


def _read_all(recording: Recording) -> None:
    for number in range(min(len(recording), _MAX_READ_ENTRIES)):
        for limit in (4, None):
            try:
                entry = recording.entry(number, limit)
            except RecordingError:
                continue
            assert entry.number == number
            assert len(entry.payload) <= entry.size
    assert all(isinstance(report, str) for _number, report in recording.handshakes)
    assert all(isinstance(value, str | int | float) for value in recording.facts.values())
    assert all(isinstance(mark.note, str) for mark in recording.marks.values())
    with suppress(RecordingError):
        recording.number_at(2.5)


def _change(before: bytes, after: bytes) -> bytes:
    """Return the change that replaces `before` in the file with `after`."""
    place = _file().index(before)
    return place.to_bytes(2, "big") + bytes((len(after),)) + after


FILES = {
    "block": Target(
        check_block,
        (
            len(_sample().data).to_bytes(2, "big") + encode(_sample()),
            (5).to_bytes(2, "big")
            + encode(Block(7, single(1.0, Direction.SENT, Kind.TEXT, b"hello"))),
        ),
    ),
    "recording": Target(
        check_recording,
        (
            b"",
            _change(b"SQLite format 3", b"SQLite format 4"),
            _change(b"SBEM", b"\0\0\0\0"),
            _change(b"A feed", b"\xff\xfe\0\0\0\0"),
            _change(encode(_sample())[:16], b"\xff" * 16),
            _change(b"CREATE TABLE block", b"CREATE VIEW  block"),
            _change(b"tableblockblock", b"table\xecl\xffckblock"),
            # The payload is NULL: a row begins with the sizes of its columns.
            _change(b"\x05\x00\x81rx", b"\x05\x00\x81r\0"),
        ),
    ),
}
