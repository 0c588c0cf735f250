"""Reads blocks from a recording's file, and caches the most recently used ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from spacebeam.recording.block import Block, memory_size
from spacebeam.recording.codec import decode
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import READING_ERRORS, RecordingError, RecordingFault, opening_error
from spacebeam.recording.file import Identity, identity, open_to_read
from spacebeam.recording.query_limits import bounded

_CACHE_BYTES = 8 * 2**20
# The C library returns pieces of more than 128 KiB, such as blocks, to the system at once. Getting
# them again takes three times as long as reading a block. After a larger piece was freed, it
# retains pieces up to that size (mallopt(3), M_MMAP_THRESHOLD).
_RETAINED_BYTES = 16 * 2**20
# SQLite's cache is small: few pages are read twice, and it would fill the processor's cache.
_SQLITE_CACHE = "PRAGMA cache_size = -256"  # KiB
_LONG_PAYLOAD_BYTES = 2**20  # of a longer payload, only the needed beginning is read


class Reader:
    """Reads a recording's file, even while it is being written."""

    def __init__(self, path: Path) -> None:
        """Open the file. Raises RecordingError."""
        self.path = path
        self.identity = _identity(path)
        self._connection = open_to_read(path)
        self._connection.execute(_SQLITE_CACHE)
        _retain_freed_memory()
        self._cache: OrderedDict[int, Block] = OrderedDict()
        self._cached_bytes = 0

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return all rows of a query. Raises RecordingError."""
        with self._errors_as_recording_errors(), bounded(self._connection, self.path):
            return self._connection.execute(statement).fetchall()

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read the present state of the file within the context; ignore later writes."""
        with self._errors_as_recording_errors():
            self._connection.execute("BEGIN")
        try:
            yield
        finally:
            with self._errors_as_recording_errors():
                self._connection.execute("ROLLBACK")

    def block(self, first: int, *, use_cache: bool = True) -> Block:
        """Return the block that begins with entry `first`. Raises RecordingError.

        With `use_cache=False` it is not added to the cache.
        """
        found = self._cache.get(first)
        if found is None:
            query = "SELECT entries, payload FROM content WHERE first = ?"
            found = decode(first, *self._row(query, first))
            if use_cache:
                self._add_to_cache(found)
        elif use_cache:
            self._cache.move_to_end(first)
        return found

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        """Return an entry of that block, as Block.entry does. Raises RecordingError."""
        if limit is None or first in self._cache:
            return self._entry(self.block(first), place, limit)
        query = "SELECT length(payload) FROM content WHERE first = ?"
        (size,) = self._row(query, first)
        if not isinstance(size, int) or size <= _LONG_PAYLOAD_BYTES:
            return self._entry(self.block(first), place, limit)
        (entries,) = self._row("SELECT entries FROM content WHERE first = ?", first)
        return self._beginning(decode(first, entries, b"", size), place, limit)

    def close(self) -> None:
        self._connection.close()
        self._cache.clear()

    def _entry(self, block: Block, place: int, limit: int | None) -> Entry:
        if place >= len(block):
            raise RecordingError(RecordingFault.SHORT_BLOCK, self.path)
        return block.entry(place, limit)

    def _beginning(self, block: Block, place: int, limit: int) -> Entry:
        """Return the entry, reading only the beginning of its payload."""
        without = self._entry(block, place, 0)
        start, end = block.starts[place], block.ends[place]
        with (
            self._errors_as_recording_errors(),
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
        with self._errors_as_recording_errors():
            row = self._connection.execute(query, (first,)).fetchone()
        if row is None:
            raise RecordingError(RecordingFault.MISSING_BLOCK, self.path, entry=first)
        return tuple(row)

    def _add_to_cache(self, block: Block) -> None:
        size = _memory_size(block)
        if size > _CACHE_BYTES // 2:
            return
        self._cache[block.first] = block
        self._cached_bytes += size
        while self._cached_bytes > _CACHE_BYTES:
            _first, oldest = self._cache.popitem(last=False)
            self._cached_bytes -= _memory_size(oldest)

    @contextmanager
    def _errors_as_recording_errors(self) -> Iterator[None]:
        try:
            yield
        except READING_ERRORS as error:
            raise opening_error(error, self.path) from error


def _identity(path: Path) -> Identity:
    try:
        return identity(path)
    except OSError as error:
        raise opening_error(error, path) from error


@cache  # once per process; a second call takes ten milliseconds
def _retain_freed_memory() -> None:
    """Make the C library retain the memory of freed blocks."""
    bytes(_RETAINED_BYTES)


def _memory_size(block: Block) -> int:
    return memory_size(block.data, block.kinds, block.origins)
