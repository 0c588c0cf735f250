"""Encodes a block as the columns `entries` and `payload` of a file, and decodes it.

The layout is documented in help/topics/recording-format.md. A file may be hostile, so `decode`
checks all that it reads.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from operator import ge
from struct import Struct, error
from typing import Any

from spacebeam.protocol.batch import Batch, Data, Direction, Kind, Origin
from spacebeam.protocol.columns import column, number, ones
from spacebeam.recording.block import MAX_ENTRIES, Block
from spacebeam.recording.errors import RecordingError, RecordingFault

_HEADER = Struct("<4I")  # entries, runs, short origins, bytes of long origins
_KINDS = bytes(Kind)
_DIRECTIONS = bytes(Direction)
LATEST_TIME = 1e11  # Unix time in seconds, in the year 5138
_MAX_INTEGER = 2**53  # JSON has smaller integers exactly


def encode(block: Block) -> bytes:
    """Encode a block without its payload bytes, which are stored unchanged in another column."""
    short = {place: origin for place, origin in block.origins.items() if isinstance(origin, int)}
    long = [
        (place, *origin) for place, origin in block.origins.items() if not isinstance(origin, int)
    ]
    long_json = json.dumps(long).encode() if long else b""
    return b"".join(
        (
            _HEADER.pack(len(block), len(block.run_places), len(short), len(long_json)),
            block.kinds,
            _bytes(block.starts),
            _bytes(block.ends),
            _bytes(block.run_places),
            _bytes(block.run_times),
            block.run_directions,
            _bytes(array("I", short.keys())),
            _bytes(array("I", short.values())),
            long_json,
        )
    )


def decode(first: int, entries: bytes, payload: Data, payload_size: int | None = None) -> Block:
    """Decode the block that begins with entry number `first`.

    `payload_size` is the number of stored bytes if `payload` has only some of them. Raises
    RecordingError for bytes that are not a block.
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
        raise RecordingError(RecordingFault.INVALID_BLOCK, entry=first)
    return block


def _decoded(first: int, entries: bytes, payload: Data) -> Block:
    count, runs, short, long_size = _HEADER.unpack_from(entries)
    if not 0 < runs <= count <= MAX_ENTRIES or short > count:
        raise ValueError("more than a block can hold")
    view = memoryview(entries)
    at = _HEADER.size

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
    if long_size:
        for place, *fields in json.loads(bytes(view[at:])):
            origins[place] = _origin(*fields)
    batch = Batch(0.0, Direction.NONE, payload, kinds, starts, ends, origins)
    block = Block(first, batch)
    block.run_places, block.run_times = places, times
    block.run_directions = bytearray(directions)
    return block


def _origin(wire_size: int, fragments: list[int], compressed: bool, untold: int) -> Origin:
    numbers = (wire_size, untold, *fragments)
    if not all(type(number) is int and 0 <= number < _MAX_INTEGER for number in numbers):
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
    """Return whether each entry ends where it starts or later, and all fit into `size` bytes.

    Payloads must not overlap, or a small file could have an endless export.

    Each column is read as one large number with 32 bits for each entry: loops over the entries
    would take six times as long. An offset never needs its highest bit, so that bit is set before
    a subtraction, and stays set where the result is not negative.
    """
    if starts[0] > starts[-1]:  # a message of several fragments is stored after the others
        starts, ends = starts[1:] + starts[:1], ends[1:] + ends[:1]
    unit = ones(len(starts))
    spare = unit << 31
    first, last = number(starts), number(ends)
    if size >= 2**31 or (first | last) & spare:
        return False  # longer than a row of SQLite
    rising = (last | spare) - first
    following = starts[1:]
    following.append(size)
    if rising & ((number(following) | spare) - last) & spare == spare:
        return True  # in order, as in nearly all blocks
    if rising & ((unit * size | spare) - last) & spare != spare:
        return False
    return sum(column(last - first, len(starts))) <= size


def _bytes(column: array[Any]) -> bytes:
    if sys.byteorder == "big":
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()
