"""Frames that need work, put together piece by piece.

A frame may come in any number of pieces, a message in any number of frames. Pieces are unmasked,
unpacked and checked as they come, so that a violation is found at its byte and memory is bounded
by the limit, whatever length a header claims.
"""

from __future__ import annotations

import codecs
from array import array
from collections.abc import Callable

from spacebeam.protocol.batch import Data, Kind, Origin
from spacebeam.protocol.close import CloseCode, is_legal
from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.frames import (
    MAX_CONTROL_PAYLOAD,
    MAX_HEADER,
    Header,
    Opcode,
    ProtocolError,
    Role,
    apply_mask,
    not_text,
    parse_header,
    too_big,
)

PACKED_PIECE = 4096  # compressed bytes that are taken in one go; they make four million at most

_RSV1 = 4
# A peer may send fragments without end, even empty ones, which no size limit catches. Refusing
# many would refuse 64 MiB in fragments of 64 bytes, so the sizes beyond these are not kept, only
# how many they were: what a person reads does not need them, and memory stays bounded.
MAX_TOLD_FRAGMENTS = 4096
_new_text_check = codecs.getincrementaldecoder("utf-8")

Add = Callable[[Kind, Data, Origin | None], None]


class _Message:
    """A data message in the making."""

    def __init__(self, kind: Kind, *, compressed: bool) -> None:
        self.kind = kind
        self.compressed = compressed
        self.payload = bytearray()  # unpacked
        self.wire_size = 0  # headers included, in bytes
        self._fragments = array("Q")  # their sizes, as far as they are told
        self._untold = 0
        self._text_check = _new_text_check() if kind is Kind.TEXT else None

    def add_frame(self, header: Header) -> None:
        self.wire_size += header.size + header.length
        if len(self._fragments) < MAX_TOLD_FRAGMENTS:
            self._fragments.append(header.length)
        else:
            self._untold += 1

    def add(self, piece: bytes, *, last: bool) -> None:
        if self._text_check is not None and not (piece.isascii() and self._is_between_characters):
            try:
                self._text_check.decode(piece, last)
                if not last:
                    _refuse_surrogate(self._text_check.getstate()[0])
            except UnicodeDecodeError:
                raise not_text() from None
        self.payload += piece

    @property
    def _is_between_characters(self) -> bool:
        return self._text_check is None or not self._text_check.getstate()[0]

    @property
    def origin(self) -> Origin | None:
        if len(self._fragments) == 1 and not self.compressed:
            return None
        return Origin(self.wire_size, tuple(self._fragments), self.compressed, self._untold)


def _refuse_surrogate(waiting: bytes) -> None:
    """Refuse ED A0 to ED BF as the beginning of a character (RFC 3629, section 4).

    CPython's decoder refuses every other sequence at its first wrong byte, but lets these two
    bytes wait for a third. Raises UnicodeDecodeError.
    """
    if waiting[:1] == b"\xed" and waiting[1:2] >= b"\xa0":
        raise UnicodeDecodeError("utf-8", waiting, 1, 2, "a surrogate")


class MessageAssembler:
    """Reads frames that may come in pieces and joins messages that come in frames."""

    def __init__(self, role: Role, deflate: Deflate | None, max_message: int) -> None:
        self.is_closed = False
        self.unpacked = 0  # bytes, since whoever reads it set it to nothing
        self._expects_mask = role is Role.SERVER
        self._deflate = deflate
        self._max_message = max_message
        self._head = bytearray()  # of a header that is not here whole
        self._header: Header | None = None
        self._got = 0  # bytes of the frame's payload
        self._control = bytearray()
        self._message: _Message | None = None

    @property
    def is_idle(self) -> bool:
        """Whether the next byte begins a message."""
        return self._message is None and self._header is None and not self._head

    @property
    def frame_size(self) -> int:
        """Bytes of payload of the frame that is being read; 0 between frames."""
        return self._header.length if self._header is not None else 0

    @property
    def is_inside_message(self) -> bool:
        return not self.is_idle

    def take(self, data: bytes, position: int, add: Add) -> int:
        """Read on at `position`, to the end of a frame at most; returns where it stopped.

        Of a compressed frame it takes a piece at a time, as little can unpack to much.

        Complete messages and control frames are handed to `add`.
        """
        header = self._header
        if header is None:
            seen = len(self._head)
            self._head += data[position : position + MAX_HEADER - seen]
            header = parse_header(self._head)
            if header is None:
                return len(data)
            position += header.size - seen
            self._head.clear()
            self._begin(header)
        size = header.length - self._got
        if self._message is not None and self._message.compressed:
            size = min(size, PACKED_PIECE)
        piece = data[position : position + size]
        position += len(piece)
        self._go_on(header, piece)
        if self._got == header.length:
            self._finish(header, add)
        return position

    def _begin(self, header: Header) -> None:
        self._check(header)
        self._header = header
        self._got = 0
        if header.opcode.is_control:
            self._control.clear()
            return
        if header.opcode is not Opcode.CONTINUATION:
            self._message = _Message(Kind(header.opcode), compressed=header.rsv == _RSV1)
        message = self._message
        assert message is not None
        message.add_frame(header)
        if not message.compressed and len(message.payload) + header.length > self._max_message:
            raise too_big()

    def _check(self, header: Header) -> None:
        """What a header may not say (RFC 6455, sections 5.1, 5.2, 5.4 and 5.5)."""
        opcode = header.opcode
        starts_message = opcode in (Opcode.TEXT, Opcode.BINARY)
        may_compress = self._deflate is not None and starts_message
        if header.rsv and not (header.rsv == _RSV1 and may_compress):
            fault = "a frame with reserved bits set"
        elif bool(header.mask) is not self._expects_mask:
            fault = "a frame without a mask" if self._expects_mask else "a masked frame"
        elif opcode.is_control and not header.fin:
            fault = "a control frame in fragments"
        elif opcode.is_control and header.length > MAX_CONTROL_PAYLOAD:
            fault = "a control frame of more than 125 bytes"
        elif opcode is Opcode.CONTINUATION and self._message is None:
            fault = "a continuation of no message"
        elif starts_message and self._message is not None:
            fault = "a new message inside another"
        else:
            return
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, fault)

    def _go_on(self, header: Header, piece: bytes) -> None:
        if header.mask:
            piece = apply_mask(piece, header.mask, self._got)
        self._got += len(piece)
        if header.opcode.is_control:
            self._control += piece
            return
        message = self._message
        assert message is not None
        last = header.fin and self._got == header.length
        if message.compressed:
            assert self._deflate is not None
            piece = self._deflate.unpack(piece, self._max_message - len(message.payload), last=last)
            self.unpacked += len(piece)
        message.add(piece, last=last)

    def _finish(self, header: Header, add: Add) -> None:
        self._header = None
        if header.opcode.is_control:
            payload = bytes(self._control)
            if header.opcode is Opcode.CLOSE:
                _check_close(payload)
                self.is_closed = True
            add(Kind(header.opcode), payload, None)
        elif header.fin:
            message = self._message
            assert message is not None
            self._message = None
            add(message.kind, message.payload, message.origin)


def _check_close(payload: bytes) -> None:
    """What a close frame may say (RFC 6455, sections 5.5.1 and 7.4)."""
    if not payload:
        return
    if len(payload) == 1:
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, "a close frame with half a code")
    code = int.from_bytes(payload[:2], "big")
    if not is_legal(code):
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, f"the illegal close code {code}")
    try:
        payload[2:].decode()
    except UnicodeDecodeError:
        raise ProtocolError(CloseCode.INVALID_PAYLOAD, "a close reason that is not UTF-8") from None
