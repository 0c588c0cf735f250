"""Decodes the frames of both directions of a captured WebSocket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from spacebeam.exchange.importers.capture.tcp_stream import Chunk
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net import events
from spacebeam.net.close_reason import CloseCause, CloseReason, closed
from spacebeam.protocol.batch import Batch, Direction, Kind, split_close
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, Deflate, agreed
from spacebeam.protocol.frame_decoder import DEFAULT_MAX_MESSAGE, FrameDecoder
from spacebeam.protocol.frames import Opcode, ProtocolError, Role, parse_header

_DATA = (Opcode.TEXT, Opcode.BINARY)
_RSV1 = 4


@dataclass(slots=True)
class _Side:
    """What one side sent."""

    direction: Direction
    role: Role  # of who reads it
    agreement: Agreement | None
    decoder: FrameDecoder | None = None  # None while it is not known where a frame begins
    passed: int = 0  # bytes that are still to be passed over until a frame begins
    close: bytes | None = None
    has_failed: bool = False

    def new_decoder(self) -> FrameDecoder:
        deflate = None if self.agreement is None else Deflate(self.agreement, self.role)
        return FrameDecoder(self.role, deflate)


@dataclass(slots=True)
class WebSocketStreams:
    """The frames of a connection, seen from its client."""

    losses: Losses
    extensions: str  # as negotiated
    _sides: dict[Direction, _Side] = field(default_factory=dict)
    _closed_by: Direction = Direction.NONE

    def __post_init__(self) -> None:
        agreement = agreed(self.extensions)
        for direction, role in (
            (Direction.SENT, Role.SERVER),
            (Direction.RECEIVED, Role.CLIENT),
        ):
            side = _Side(direction, role, agreement)
            side.decoder = side.new_decoder()
            self._sides[direction] = side

    @property
    def held(self) -> int:
        """Bytes of incomplete messages."""
        decoders = (side.decoder for side in self._sides.values())
        return sum(one.message_size for one in decoders if one is not None)

    def feed(self, direction: Direction, chunk: Chunk) -> Iterator[Batch]:
        """Yield the entries that a chunk completes."""
        side = self._sides[direction]
        data = chunk.data
        if side.has_failed:
            return
        if chunk.missing:
            self.losses[Loss.MISSING_BYTES] += chunk.missing
            yield _unread(direction, chunk.missing, chunk.time)
            self._lose(side, chunk.missing)
        if side.decoder is None:
            passed = min(side.passed, len(data))
            side.passed -= passed
            data = data[passed:]
            if side.passed or not data:
                return
            if not _begins_with_frames(data, side):
                self.losses[Loss.MISSING_BYTES] += len(data)
                return
            side.decoder = side.new_decoder()
        for batch in side.decoder.feed(data, chunk.time):
            if len(batch):
                self._note_close(side, batch)
                yield _in_direction(batch, direction)
        if side.decoder.failure is not None:
            side.has_failed = True
            self.losses[Loss.INVALID_MESSAGES] += 1
            yield _unread(direction, 0, chunk.time, side.decoder.failure.explanation)

    def ended(self, time: float, *, has_ended: bool) -> Iterator[Batch]:
        """Yield how the connection ended; nothing if the capture does not have that."""
        closes = {one.direction: one.close for one in self._sides.values() if one.close is not None}
        if len(closes) == 2:
            code, reason = split_close(closes[self._closed_by])
            yield events.event(time, events.Closed.of(closed(int(code), reason, self._closed_by)))
        elif has_ended:
            inside = self._sides[Direction.RECEIVED].decoder
            is_inside = inside is not None and inside.is_inside_message
            reason_ = CloseReason(
                CloseCause.STREAM_CLOSED, CloseCode.ABNORMAL, is_inside_message=is_inside
            )
            yield events.event(time, events.Closed.of(reason_))

    def _lose(self, side: _Side, missing: int) -> None:
        """Find out after how many further bytes a frame begins, if that can be known."""
        left = side.passed if side.decoder is None else side.decoder.frame_left
        side.decoder = None
        side.passed = max(left - missing, 0)

    def _note_close(self, side: _Side, batch: Batch) -> None:
        if side.close is None and Kind.CLOSE in batch.kinds:
            side.close = batch.payload(batch.kinds.index(Kind.CLOSE))
            if not self._closed_by:
                self._closed_by = side.direction


def _in_direction(batch: Batch, direction: Direction) -> Batch:
    return Batch(
        batch.time, direction, batch.data, batch.kinds, batch.starts, batch.ends, batch.origins
    )


def _unread(direction: Direction, size: int, time: float, detail: str = "") -> Batch:
    return events.event(time, events.Unread.of(direction, size, detail))


def _begins_with_frames(data: bytes, side: _Side) -> bool:
    """Whether these bytes look like a frame that begins a message, and frames up to the end."""
    at = 0
    while at < len(data):
        try:
            header = parse_header(data[at : at + 14])
        except ProtocolError:
            return False
        if header is None:
            return at > 0
        is_first_wrong = at == 0 and header.opcode is Opcode.CONTINUATION
        is_packed = header.rsv == _RSV1 and side.agreement is not None and header.opcode in _DATA
        if bool(header.mask) is not (side.role is Role.SERVER) or is_first_wrong:
            return False
        if (header.rsv and not is_packed) or header.length > DEFAULT_MAX_MESSAGE:
            return False
        at += header.size + header.length
    return at == len(data) or at > len(data) > 1024
