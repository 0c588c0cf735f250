"""Decode received bytes to batches of entries.

Plain frames are indexed in the received block (`scan`). Frames that are masked, compressed,
fragmented, control frames or cut by the end of the block go to the MessageAssembler. Pure: bytes
and times in, batches out.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from operator import sub

from spacebeam.protocol.batch import Batch, Kind
from spacebeam.protocol.batch_builder import BatchBuilder
from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.frames import MAX_HEADER, ProtocolError, Role, parse_header, too_big
from spacebeam.protocol.message_assembler import MAX_PACKED_CHUNK, MessageAssembler
from spacebeam.protocol.scan import scan

DEFAULT_MAX_MESSAGE = 64 * 1024 * 1024  # bytes, unpacked

# Frames, or runs of equal frames, between two batches, so that the caller can do other work: all
# 65,536 frames that a block can hold would take more than half a second.
_MAX_STEPS = 128
_MAX_UNPACKED = 1024 * 1024  # bytes that are unpacked between two batches
_LONG_FRAME = 16 * 1024  # bytes
_LENGTH_64 = b"\x7f"  # the second byte of an unmasked frame with a 64-bit length
_PLAIN = {0x81: Kind.TEXT, 0x82: Kind.BINARY}  # first bytes: FIN, no RSV
_PACKED = {0xC1: Kind.TEXT, 0xC2: Kind.BINARY}  # FIN and RSV1 (RFC 7692, section 7.2.3)


class FrameDecoder:
    """Decodes one direction of a WebSocket: `feed` takes blocks and returns batches.

    The first protocol error ends it: `failure` describes the error, the batches have all entries
    before it. Bytes after it, and after a close frame, are ignored (RFC 6455, section 7.1.7).
    Without `checks_text`, texts and close reasons may have any bytes, against section 8.1.
    """

    def __init__(
        self,
        role: Role,
        deflate: Deflate | None = None,
        max_message: int = DEFAULT_MAX_MESSAGE,
        *,
        checks_text: bool = True,
    ) -> None:
        self.failure: ProtocolError | None = None
        self._max_message = max_message
        self._checks_text = checks_text
        self._deflate = deflate
        self._plain = _PLAIN if role is Role.CLIENT else {}
        self._packed = _PACKED if role is Role.CLIENT and deflate is not None else {}
        self._assembler = MessageAssembler(role, deflate, max_message, checks_text=checks_text)

    @property
    def is_finished(self) -> bool:
        """Whether a close frame or a protocol error has ended this direction."""
        return self._assembler.is_closed or self.failure is not None

    @property
    def is_inside_message(self) -> bool:
        """Whether a message has begun that is incomplete."""
        return self._assembler.is_inside_message

    @property
    def is_inside_long_frame(self) -> bool:
        """Whether a frame of at least 16 KiB has begun that is incomplete."""
        return self._assembler.frame_size >= _LONG_FRAME

    @property
    def frame_left(self) -> int:
        """Payload bytes of the incomplete frame that did not arrive yet; 0 between frames."""
        return self._assembler.frame_left

    @property
    def message_size(self) -> int:
        """Unpacked bytes of the incomplete message."""
        return self._assembler.message_size

    def feed(self, data: bytes, time: float) -> Iterator[Batch]:
        """Return the entries that `data` completes. It may end anywhere, in a frame or a header.

        `time` is a Unix time in seconds. Plain frames are in one batch, a long message in a batch
        of its own. Assembling and unpacking is divided into several batches, some of them empty,
        so that the caller can do other work between them. The iterator must be exhausted.
        """
        builder = BatchBuilder(data, checks_text=self._checks_text)
        position = steps = 0
        try:
            while position < len(data) and not self.is_finished:
                steps += 1
                position = self._take(data, position, builder)
                if (
                    builder.is_full
                    or steps % _MAX_STEPS == 0
                    or self._assembler.unpacked > _MAX_UNPACKED
                ):
                    self._assembler.unpacked = 0
                    yield from builder.batches(time)
                    builder.clear()
        except ProtocolError as error:
            self.failure = error
        if len(builder):
            yield from builder.batches(time)

    def _take(self, data: bytes, position: int, builder: BatchBuilder) -> int:
        """Decode a run of messages, a frame or a part of one; return the position after it."""
        end = position
        if self._assembler.is_idle:
            if (kind := self._plain.get(data[position])) is not None:
                end = self._take_plain(data, position, builder, kind)
            elif (kind := self._packed.get(data[position])) is not None:
                end = self._take_packed(data, position, builder, kind)
        if end == position:
            end = self._assembler.take(data, position, builder.add)
        return end

    def _take_plain(self, data: bytes, position: int, builder: BatchBuilder, kind: Kind) -> int:
        if data[position + 1 : position + 2] == _LENGTH_64:
            return self._take_long(data, position, builder, kind)
        first = len(builder.starts)
        end = scan(builder.block, position, data[position], builder.starts, builder.ends)
        builder.kinds += bytes((kind,)) * (len(builder.starts) - first)
        all_fit = self._max_message >= 65536 or builder.remove_longer(first, self._max_message)
        if kind is Kind.TEXT and len(builder.ends) > first:
            builder.check_text(first, position, builder.ends[-1])
        if not all_fit:
            raise too_big()
        return end

    def _take_long(self, data: bytes, position: int, builder: BatchBuilder, kind: Kind) -> int:
        """Take one message of more than 65,535 bytes, if it is complete."""
        header = parse_header(data[position : position + MAX_HEADER])
        if header is None or position + header.size + header.length > len(data):
            return position
        if header.length > self._max_message:
            raise too_big()
        start = position + header.size
        end = start + header.length
        builder.add_in_place(kind, start, end)
        return end

    def _take_packed(self, data: bytes, position: int, builder: BatchBuilder, kind: Kind) -> int:
        """Unpack messages of one frame each, up to a limit of unpacked bytes."""
        assert self._deflate is not None
        starts, ends = array("I"), array("I")
        scan(builder.block, position, data[position], starts, ends)
        sizes = list(map(sub, ends, starts))
        if sizes and max(sizes) > MAX_PACKED_CHUNK:
            first = next(at for at, size in enumerate(sizes) if size > MAX_PACKED_CHUNK)
            del starts[first:], ends[first:]
        payloads: list[bytes] = []
        try:
            self._deflate.unpack_all(data, starts, ends, self._max_message, payloads)
        finally:  # messages before an error are delivered
            builder.add_unpacked(kind, payloads, sizes)
        return ends[len(payloads) - 1] if payloads else position
