"""A block as bytes and back: what the file format calls `entries` and `payload`.

The layout is documented in docs/recording-format.md. Files come from anywhere, so what is read
is checked before anybody trusts it.
"""

from __future__ import annotations

import math
import sys
from array import array
from operator import ge
from struct import Struct, error
from types import ModuleType
from typing import Any

from spacebeam.protocol.batch import Batch, Data, Direction, Kind, Origin
from spacebeam.protocol.columns import column, number, ones
from spacebeam.recording.block import MAX_ENTRIES, Block
from spacebeam.recording.errors import RecordingError

_HEAD = Struct("<4I")  # entries, runs, short origins, bytes of long origins
_KINDS = bytes(Kind)
_DIRECTIONS = bytes(Direction)
LATEST_TIME = 1e11  # seconds; nothing a calendar can tell is later
_LARGEST = 2**53


def encode(block: Block) -> bytes:
    """The index of a block's entries; its payload bytes are stored beside it as they are."""
    short = {place: kept for place, kept in block.origins.items() if isinstance(kept, int)}
    long = [(place, *kept) for place, kept in block.origins.items() if not isinstance(kept, int)]
    told = _json().dumps(long).encode() if long else b""
    return b"".join(
        (
            _HEAD.pack(len(block), len(block.run_places), len(short), len(told)),
            block.kinds,
            _bytes(block.starts),
            _bytes(block.ends),
            _bytes(block.run_places),
            _bytes(block.run_times),
            block.run_directions,
            _bytes(array("I", short.keys())),
            _bytes(array("I", short.values())),
            told,
        )
    )


def decode(first: int, entries: bytes, payload: Data, payload_size: int | None = None) -> Block:
    """The block that begins with the entry number `first`.

    With `payload_size`, `payload` may be less than what was stored. Raises RecordingError for
    bytes that are no block.
    """
    try:
        if not isinstance(payload, Data):
            raise TypeError("no bytes")
        block = _decoded(first, entries, payload)
        size = len(payload) if payload_size is None else payload_size
        is_sound = _is_sound(block, size)
    except (error, ValueError, TypeError, RecursionError):
        is_sound = False
    if not is_sound:
        raise RecordingError(
            f"The recording is damaged: its block at entry {first} makes no sense."
        )
    return block


def _decoded(first: int, entries: bytes, payload: Data) -> Block:
    count, runs, short, told = _HEAD.unpack_from(entries)
    if not 0 < runs <= count <= MAX_ENTRIES or short > count:
        raise ValueError("more than a block can hold")
    view = memoryview(entries)
    at = _HEAD.size

    def column(code: str, length: int) -> array[Any]:
        nonlocal at
        found = array(code)
        end = at + length * found.itemsize
        if end > len(view):
            raise ValueError("cut off")
        found.frombytes(view[at:end])
        at = end
        if sys.byteorder == "big":
            found.byteswap()
        return found

    kinds = column("B", count).tobytes()
    starts, ends, places = column("I", count), column("I", count), column("I", runs)
    times, directions = column("d", runs), column("B", runs)
    origins: dict[int, Origin | int] = dict(
        zip(column("I", short), column("I", short), strict=True)
    )
    if told:
        for place, *kept in _json().loads(bytes(view[at:])):
            origins[place] = _origin(*kept)
    batch = Batch(0.0, Direction.NONE, payload, kinds, starts, ends, origins)
    block = Block(first, batch)
    block.run_places, block.run_times = places, times
    block.run_directions = bytearray(directions)
    return block


def _origin(wire_size: int, fragments: list[int], compressed: bool, untold: int) -> Origin:
    numbers = (wire_size, untold, *fragments)
    if not all(type(number) is int and 0 <= number < _LARGEST for number in numbers):
        raise ValueError("no sizes")
    return Origin(wire_size, tuple(fragments), bool(compressed), untold)


def _is_sound(block: Block, payload_size: int) -> bool:
    places = block.run_places
    return (
        places[0] == 0
        and places[-1] < len(block)
        and not any(map(ge, places, places[1:]))
        and all(type(place) is int and 0 <= place < len(block) for place in block.origins)
        and not block.kinds.translate(None, _KINDS)
        and not block.run_directions.translate(None, _DIRECTIONS)
        and _are_within(block.starts, block.ends, payload_size)
        and all(math.isfinite(time) and 0 <= time < LATEST_TIME for time in block.run_times)
    )


def _are_within(starts: array[int], ends: array[int], size: int) -> bool:
    """Whether each entry ends where it starts or later, and all fit into `size` bytes.

    Payloads do not overlap: a small file gives no endless export.

    Each column is taken as one large number, with 32 bits an entry: loops over the entries would
    take six times as long, and half of the time that a search takes. An offset never needs its
    highest bit, so that is set, and stays set where a subtraction takes nothing from it.
    """
    if starts[0] > starts[-1]:  # what was put together from pieces lies behind the rest
        starts, ends = starts[1:] + starts[:1], ends[1:] + ends[:1]
    unit = ones(len(starts))
    spare = unit << 31
    first, last = number(starts), number(ends)
    if size >= 2**31 or (first | last) & spare:
        return False  # no row of SQLite's is as long
    rising = (last | spare) - first
    following = starts[1:]
    following.append(size)
    if rising & ((number(following) | spare) - last) & spare == spare:
        return True  # one behind the other, as nearly all are
    if rising & ((unit * size | spare) - last) & spare != spare:
        return False
    return sum(column(last - first, len(starts))) <= size


def _json() -> ModuleType:
    """Loaded when it is needed, which is seldom; the terminal's start waits for every import."""
    import json

    return json


def _bytes(column: array[Any]) -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()
