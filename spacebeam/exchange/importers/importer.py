"""What an importer gets and yields.

A file is a stranger's: it may be broken anywhere, and every value is bounded. What came before a
broken place is imported.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import BinaryIO, NamedTuple

from spacebeam.exchange.losses import Losses
from spacebeam.net.report import HandshakeReport
from spacebeam.protocol.batch import Batch, Direction, Kind
from spacebeam.recording.codec import LATEST_TIME
from spacebeam.recording.entry import Mark

MAX_VALUE = 256 * 2**20  # characters of one message with all its keys
MAX_CONVERSATIONS = 10_000  # of a file; each becomes one
_MAX_BATCH_BYTES = 256 * 1024
_MAX_BATCH_ENTRIES = 4096
_NO_MARK = Mark()


class ImportFault(StrEnum):
    """Why a file cannot be imported, or not from some place on."""

    UNKNOWN_FORMAT = "unknown-format"
    NOT_JSON = "not-json"
    CUT_OFF = "cut-off"
    TOO_LARGE = "too-large"  # one value
    OTHER_SHAPE = "other-shape"  # JSON, but not as this format has it
    NOT_ZLIB = "not-zlib"
    NOT_ZIP = "not-zip"
    TOO_MANY = "too-many"  # conversations
    NOT_YAML = "not-yaml"
    TOO_DEEP = "too-deep"  # objects in objects
    FILE_TOO_LARGE = "file-too-large"  # of a collection, or all its files together
    TOO_MANY_FILES = "too-many-files"


class ImportFileError(Exception):
    """A file is broken; everything before `line` or `offset` was yielded."""

    def __init__(self, fault: ImportFault, *, line: int = 0, offset: int = 0) -> None:
        super().__init__(f"{fault} at line {line}, offset {offset}")
        self.fault = fault
        self.line = line  # counts from 1; 0 if the place is an offset
        self.offset = offset  # bytes
        self.member = ""  # of an archive, the file that has the place


class Begin(NamedTuple):
    """A conversation begins; its other items have the same key."""

    key: str
    began: float  # Unix time in seconds
    address: str = ""  # may have secrets
    report: HandshakeReport | None = None  # may have secrets


class Part(NamedTuple):
    """Entries of a conversation, in order."""

    key: str
    batch: Batch
    marks: dict[int, Mark]  # by index in the batch


class End(NamedTuple):
    """A conversation is complete."""

    key: str
    ended: float  # Unix time in seconds


Item = Begin | Part | End
Import = Callable[[BinaryIO, Losses], Iterator[Item]]


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A format that recordings are made of."""

    name: str
    read: Import


def valid_time(value: object, scale: float = 1.0) -> float | None:
    """Return a Unix time that a recording can have; None for any other value."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        time = float(value) * scale
    except OverflowError:
        return None
    return time if math.isfinite(time) and 0 <= time < LATEST_TIME else None


def utf8(text: str) -> bytes:
    """Return a text's bytes; JSON may have half a surrogate pair, which becomes U+FFFD."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass").decode(errors="replace").encode()


class PartMaker:
    """Gathers entries with the same time and direction in one batch."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._head = (0.0, Direction.NONE)
        self._kinds = bytearray()
        self._payloads: list[bytes] = []
        self._size = 0
        self._marks: dict[int, Mark] = {}

    def add(
        self, time: float, direction: Direction, kind: Kind, payload: bytes, mark: Mark = _NO_MARK
    ) -> tuple[Part, ...]:
        """Add an entry; return the earlier ones if it does not belong to them."""
        done: tuple[Part, ...] = ()
        is_full = self._size > _MAX_BATCH_BYTES or len(self._kinds) >= _MAX_BATCH_ENTRIES
        if is_full or self._head != (time, direction):
            done = self.rest()
            self._head = time, direction
        if mark != _NO_MARK:
            self._marks[len(self._kinds)] = mark
        self._kinds.append(kind)
        self._payloads.append(payload)
        self._size += len(payload)
        return done

    def rest(self) -> tuple[Part, ...]:
        """Return the entries that were not returned yet."""
        return (self._part(),) if self._kinds else ()

    def _part(self) -> Part:
        time, direction = self._head
        ends = array("I", accumulate(map(len, self._payloads)))
        starts = array("I", (0, *ends[:-1]))
        data, kinds, marks = b"".join(self._payloads), bytes(self._kinds), self._marks
        self._kinds, self._payloads, self._size, self._marks = bytearray(), [], 0, {}
        return Part(self._key, Batch(time, direction, data, kinds, starts, ends), marks)
