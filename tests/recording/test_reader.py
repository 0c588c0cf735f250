"""Reading blocks from a file: cached within bounds, and long messages in part."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest

from spacebeam.protocol.batch import Batch
from spacebeam.recording.block import Block
from spacebeam.recording.codec import encode
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import open_to_write
from spacebeam.recording.reader import Reader
from tests.support.batches import numbered, numbered_batch, packed
from tests.support.memory import traced

LONG = 64 * 2**20  # bytes


def write(path: Path, *batches: Batch) -> list[int]:
    """Write a file with a block for each batch; return the blocks' first numbers."""
    firsts, number = [], 0
    with closing(open_to_write(path)) as connection:
        for batch in batches:
            block = Block(number, batch)
            values = (number, encode(block), block.data)
            connection.execute("INSERT INTO content VALUES(?, ?, ?)", values)
            connection.execute(
                "INSERT INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?)", (number, *block.summary())
            )
            firsts.append(number)
            number += len(batch)
    return firsts


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_cached_block_is_read_once(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10), numbered_batch(10, 10))
    reader = Reader(path)
    block = reader.block(10)
    assert [block.entry(place).payload for place in range(10)] == [
        numbered(number) for number in range(10, 20)
    ]
    assert reader.block(10) is block
    assert reader.entry(10, 3, None).payload == numbered(13)
    assert reader.entry(10, 3, 16).payload == b"%016d" % 13
    reader.close()


def test_the_cache_of_a_large_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    firsts = write(path, *(numbered_batch(0, 10, 100_000) for _ in range(40)))
    reader = Reader(path)
    with traced() as taken:
        for _ in range(2):
            for first in firsts:
                assert reader.entry(first, 9, 16).payload == b"%016d" % 9
    assert taken.peak < 14 * 2**20
    newest = reader.block(firsts[-1])
    assert reader.block(firsts[0]) is reader.block(firsts[0])
    assert reader.block(firsts[-1]) is newest  # the most recently used are cached
    reader.close()


@pytest.mark.parametrize("origin", [None, 300])
def test_the_cache_of_tiny_messages_is_bounded(origin: int | None, tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    count = 20_000 if origin else 65_536
    origins = {place: origin + place for place in range(count)} if origin else {}
    batch = packed([b""] * count, origins=origins)
    firsts = write(path, *[batch] * 40)
    reader = Reader(path)
    with traced() as taken:
        for first in firsts:
            assert len(reader.block(first)) == count
    assert taken.peak < 20 * 2**20
    reader.close()


def read_bytes() -> int:
    """Return the bytes that this process has read by system calls."""
    (line,) = [
        line for line in Path("/proc/self/io").read_text().splitlines() if line.startswith("rchar")
    ]
    return int(line.split()[1])


def test_the_beginning_of_a_long_message_is_read_without_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    payload = numbered(7, LONG)
    firsts = write(path, packed([payload]), packed([b"short", payload, payload[:99]]))
    for first, place in zip((*firsts, firsts[1]), (0, 1, 2), strict=True):
        reader = Reader(path)
        with traced() as taken:
            before = read_bytes()
            entry = reader.entry(first, place, 2048)
            size_read = read_bytes() - before
        size = LONG if place < 2 else 99
        assert (entry.number, entry.size) == (first + place, size)
        assert entry.payload == payload[: min(2048, size)]
        assert taken.peak < 2**20
        # What follows a long message is found by its chain of pages, each read once.
        assert size_read < (2**20 if place < 2 else LONG + 2**20)
        reader.close()


def test_a_long_message_is_read_completely_without_a_limit(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    payload = numbered(7, 20 * 2**20)
    write(path, packed([payload]))
    reader = Reader(path)
    assert reader.entry(0, 0, None).payload == payload
    with traced() as taken:
        assert reader.entry(0, 0, 16).payload == payload[:16]  # the whole message is not cached
    assert taken.peak < 2**20
    reader.close()


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM content",
        "UPDATE content SET entries = x'00'",
        "UPDATE content SET entries = 7",
        "UPDATE content SET payload = x'00'",
        "UPDATE content SET payload = 'text'",
        "UPDATE content SET payload = CAST(payload AS TEXT)",
        "UPDATE content SET payload = 1.5",
        "UPDATE content SET payload = zeroblob(0)",
    ],
)
@pytest.mark.parametrize("size", [120, 2 * 2**20])
def test_a_damaged_block_is_refused(tmp_path: Path, damage: str, size: int) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 2, size))
    change(path, damage)
    reader = Reader(path)
    with pytest.raises(RecordingError, match=r"damaged|cannot be opened"):
        reader.entry(0, 1, None)
    with pytest.raises(RecordingError, match=r"damaged|cannot be opened"):
        reader.block(0)
    with suppress(RecordingError):
        assert reader.entry(0, 1, 16).payload == b"%016d" % 1
    with pytest.raises(RecordingError, match="missing block: entry 5"):
        reader.block(5)
    reader.close()


def test_an_entry_beyond_its_block_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 2), numbered_batch(2, 2, 2 * 2**20))
    reader = Reader(path)
    for first in (0, 2):
        for limit in (None, 16):
            with pytest.raises(RecordingError, match="too short a block"):
                reader.entry(first, 2, limit)
    reader.close()


def test_a_failed_query_is_a_recording_error(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path)
    reader = Reader(path)
    assert reader.rows("SELECT 1 UNION SELECT 2") == [(1,), (2,)]
    with pytest.raises(RecordingError, match=r"x\.beam: cannot be opened: no such table"):
        reader.rows("SELECT * FROM nothing_at_all")
    reader.close()
