"""Reads blocks back from a recording's file, and keeps the ones used last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from spacebeam.recording.block import Block, weight
from spacebeam.recording.codec import decode
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import READING_ERRORS, RecordingError, opening_error
from spacebeam.recording.file import Identity, identity, open_to_read
from spacebeam.recording.query_limits import bounded

_KEPT_BYTES = 8 * 2**20
# The C library hands memory of more than 128 KiB back to the system at once, and a block is as
# large: to get it again, for each block, takes three times as long as to read it. After it has
# seen a larger piece come and go it keeps pieces up to that size (mallopt(3), M_MMAP_THRESHOLD).
_AT_HAND = 16 * 2**20  # bytes
# SQLite's own cache, whose pages a block fills and hardly one is asked for again. Its two megabytes
# would be as much of the processor's.
_CACHE = "PRAGMA cache_size = -256"  # KiB
_LONG = 2**20  # bytes; of a longer payload the beginning is read where that is enough


class Reader:
    """A file that is open to be read, whoever writes it."""

    def __init__(self, path: Path) -> None:
        """Raises RecordingError."""
        self.path = path
        self.identity = _identity(path)
        self._connection = open_to_read(path)
        self._connection.execute(_CACHE)
        _have_memory_at_hand()
        self._kept: OrderedDict[int, Block] = OrderedDict()
        self._kept_bytes = 0

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a query gives. Raises RecordingError."""
        with self._errors_in_words(), bounded(self._connection, self.path):
            return self._connection.execute(statement).fetchall()

    @contextmanager
    def at_one_moment(self) -> Iterator[None]:
        """Whatever is written meanwhile, all that is read in the block is of one moment."""
        with self._errors_in_words():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with self._errors_in_words():
                self._connection.execute("ROLLBACK")

    def block(self, first: int, *, in_passing: bool = False) -> Block:
        """The block that begins with this entry; not kept `in_passing`. Raises RecordingError."""
        found = self._kept.get(first)
        if found is None:
            query = "SELECT entries, payload FROM content WHERE first = ?"
            found = decode(first, *self._row(query, first))
            if not in_passing:
                self._keep(found)
        elif not in_passing:
            self._kept.move_to_end(first)
        return found

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        """An entry of that block; with `limit`, at most so many bytes. Raises RecordingError."""
        if limit is None or first in self._kept:
            return self._entry(self.block(first), place, limit)
        query = "SELECT length(payload) FROM content WHERE first = ?"
        (size,) = self._row(query, first)
        if not isinstance(size, int) or size <= _LONG:
            return self._entry(self.block(first), place, limit)
        (entries,) = self._row("SELECT entries FROM content WHERE first = ?", first)
        return self._beginning(decode(first, entries, b"", size), place, limit)

    def close(self) -> None:
        self._connection.close()
        self._kept.clear()

    def _entry(self, block: Block, place: int, limit: int | None) -> Entry:
        if place >= len(block):
            raise RecordingError(f"{self.path} is damaged: a block is shorter than it should be.")
        return block.entry(place, limit)

    def _beginning(self, block: Block, place: int, limit: int) -> Entry:
        """The entry with its payload's beginning, read without the rest."""
        without = self._entry(block, place, 0)
        start, end = block.starts[place], block.ends[place]
        with (
            self._errors_in_words(),
            self._connection.blobopen("content", "payload", block.first, readonly=True) as blob,
        ):
            beginning = bytes(blob[start : min(end, start + limit)])
        return Entry(
            without.number,
            without.time,
            without.kind,
            without.direction,
            end - start,
            beginning,
            without.origin,
        )

    def _row(self, query: str, first: int) -> tuple[Any, ...]:
        with self._errors_in_words():
            row = self._connection.execute(query, (first,)).fetchone()
        if row is None:
            raise RecordingError(f"{self.path} is damaged: the block at entry {first} is missing.")
        return tuple(row)

    def _keep(self, block: Block) -> None:
        size = _weight(block)
        if size > _KEPT_BYTES // 2:
            return
        self._kept[block.first] = block
        self._kept_bytes += size
        while self._kept_bytes > _KEPT_BYTES:
            _first, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= _weight(oldest)

    @contextmanager
    def _errors_in_words(self) -> Iterator[None]:
        try:
            yield
        except READING_ERRORS as error:
            raise opening_error(error, self.path) from error


def _identity(path: Path) -> Identity:
    try:
        return identity(path)
    except OSError as error:
        raise opening_error(error, path) from error


@cache  # once is enough, and the second time takes ten milliseconds
def _have_memory_at_hand() -> None:
    bytes(_AT_HAND)


def _weight(block: Block) -> int:
    return weight(block.data, block.kinds, block.origins)
