"""Assemble messages from frames that arrive in parts.

A frame may arrive in any number of chunks, a message in any number of frames. Chunks are unmasked,
unpacked and checked as they arrive, so that a protocol error is found at its byte, and memory is
bounded by the size limit, whatever length a header claims.
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

MAX_PACKED_CHUNK = 4096  # compressed bytes that are unpacked at once, to 4 MiB at most

_RSV1 = 4
# A peer may send empty fragments without end, which no size limit catches. The sizes of further
# fragments are only counted, so that memory is bounded.
MAX_FRAGMENT_SIZES = 4096
_new_text_check = codecs.getincrementaldecoder("utf-8")

Add = Callable[[Kind, Data, Origin | None], None]


class _Message:
    """An incomplete data message."""

    def __init__(self, kind: Kind, *, compressed: bool, checks_text: bool) -> None:
        self.kind = kind
        self.compressed = compressed
        self.payload = bytearray()  # unpacked
        self.wire_size = 0  # headers included, in bytes
        self._fragments = array("Q")  # payload sizes of the first MAX_FRAGMENT_SIZES frames
        self._omitted = 0
        self._text_check = _new_text_check() if kind is Kind.TEXT and checks_text else None

    def add_frame(self, header: Header) -> None:
        self.wire_size += header.size + header.length
        if len(self._fragments) < MAX_FRAGMENT_SIZES:
            self._fragments.append(header.length)
        else:
            self._omitted += 1

    def add(self, chunk: bytes, *, last: bool) -> None:
        if self._text_check is not None and not (chunk.isascii() and self._is_between_characters):
            try:
                self._text_check.decode(chunk, last)
                if not last:
                    _refuse_surrogate(self._text_check.getstate()[0])
            except UnicodeDecodeError:
                raise not_text() from None
        self.payload += chunk

    @property
    def _is_between_characters(self) -> bool:
        return self._text_check is None or not self._text_check.getstate()[0]

    @property
    def origin(self) -> Origin | None:
        if len(self._fragments) == 1 and not self.compressed:
            return None
        return Origin(self.wire_size, tuple(self._fragments), self.compressed, self._omitted)


def _refuse_surrogate(incomplete: bytes) -> None:
    """Raise UnicodeDecodeError for ED A0 to ED BF, the start of a surrogate (RFC 3629, section 4).

    CPython's incremental decoder refuses every other sequence at its first wrong byte, but waits
    for a third byte after these two.
    """
    if incomplete[:1] == b"\xed" and incomplete[1:2] >= b"\xa0":
        raise UnicodeDecodeError("utf-8", incomplete, 1, 2, "a surrogate")


class MessageAssembler:
    """Joins frames from chunks, and messages from frames.

    With `checks_text`, a text or close reason that is not UTF-8 is an error.
    """

    def __init__(
        self, role: Role, deflate: Deflate | None, max_message: int, *, checks_text: bool = True
    ) -> None:
        self.is_closed = False
        self.unpacked = 0  # bytes, since the decoder reset it
        self._expects_mask = role is Role.SERVER
        self._deflate = deflate
        self._max_message = max_message
        self._checks_text = checks_text
        self._head = bytearray()  # bytes of an incomplete header
        self._header: Header | None = None
        self._got = 0  # received bytes of the frame's payload
        self._control = bytearray()
        self._message: _Message | None = None

    @property
    def is_idle(self) -> bool:
        """Whether the next byte begins a message."""
        return self._message is None and self._header is None and not self._head

    @property
    def frame_size(self) -> int:
        """Payload bytes of the incomplete frame; 0 between frames."""
        return self._header.length if self._header is not None else 0

    @property
    def frame_left(self) -> int:
        """Payload bytes of the incomplete frame that are still to come; 0 between frames."""
        return self.frame_size - self._got if self._header is not None else 0

    @property
    def message_size(self) -> int:
        """Unpacked bytes of the incomplete message."""
        return len(self._message.payload) if self._message is not None else 0

    @property
    def is_inside_message(self) -> bool:
        """Whether a frame or message is incomplete."""
        return not self.is_idle

    def take(self, data: bytes, position: int, add: Add) -> int:
        """Decode from `position` to the end of a frame at most; return the position after it.

        Only MAX_PACKED_CHUNK bytes of a compressed frame are taken at a time. Complete messages
        and control frames are passed to `add`. Raise ProtocolError.
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
            size = min(size, MAX_PACKED_CHUNK)
        chunk = data[position : position + size]
        position += len(chunk)
        self._add_chunk(header, chunk)
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
            self._message = _Message(
                Kind(header.opcode),
                compressed=header.rsv == _RSV1,
                checks_text=self._checks_text,
            )
        message = self._message
        assert message is not None
        message.add_frame(header)
        if not message.compressed and len(message.payload) + header.length > self._max_message:
            raise too_big()

    def _check(self, header: Header) -> None:
        """Raise ProtocolError for an invalid header (RFC 6455, sections 5.1, 5.2, 5.4 and 5.5)."""
        opcode = header.opcode
        starts_message = opcode in (Opcode.TEXT, Opcode.BINARY)
        may_compress = self._deflate is not None and starts_message
        if header.rsv and not (header.rsv == _RSV1 and may_compress):
            error = "a frame with reserved bits set"
        elif bool(header.mask) is not self._expects_mask:
            error = "a frame without a mask" if self._expects_mask else "a masked frame"
        elif opcode.is_control and not header.fin:
            error = "a control frame in fragments"
        elif opcode.is_control and header.length > MAX_CONTROL_PAYLOAD:
            error = "a control frame of more than 125 bytes"
        elif opcode is Opcode.CONTINUATION and self._message is None:
            error = "a continuation of no message"
        elif starts_message and self._message is not None:
            error = "a new message inside another"
        else:
            return
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, error)

    def _add_chunk(self, header: Header, chunk: bytes) -> None:
        if header.mask:
            chunk = apply_mask(chunk, header.mask, self._got)
        self._got += len(chunk)
        if header.opcode.is_control:
            self._control += chunk
            return
        message = self._message
        assert message is not None
        last = header.fin and self._got == header.length
        if message.compressed:
            assert self._deflate is not None
            chunk = self._deflate.unpack(chunk, self._max_message - len(message.payload), last=last)
            self.unpacked += len(chunk)
        message.add(chunk, last=last)

    def _finish(self, header: Header, add: Add) -> None:
        self._header = None
        if header.opcode.is_control:
            payload = bytes(self._control)
            if header.opcode is Opcode.CLOSE:
                _check_close(payload, checks_text=self._checks_text)
                self.is_closed = True
            add(Kind(header.opcode), payload, None)
        elif header.fin:
            message = self._message
            assert message is not None
            self._message = None
            add(message.kind, message.payload, message.origin)


def _check_close(payload: bytes, *, checks_text: bool) -> None:
    """Raise ProtocolError for an invalid close frame (RFC 6455, sections 5.5.1 and 7.4)."""
    if not payload:
        return
    if len(payload) == 1:
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, "a close frame with half a code")
    code = int.from_bytes(payload[:2], "big")
    if not is_legal(code):
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, f"the illegal close code {code}")
    try:
        if checks_text:
            payload[2:].decode()
    except UnicodeDecodeError:
        raise ProtocolError(CloseCode.INVALID_PAYLOAD, "a close reason that is not UTF-8") from None
