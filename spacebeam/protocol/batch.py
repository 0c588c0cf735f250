"""A batch: what was received, or sent, in one go, and an index of the entries in it.

One object a message would cost more than reading the message. So received bytes stay together as
they came, and an entry is four numbers beside them: its kind and where its payload starts and
ends. Whoever wants the payload slices it out.
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

Data = bytes | bytearray  # a long message stays in the buffer it was joined in


class Direction(IntEnum):
    """Which way an entry went, seen from this program."""

    NONE = 0
    SENT = 1
    RECEIVED = 2


class Kind(IntEnum):
    """What an entry is. Frames keep their opcode's number (RFC 6455, section 11.8)."""

    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10
    EVENT = 15  # something that happened to the connection; its payload is UTF-8 text

    @property
    def is_text(self) -> bool:
        """Whether the payload is known to be UTF-8."""
        return self in (Kind.TEXT, Kind.EVENT)


_LONGEST_HEADER = 14  # bytes before a payload (RFC 6455, section 5.2)
_DATA_KINDS = bytes((Kind.TEXT, Kind.BINARY, Kind.EVENT))


class Origin(NamedTuple):
    """How a message that was not one plain frame came over the wire."""

    wire_size: int  # bytes of all its frames, headers included
    fragments: tuple[int, ...]  # payload bytes of each frame, as they were on the wire
    compressed: bool
    untold: int = 0  # frames after those, whose sizes were not kept

    @property
    def fragment_count(self) -> int:
        """How many frames it came in."""
        return len(self.fragments) + self.untold


# An int stands for one compressed, unmasked frame with so many bytes of payload, below 64 KiB:
# a feed has many of them.
Origins = Mapping[int, Origin | int]

_NO_ORIGINS: Origins = {}


def origin_of(kept: Origin | int | None) -> Origin | None:
    """The origin that an entry of `Batch.origins` stands for."""
    if isinstance(kept, int):
        return Origin(kept + (2 if kept < 126 else 4), (kept,), True)
    return kept


class Batch:
    """Entries that were received or sent in one go, in order.

    `data[starts[i]:ends[i]]` is the payload of entry `i`, unpacked, unmasked and joined; a close
    frame's payload keeps its two bytes of code. `kinds` holds one `Kind` value an entry.
    `origins` tells about the entries that were fragmented or compressed, by their place here.
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
        """Bytes of all payloads. They are added up once: it is much of what keeping them takes."""
        if self._size is None:
            self._size = sum(lengths(self.starts, self.ends))
        return self._size

    def origin(self, place: int) -> Origin | None:
        """How the entry at `place` came, if it was not one plain frame."""
        return origin_of(self.origins.get(place))

    def payload(self, place: int) -> bytes:
        """The payload of the entry at `place`."""
        return bytes(self.data[self.starts[place] : self.ends[place]])

    def payloads(self) -> Iterator[bytes]:
        """All payloads, in order."""
        data = self.data
        bounds = zip(self.starts, self.ends, strict=True)
        return (bytes(data[start:end]) for start, end in bounds)

    def steps(self) -> Iterator[Batch]:
        """The batch, cut behind each control frame, so that each is answered in its turn.

        Costs next to nothing where there is none.
        """
        if not self.kinds.translate(None, _DATA_KINDS):
            if self.kinds:
                yield self
            return
        # Looked through once and not for each step: a peer decides how many there are of both.
        places = sorted(self.origins)
        first = told = 0
        for place, kind in enumerate(self.kinds):
            if Kind.CLOSE <= kind <= Kind.PONG or place == len(self) - 1:
                next_told = bisect_left(places, place + 1, told)
                yield self._part(first, place + 1, places[told:next_told])
                first, told = place + 1, next_told

    def part(self, first: int, end: int) -> Batch:
        """The entries from the place `first` on, before the place `end`."""
        return self._part(first, end, [at for at in self.origins if first <= at < end])

    def _part(self, first: int, end: int, told: Sequence[int]) -> Batch:
        origins = {at - first: self.origins[at] for at in told}
        kinds, starts, ends = self.kinds[first:end], self.starts[first:end], self.ends[first:end]
        return Batch(self.time, self.direction, self.data, kinds, starts, ends, origins)

    def compact(self) -> Batch:
        """The same entries; without what lies between them, where that is most of the data.

        For whoever keeps batches: few small payloads would keep the whole block they came in.
        """
        if len(self.data) <= 2 * self.size + _LONGEST_HEADER * len(self):
            return self
        data = b"".join(self.payloads())
        sizes = (end - start for start, end in zip(self.starts, self.ends, strict=True))
        ends = array("I", accumulate(sizes))
        starts = array("I", (0, *ends[:-1])) if ends else ends
        return Batch(self.time, self.direction, data, self.kinds, starts, ends, self.origins)


def single(
    time: float, direction: Direction, kind: Kind, payload: Data, origin: Origin | None = None
) -> Batch:
    """A batch of one entry."""
    origins = _NO_ORIGINS if origin is None else {0: origin}
    starts, ends = array("I", (0,)), array("I", (len(payload),))
    return Batch(time, direction, payload, bytes((kind,)), starts, ends, origins)


def event(time: float, text: str) -> Batch:
    """A batch that says what happened to the connection."""
    return single(time, Direction.NONE, Kind.EVENT, text.encode())


def split_close(payload: Data) -> tuple[int, str]:
    """A close frame's code and reason (RFC 6455, section 5.5.1); 1005 where it is empty."""
    if len(payload) < 2:
        return CloseCode.NO_STATUS, ""
    return int.from_bytes(payload[:2], "big"), payload[2:].decode(errors="replace")
