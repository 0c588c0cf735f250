"""An entry that was read from a recording, and the mark a person gave it."""

from __future__ import annotations

from typing import NamedTuple

from spacebeam.protocol.batch import Data, Direction, Kind, Origin


class Entry(NamedTuple):
    """A message, a control frame or an event."""

    number: int  # counts from 0 in its recording
    time: float  # Unix time in seconds, taken when the bytes arrived or left
    kind: Kind
    direction: Direction
    size: int  # bytes of the whole payload
    payload: Data  # decompressed and joined; only its beginning where a limit was given
    origin: Origin | None = None


class Mark(NamedTuple):
    """A star, a note, or both."""

    is_starred: bool = False
    note: str = ""
