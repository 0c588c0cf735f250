"""Jobs for the writer thread: one type for each kind of row, and its SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from spacebeam.protocol.batch import Data
from spacebeam.recording.block import BlockSummary
from spacebeam.recording.entry import Mark

FactValue = str | float | int

# Rows in one INSERT. Each call releases the interpreter's lock and waits for it again while the
# other thread receives, so a flood is written with few calls.
_ROWS_PER_INSERT = 16

_INSERT_BLOCK = "INSERT OR REPLACE INTO block VALUES(?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_CONTENT = "INSERT OR REPLACE INTO content VALUES(?, ?, ?)"
_INSERT_FACT = "INSERT OR REPLACE INTO fact VALUES(?, ?)"
_DELETE_FACT = "DELETE FROM fact WHERE name = ?"
_INSERT_HANDSHAKE = "INSERT OR REPLACE INTO handshake VALUES(?, ?)"
_INSERT_MARK = "INSERT OR REPLACE INTO mark VALUES(?, ?, ?)"
_DELETE_MARK = "DELETE FROM mark WHERE entry = ?"


@dataclass(frozen=True, slots=True)
class WriteBlock:
    """Write a block: its summary and its content. Replaces the block with the same first entry."""

    first: int  # number of the block's first entry
    summary: BlockSummary
    entries: bytes  # as codec.encode gives them
    payload: Data

    @property
    def size(self) -> int:
        """Bytes of memory that the job holds while it is pending, about."""
        return len(self.entries) + len(self.payload)


@dataclass(frozen=True, slots=True)
class WriteFact:
    """Write a fact about the whole recording. Replaces the fact with the same name."""

    name: str
    value: FactValue

    @property
    def size(self) -> int:
        """Bytes of memory that the job holds while it is pending, about."""
        return len(self.name) + (len(self.value) if isinstance(self.value, str) else 0)


@dataclass(frozen=True, slots=True)
class DeleteFact:
    """Delete a fact."""

    name: str
    size = 0


@dataclass(frozen=True, slots=True)
class WriteHandshake:
    """Write a handshake's report. Replaces the one before the same entry."""

    entry: int  # number of the first entry after the handshake
    report: str  # JSON

    @property
    def size(self) -> int:
        """Bytes of memory that the job holds while it is pending, about."""
        return len(self.report)


@dataclass(frozen=True, slots=True)
class WriteMark:
    """Write an entry's mark. Replaces its earlier mark."""

    entry: int
    mark: Mark

    @property
    def size(self) -> int:
        """Bytes of memory that the job holds while it is pending, about."""
        return len(self.mark.note)


@dataclass(frozen=True, slots=True)
class DeleteMark:
    """Delete an entry's mark."""

    entry: int
    size = 0


WriteJob = WriteBlock | WriteFact | DeleteFact | WriteHandshake | WriteMark | DeleteMark


def execute(connection: sqlite3.Connection, jobs: Iterable[WriteJob]) -> None:
    """Write jobs in order; the blocks among them come last. Raises sqlite3.Error."""
    blocks: list[WriteBlock] = []
    for job in jobs:
        match job:
            case WriteBlock():
                blocks.append(job)
            case WriteFact(name=name, value=value):
                connection.execute(_INSERT_FACT, (_storable(name), _storable(value)))
            case DeleteFact(name=name):
                connection.execute(_DELETE_FACT, (name,))
            case WriteHandshake(entry=entry, report=report):
                connection.execute(_INSERT_HANDSHAKE, (entry, _storable(report)))
            case WriteMark(entry=entry, mark=mark):
                values = (entry, mark.is_starred, _storable(mark.note))
                connection.execute(_INSERT_MARK, values)
            case DeleteMark(entry=entry):
                connection.execute(_DELETE_MARK, (entry,))
    for start in range(0, len(blocks), _ROWS_PER_INSERT):
        part = blocks[start : start + _ROWS_PER_INSERT]
        contents = [(block.first, block.entries, block.payload) for block in part]
        _insert(connection, _INSERT_CONTENT, contents)
        _insert(connection, _INSERT_BLOCK, [(block.first, *block.summary) for block in part])


def _insert(connection: sqlite3.Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    """Insert several rows with one statement, which ends with the values of one."""
    more = f", ({', '.join('?' * len(rows[0]))})"
    connection.execute(statement + more * (len(rows) - 1), [*chain.from_iterable(rows)])


def _storable(value: FactValue) -> FactValue:
    """Replace characters that UTF-8 cannot encode: SQLite would refuse them in every retry."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else value
