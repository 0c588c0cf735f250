"""Frames: headers and masks.

Pure: bytes in, values and bytes out (RFC 6455, section 5).
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import NamedTuple

from spacebeam.protocol.close import MAX_CONTROL_PAYLOAD as MAX_CONTROL_PAYLOAD
from spacebeam.protocol.close import CloseCode

MAX_HEADER = 14  # bytes

_FIN = 0x80
_MASKED = 0x80
_MAX_CACHED_WORDS = 512  # 4-byte words; longer multipliers are not cached
_MASK_CHUNK = 64 * 1024  # bytes masked at a time, so that a long payload needs no long integers


class Opcode(IntEnum):
    """The type of a frame (RFC 6455, section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10

    @property
    def is_control(self) -> bool:
        return self >= Opcode.CLOSE


class Role(IntEnum):
    """Which side of the connection this program is; only a client masks its frames."""

    CLIENT = 0
    SERVER = 1


class ProtocolError(Exception):
    """The peer broke the protocol; `code` is the close code to send (RFC 6455, section 7.4.1)."""

    def __init__(self, code: CloseCode, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code
        self.explanation = explanation


def too_big() -> ProtocolError:
    """Return the error for a message over the size limit."""
    return ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")


def not_text() -> ProtocolError:
    """Return the error for a text that is not UTF-8 (RFC 6455, section 8.1)."""
    return ProtocolError(CloseCode.INVALID_PAYLOAD, "a text that is not UTF-8")


class Header(NamedTuple):
    """A frame's header, as it is on the wire."""

    fin: bool
    rsv: int  # the three reserved bits, RSV1 the highest
    opcode: Opcode
    mask: bytes  # 4 bytes, or empty for an unmasked frame
    length: int  # of the payload, in bytes
    size: int  # of the header itself, in bytes


def parse_header(data: bytes | bytearray) -> Header | None:
    """Return the header at the start of `data`, or None while it is incomplete.

    Raise ProtocolError for a reserved opcode or a length that is not in its shortest form.
    """
    if len(data) < 2:
        return None
    first, second = data[0], data[1]
    length = second & 0x7F
    size = 2
    if length >= 126:
        width = 2 if length == 126 else 8
        size += width
        if len(data) < size:
            return None
        length = _long_length(data, width)
    mask = b""
    if second & _MASKED:
        size += 4
        if len(data) < size:
            return None
        mask = bytes(data[size - 4 : size])
    try:
        opcode = Opcode(first & 0x0F)
    except ValueError:
        raise ProtocolError(
            CloseCode.PROTOCOL_ERROR, f"a frame with the reserved opcode {first & 0x0F}"
        ) from None
    return Header(bool(first & _FIN), (first >> 4) & 7, opcode, mask, length, size)


def _long_length(data: bytes | bytearray, width: int) -> int:
    length = int.from_bytes(data[2 : 2 + width], "big")
    if length >> 63:
        raise ProtocolError(CloseCode.PROTOCOL_ERROR, "a frame length with its highest bit set")
    if length < (126 if width == 2 else 65536):
        raise ProtocolError(
            CloseCode.PROTOCOL_ERROR, "a frame length that is not in its shortest form"
        )
    return length


def encode_header(
    opcode: int, length: int, mask: bytes = b"", *, fin: bool = True, rsv: int = 0
) -> bytes:
    """Return a frame's header in its shortest form; `mask` is empty or 4 bytes."""
    first = (_FIN if fin else 0) | rsv << 4 | opcode
    masked = _MASKED if mask else 0
    if length < 126:
        return bytes((first, masked | length)) + mask
    if length < 65536:
        return bytes((first, masked | 126)) + length.to_bytes(2, "big") + mask
    return bytes((first, masked | 127)) + length.to_bytes(8, "big") + mask


def encode(
    opcode: int, payload: bytes, mask: bytes = b"", *, fin: bool = True, rsv: int = 0
) -> bytes:
    """Return one frame, its payload masked with `mask` unless that is empty."""
    head = encode_header(opcode, len(payload), mask, fin=fin, rsv=rsv)
    return head + (apply_mask(payload, mask) if mask else payload)


def apply_mask(payload: bytes, mask: bytes, offset: int = 0) -> bytes:
    """Mask or unmask the part of a payload from `offset` on (RFC 6455, section 5.3)."""
    shift = offset % 4
    key = int.from_bytes(mask[shift:] + mask[:shift], "little")
    length = len(payload)
    if length <= _MASK_CHUNK:
        return _xor(payload, key)
    chunks = range(0, length, _MASK_CHUNK)
    return b"".join([_xor(payload[at : at + _MASK_CHUNK], key) for at in chunks])


def _xor(payload: bytes, key: int) -> bytes:
    length = len(payload)
    words = (length + 3) // 4
    if words <= _MAX_CACHED_WORDS or words == _MASK_CHUNK // 4:
        key *= _repeat(words)
    else:
        key *= _repeat.__wrapped__(words)  # a cache of long multipliers would take much memory
    bits = int.from_bytes(payload, "little") ^ key
    return bits.to_bytes(words * 4, "little")[:length]


@cache
def _repeat(words: int) -> int:
    """Return the multiplier that repeats a 4-byte key `words` times."""
    return int.from_bytes(b"\x01\x00\x00\x00" * words, "little")
