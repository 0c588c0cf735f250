"""From received bytes to batches: the protocol's reading half, without sockets or clocks.

Plain frames, which nearly all are, take the short way (`frames.scan`): they are indexed where
they lie in the received block. Whatever is masked, compressed, fragmented, a control frame or cut
by the end of the block is put together piece by piece by the assembler.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from operator import sub

from spacebeam.protocol.batch import Batch, Kind
from spacebeam.protocol.batch_builder import BatchBuilder
from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.frames import MAX_HEADER, ProtocolError, Role, parse_header, too_big
from spacebeam.protocol.message_assembler import PACKED_PIECE, MessageAssembler
from spacebeam.protocol.scan import scan

DEFAULT_MAX_MESSAGE = 64 * 1024 * 1024

# Frames, or runs of frames alike, between two batches: a block holds 65,536 of them at most, which
# would take more than half a second in one go. Whoever reads the batches can do other things then.
_AT_ONCE = 128
_MUCH = 1024 * 1024  # bytes that are unpacked between two batches
_LONG_FRAME = 16 * 1024  # bytes
_EIGHT_BYTES = b"\x7f"  # the second byte of a frame whose length stands in eight more
_PLAIN = {0x81: Kind.TEXT, 0x82: Kind.BINARY}  # first bytes: FIN, no RSV
_PACKED = {0xC1: Kind.TEXT, 0xC2: Kind.BINARY}  # FIN and RSV1 (RFC 7692, section 7.2.3)


class FrameDecoder:
    """Reads one direction of a WebSocket: `feed` it blocks, get batches.

    The first violation ends it: `failure` says what the peer did, all before it is in the batch,
    and what follows is passed over, as is what follows a close frame (RFC 6455, section 7.1.7).
    """

    def __init__(
        self,
        role: Role,
        deflate: Deflate | None = None,
        max_message: int = DEFAULT_MAX_MESSAGE,
    ) -> None:
        self.failure: ProtocolError | None = None
        self._max_message = max_message
        self._deflate = deflate
        self._plain = _PLAIN if role is Role.CLIENT else {}
        self._packed = _PACKED if role is Role.CLIENT and deflate is not None else {}
        self._assembler = MessageAssembler(role, deflate, max_message)

    @property
    def is_finished(self) -> bool:
        """Whether a close frame or a violation has ended this direction."""
        return self._assembler.is_closed or self.failure is not None

    @property
    def is_inside_message(self) -> bool:
        """Whether a message has begun that is not complete."""
        return self._assembler.is_inside_message

    @property
    def is_inside_long_frame(self) -> bool:
        """Whether a frame has begun that is longer than most."""
        return self._assembler.frame_size >= _LONG_FRAME

    def feed(self, data: bytes, time: float) -> Iterator[Batch]:
        """The entries that `data` completes. It may end anywhere, in a frame or in a header.

        Plain frames are all in one batch. A long message has a batch of its own, and where much has
        to be put together or unpacked there are several, some of them perhaps empty, so that there
        is time for other things between them. Must be read to its end.
        """
        index = BatchBuilder(data)
        position = rounds = 0
        try:
            while position < len(data) and not self.is_finished:
                rounds += 1
                position = self._take(data, position, index)
                if index.is_full or rounds % _AT_ONCE == 0 or self._assembler.unpacked > _MUCH:
                    self._assembler.unpacked = 0
                    yield from index.batches(time)
                    index.clear()
        except ProtocolError as error:
            self.failure = error
        if len(index):
            yield from index.batches(time)

    def _take(self, data: bytes, position: int, index: BatchBuilder) -> int:
        """Read on at `position`: a run of messages alike, or a frame, or what is here of it."""
        end = position
        if self._assembler.is_idle:
            if (kind := self._plain.get(data[position])) is not None:
                end = self._take_plain(data, position, index, kind)
            elif (kind := self._packed.get(data[position])) is not None:
                end = self._take_packed(data, position, index, kind)
        if end == position:
            end = self._assembler.take(data, position, index.add)
        return end

    def _take_plain(self, data: bytes, position: int, index: BatchBuilder, kind: Kind) -> int:
        if data[position + 1 : position + 2] == _EIGHT_BYTES:
            return self._take_long(data, position, index, kind)
        first = len(index.starts)
        end = scan(index.block, position, data[position], index.starts, index.ends)
        index.kinds += bytes((kind,)) * (len(index.starts) - first)
        all_fit = self._max_message >= 65536 or index.keep_within(first, self._max_message)
        if kind is Kind.TEXT and len(index.ends) > first:
            index.check_text(first, position, index.ends[-1])
        if not all_fit:
            raise too_big()
        return end

    def _take_long(self, data: bytes, position: int, index: BatchBuilder, kind: Kind) -> int:
        """Take one message of more than 65,535 bytes, if all of it is here."""
        header = parse_header(data[position : position + MAX_HEADER])
        if header is None or position + header.size + header.length > len(data):
            return position
        if header.length > self._max_message:
            raise too_big()
        start = position + header.size
        end = start + header.length
        index.add_in_place(kind, start, end)
        return end

    def _take_packed(self, data: bytes, position: int, index: BatchBuilder, kind: Kind) -> int:
        """Unpack messages of one frame each, until they have made much."""
        assert self._deflate is not None
        starts, ends = array("I"), array("I")
        scan(index.block, position, data[position], starts, ends)
        sizes = list(map(sub, ends, starts))
        if sizes and max(sizes) > PACKED_PIECE:
            first = next(at for at, size in enumerate(sizes) if size > PACKED_PIECE)
            del starts[first:], ends[first:]
        payloads: list[bytes] = []
        try:
            self._deflate.unpack_all(data, starts, ends, self._max_message, payloads)
        finally:  # what came before a fault is handed on
            index.add_unpacked(kind, payloads, sizes)
        return ends[len(payloads) - 1] if payloads else position
