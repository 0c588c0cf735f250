"""Entries as plain tuples, and streams of frames with the entries they should give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import strategies as st

from spacebeam.protocol.batch import Batch, Direction, Kind, Origin
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Opcode, Role, encode
from spacebeam.wording.events import event_words

PlainEntry = tuple[Kind, bytes]

MASK = b"\x12\xf4\x56\x08"
RSV1 = 4


def plain_entries(batches: Iterable[Batch]) -> list[PlainEntry]:
    """Return kind and payload of every entry, in order."""
    return [
        (Kind(kind), payload)
        for batch in batches
        for kind, payload in zip(batch.kinds, batch.payloads(), strict=True)
    ]


def origins(batches: Iterable[Batch]) -> list[Origin | None]:
    """Return the origin of every entry, in order."""
    return [batch.origin(place) for batch in batches for place in range(len(batch))]


def received(decoder: FrameDecoder, *blocks: bytes) -> list[PlainEntry]:
    """Return the entries that a decoder makes of these blocks."""
    return plain_entries(batch for block in blocks for batch in decoder.feed(block, 0.0))


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    """Divide `data` into blocks at these places, each modulo its length."""
    bounds = sorted({0, len(data), *(place % (len(data) + 1) for place in places)})
    return [data[start:end] for start, end in pairwise(bounds)]


class Sink(list[Batch]):
    """A sink that collects the batches of a connection."""

    def __call__(self, batch: Batch) -> None:
        self.append(batch)

    def received(self) -> list[PlainEntry]:
        return plain_entries(batch for batch in self if batch.direction is Direction.RECEIVED)

    def sent(self) -> list[PlainEntry]:
        return plain_entries(batch for batch in self if batch.direction is Direction.SENT)

    def events(self) -> list[str]:
        return [
            event_words(payload)
            for batch in self
            if batch.direction is Direction.NONE
            for _kind, payload in plain_entries([batch])
        ]


@dataclass(frozen=True)
class Stream:
    """The bytes that a peer sends, and the entries that they contain."""

    data: bytes
    entries: list[PlainEntry]
    origins: list[Origin | None]


# Short frames and those with each kind of longer length, ASCII and beyond.
_texts = st.one_of(
    st.text(max_size=20),
    st.integers(60, 140).map(lambda count: "é" * count),
    st.integers(65_500, 65_560).map(lambda count: "z" * count),
)
_messages = st.one_of(
    st.tuples(st.just(Kind.TEXT), _texts.map(str.encode)),
    st.tuples(st.just(Kind.BINARY), st.binary(max_size=40)),
)
_controls = st.tuples(st.sampled_from((Kind.PING, Kind.PONG)), st.binary(max_size=125))


@st.composite
def streams(draw: st.DrawFn, role: Role, agreement: Agreement | None = None) -> Stream:
    """Messages, some of them fragmented or compressed, with pings before and between."""
    mask = MASK if role is Role.SERVER else b""
    other = Role.CLIENT if role is Role.SERVER else Role.SERVER
    deflate = None if agreement is None else Deflate(agreement, other)
    data = bytearray()
    entries: list[tuple[PlainEntry, Origin | None]] = []

    def add_controls() -> None:
        for kind, payload in draw(st.lists(_controls, max_size=2)):
            data.extend(encode(kind, payload, mask))
            entries.append(((kind, payload), None))

    for kind, payload in draw(st.lists(_messages, max_size=6)):
        add_controls()
        compressed = deflate is not None and draw(st.booleans())
        content = deflate.pack(payload) if deflate is not None and compressed else payload
        pieces = cut(content, draw(st.lists(st.integers(0, 2**16), max_size=3))) or [b""]
        begin = len(data)
        between = 0
        for place, piece in enumerate(pieces):
            if place:
                before = len(data)
                add_controls()
                between += len(data) - before
            opcode = Opcode.CONTINUATION if place else Opcode(kind)
            rsv = RSV1 if compressed and not place else 0
            data += encode(opcode, piece, mask, fin=place == len(pieces) - 1, rsv=rsv)
        plain = len(pieces) == 1 and not compressed
        sizes = tuple(len(piece) for piece in pieces)
        origin = None if plain else Origin(len(data) - begin - between, sizes, compressed)
        entries.append(((kind, payload), origin))
    return Stream(bytes(data), [entry for entry, _ in entries], [origin for _, origin in entries])
