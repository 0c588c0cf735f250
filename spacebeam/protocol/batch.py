"""A batch: entries that were received or sent at once, with an index.

An object for each message would cost more than reading the message. So received bytes stay together
as they came, and an entry is three numbers beside them: its kind, and where its payload starts and
ends. Payloads are sliced out only when they are needed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import accumulate
from typing import Final, NamedTuple

from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.columns import lengths

Data = bytes | bytearray  # the payload of a long message stays in its bytearray, uncopied


class Direction(IntEnum):
    """The direction of an entry, seen from this program."""

    NONE = 0
    SENT = 1
    RECEIVED = 2


class Kind(IntEnum):
    """The kind of an entry. Frames have their opcode's number (RFC 6455, section 11.8)."""

    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10
    EVENT = 15  # something that happened to the connection; the payload is UTF-8 text

    @property
    def is_text(self) -> bool:
        """Whether the payload is known to be UTF-8."""
        return self in (Kind.TEXT, Kind.EVENT)


_MAX_HEADER = 14  # bytes before a payload (RFC 6455, section 5.2)
_DATA_KINDS = bytes((Kind.TEXT, Kind.BINARY, Kind.EVENT))


class Origin(NamedTuple):
    """How a message that was fragmented or compressed was on the wire."""

    wire_size: int  # bytes of all its frames, headers included
    fragments: tuple[int, ...]  # payload bytes of each frame, as they were on the wire
    compressed: bool
    omitted: int = 0  # count of further frames, whose sizes are not in `fragments`

    @property
    def fragment_count(self) -> int:
        """The count of frames."""
        return len(self.fragments) + self.omitted


# An int is the payload size of one compressed, unmasked frame, below 64 KiB: feeds have many.
Origins = Mapping[int, Origin | int]

_NO_ORIGINS: Origins = {}


def origin_of(value: Origin | int | None) -> Origin | None:
    """Return the origin for a value of `Batch.origins`."""
    if isinstance(value, int):
        return Origin(value + (2 if value < 126 else 4), (value,), True)
    return value


class Batch:
    """Entries that were received or sent at once, in order.

    `data[starts[i]:ends[i]]` is the payload of entry `i`, unpacked, unmasked and joined; a close
    frame's payload keeps its two bytes of code. `kinds` holds one `Kind` value an entry.
    `origins` has the origin of entries that were fragmented or compressed, by their index.
    """

    __slots__ = ("_size", "data", "direction", "ends", "kinds", "origins", "starts", "time")

    def __init__(
        self,
        time: float,
        direction: Direction,
        data: Data,
        kinds: bytes,
        starts: array[int],
        ends: array[int],
        origins: Origins = _NO_ORIGINS,
    ) -> None:
        self.time: Final = time  # Unix time in seconds, taken when the bytes arrived or left
        self.direction: Final = direction
        self.data: Final = data
        self.kinds: Final = kinds
        self.starts: Final = starts
        self.ends: Final = ends
        self.origins: Final = origins
        self._size: int | None = None

    def __len__(self) -> int:
        return len(self.kinds)

    @property
    def size(self) -> int:
        """Bytes of all payloads; computed once."""
        if self._size is None:
            self._size = sum(lengths(self.starts, self.ends))
        return self._size

    def origin(self, place: int) -> Origin | None:
        """Return the origin of the entry at `place`; None if it was one plain frame."""
        return origin_of(self.origins.get(place))

    def payload(self, place: int) -> bytes:
        """Return the payload of the entry at `place`."""
        return bytes(self.data[self.starts[place] : self.ends[place]])

    def payloads(self) -> Iterator[bytes]:
        """Return all payloads, in order."""
        data = self.data
        bounds = zip(self.starts, self.ends, strict=True)
        return (bytes(data[start:end]) for start, end in bounds)

    def steps(self) -> Iterator[Batch]:
        """Split the batch after each control frame, so that each is answered in order.

        Without control frames it costs almost nothing.
        """
        if not self.kinds.translate(None, _DATA_KINDS):
            if self.kinds:
                yield self
            return
        # One pass over both, not one for each step: a peer decides how many there are.
        places = sorted(self.origins)
        first = used = 0
        for place, kind in enumerate(self.kinds):
            if Kind.CLOSE <= kind <= Kind.PONG or place == len(self) - 1:
                next_used = bisect_left(places, place + 1, used)
                yield self._part(first, place + 1, places[used:next_used])
                first, used = place + 1, next_used

    def part(self, first: int, end: int) -> Batch:
        """Return the entries with indexes from `first` to `end`, without `end`."""
        return self._part(first, end, [at for at in self.origins if first <= at < end])

    def _part(self, first: int, end: int, places: Sequence[int]) -> Batch:
        origins = {at - first: self.origins[at] for at in places}
        kinds, starts, ends = self.kinds[first:end], self.starts[first:end], self.ends[first:end]
        return Batch(self.time, self.direction, self.data, kinds, starts, ends, origins)

    def compact(self) -> Batch:
        """Return the same entries; if payloads are less than half of the data, without the rest.

        Otherwise a retained batch of few small payloads would retain its whole received block.
        """
        if len(self.data) <= 2 * self.size + _MAX_HEADER * len(self):
            return self
        data = b"".join(self.payloads())
        sizes = (end - start for start, end in zip(self.starts, self.ends, strict=True))
        ends = array("I", accumulate(sizes))
        starts = array("I", (0, *ends[:-1])) if ends else ends
        return Batch(self.time, self.direction, data, self.kinds, starts, ends, self.origins)


def single(
    time: float, direction: Direction, kind: Kind, payload: Data, origin: Origin | None = None
) -> Batch:
    """Return a batch of one entry."""
    origins = _NO_ORIGINS if origin is None else {0: origin}
    starts, ends = array("I", (0,)), array("I", (len(payload),))
    return Batch(time, direction, payload, bytes((kind,)), starts, ends, origins)


def event_batch(time: float, payload: bytes) -> Batch:
    """Return a batch of one event; `net.events` makes payloads."""
    return single(time, Direction.NONE, Kind.EVENT, payload)


def split_close(payload: Data) -> tuple[int, str]:
    """Return a close frame's code and reason (RFC 6455, section 5.5.1); 1005 if it is empty."""
    if len(payload) < 2:
        return CloseCode.NO_STATUS, ""
    return int.from_bytes(payload[:2], "big"), payload[2:].decode(errors="replace")
