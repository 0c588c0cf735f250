"""One entry, read back from a recording."""

from __future__ import annotations

from typing import NamedTuple

from spacebeam.protocol.batch import Data, Direction, Kind, Origin


class Entry(NamedTuple):
    """One thing that was said or that happened."""

    number: int  # counts from 0 in its recording
    time: float  # Unix time in seconds, taken when the bytes arrived or left
    kind: Kind
    direction: Direction
    size: int  # of the whole payload, in bytes
    payload: Data  # unpacked and joined; its beginning where only that was asked for
    origin: Origin | None = None


class Mark(NamedTuple):
    """A star, a note, or both."""

    is_starred: bool = False
    note: str = ""
