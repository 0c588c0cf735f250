"""Batches of any shape with the entries that are in them, and numbered ones that show a gap."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate, chain

from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch, Direction, Kind, Origin
from spacebeam.recording.recording import Recording

NOON = 1_700_000_000.25  # Unix time


@dataclass(frozen=True)
class Expected:
    """One entry of the model: a plain list."""

    time: float
    kind: Kind
    direction: Direction
    payload: bytes
    origin: Origin | None


Part = tuple[Batch, list[Expected]]


@st.composite
def batches(draw: st.DrawFn) -> Part:
    """A batch as the wire makes them, payloads with gaps between, and what is in it."""
    time = draw(st.floats(0, 2e9))
    direction = draw(st.sampled_from(Direction))
    data, beside, kinds = bytearray(), bytearray(), bytearray()
    spans: list[tuple[bool, int, int]] = []
    origins: dict[int, Origin | int] = {}
    expected = []
    for place in range(draw(st.integers(0, 5))):
        payload = draw(st.binary(max_size=20))
        kind = draw(st.sampled_from(Kind))
        is_beside = draw(st.booleans())
        target = beside if is_beside else data
        target += b"\x81\x05"
        start = len(target)
        target += payload
        spans.append((is_beside, start, len(target)))
        kinds.append(kind)
        kept, origin = draw(_origins(len(payload)))
        if kept is not None:
            origins[place] = kept
        expected.append(Expected(time, kind, direction, payload, origin))
    # Now and then a batch too large to be gathered. What was joined lies behind the block.
    data += bytes(draw(st.sampled_from((0, 0, 0, 70_000))))
    starts = array("I", [start + is_beside * len(data) for is_beside, start, _end in spans])
    ends = array("I", [end + is_beside * len(data) for is_beside, _start, end in spans])
    data += beside
    return Batch(time, direction, bytes(data), bytes(kinds), starts, ends, origins), expected


@st.composite
def _origins(draw: st.DrawFn, size: int) -> tuple[Origin | int | None, Origin | None]:
    """How an entry came, as a batch keeps it and as it is told."""
    way = draw(st.sampled_from(("plain", "packed", "pieces")))
    if way == "packed":
        return size, Origin(size + 2, (size,), True)
    if way == "pieces":
        sizes = tuple(draw(st.lists(st.integers(0, 2**40), max_size=3)))
        untold, is_packed = draw(st.integers(0, 2**40)), draw(st.booleans())
        origin = Origin(sum(sizes) + 2 * len(sizes), sizes, is_packed, untold)
        return origin, origin
    return None, None


def long_batch(payload: bytes) -> Part:
    """A batch of one message that is a block of its own."""
    batch = packed([payload])
    return batch, [Expected(NOON, Kind.BINARY, Direction.RECEIVED, payload, None)]


def packed(
    payloads: list[bytes], time: float = NOON, origins: Mapping[int, Origin | int] | None = None
) -> Batch:
    """A batch of binary messages without gaps between."""
    ends = array("I", accumulate(map(len, payloads)))
    starts = array("I", (0, *ends[:-1])) if ends else array("I")
    kinds = bytes((Kind.BINARY,)) * len(payloads)
    return Batch(time, Direction.RECEIVED, b"".join(payloads), kinds, starts, ends, origins or {})


def numbered(number: int, size: int = 120) -> bytes:
    """The payload with this number: no other is the same."""
    return b"%016d" % number + b"." * (size - 16)


def numbered_batch(first: int, count: int, size: int = 120, time: float = NOON) -> Batch:
    """A batch of messages with numbers in order."""
    return packed([numbered(number, size) for number in range(first, first + count)], time)


def check(recording: Recording, model: list[Expected]) -> None:
    """Every entry is what was appended, whole and in its beginning."""
    assert len(recording) == len(model)
    for number, expected in enumerate(model):
        entry = recording.entry(number)
        assert entry.number == number
        assert entry.size == len(expected.payload)
        found = Expected(
            entry.time, entry.kind, entry.direction, bytes(entry.payload), entry.origin
        )
        assert found == expected
        assert recording.entry(number, 3).payload == expected.payload[:3]
        assert recording.entry(number, 3).size == len(expected.payload)


def size_of(model: list[Expected]) -> int:
    """Bytes of what was sent and received."""
    return sum(len(entry.payload) for entry in model if entry.direction is not Direction.NONE)


def received(recording: Recording) -> list[bytes]:
    """The payloads of all messages that were received, block by block."""
    blocks = (recording.block(index) for index in range(recording.block_count))
    return list(
        chain.from_iterable(
            [bytes(block.data[block.starts[at] : block.ends[at]]) for at in range(begin, end)]
            for block in blocks
            for begin, end, _time, direction in block.runs()
            if direction is Direction.RECEIVED
        )
    )


def check_numbers(recording: Recording, size: int = 120) -> int:
    """What was received has all numbers from 0 on; returns how many there are."""
    found = received(recording)
    assert found == [numbered(number, size) for number in range(len(found))]
    return len(found)
