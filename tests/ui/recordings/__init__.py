"""Recordings for the window's tests, made of literals."""

from __future__ import annotations

from array import array

from spacebeam.protocol.batch import Batch, Direction, Kind, Origin, event_batch, single
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording

NOON = 1_700_000_000.25  # Unix time


def entry(
    payload: bytes,
    kind: Kind = Kind.TEXT,
    direction: Direction = Direction.RECEIVED,
    size: int | None = None,
    number: int = 0,
    origin: Origin | None = None,
) -> Entry:
    """One entry; with `size`, `payload` is only its beginning."""
    whole = len(payload) if size is None else size
    return Entry(number, NOON, kind, direction, whole, payload, origin)


def recording(*said: str | bytes) -> Recording:
    """A recording of received messages: text for `str`, binary for `bytes`."""
    made = Recording()
    add(made, *said)
    return made


def add(to: Recording, *said: str | bytes) -> None:
    """More received messages."""
    for one in said:
        kind = Kind.TEXT if isinstance(one, str) else Kind.BINARY
        payload = one.encode() if isinstance(one, str) else one
        to.append(single(NOON, Direction.RECEIVED, kind, payload))


def add_event(to: Recording, words: str) -> None:
    to.append(event_batch(NOON, words.encode()))


def numbered(count: int) -> Recording:
    """So many short messages, in one block."""
    payload = b"a message of a flood"
    starts = array("I", range(0, len(payload) * count, len(payload)))
    ends = array("I", range(len(payload), len(payload) * (count + 1), len(payload)))
    made = Recording()
    kinds = bytes((Kind.TEXT,)) * count
    made.append(Batch(NOON, Direction.RECEIVED, payload * count, kinds, starts, ends))
    return made
