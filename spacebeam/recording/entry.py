"""An entry as read from a recording, and a person's mark on it."""

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
    payload: Data  # decompressed and joined; cut at the limit that was given
    origin: Origin | None = None


class Mark(NamedTuple):
    """A star, a note, or both."""

    is_starred: bool = False
    note: str = ""
