"""Frames: their header, their masking, and the short way through a run of plain ones.

Pure: bytes in, bytes and positions out (RFC 6455, section 5).
"""

from __future__ import annotations

from array import array
from enum import IntEnum
from functools import cache
from typing import NamedTuple

from spacebeam.protocol.close import MAX_CONTROL_PAYLOAD as MAX_CONTROL_PAYLOAD
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.columns import progression

MAX_HEADER = 14

_FIN = 0x80
_MASKED = 0x80
_BLANK = 0x0A
_LEAST_RUN = 8  # frames; looking for a shorter run costs more than it saves
_SHORT = 512  # words of four bytes
_MASK_PIECE = 64 * 1024  # unmasked in pieces, so that a long payload needs no long integers


class Opcode(IntEnum):
    """What a frame carries (RFC 6455, section 5.2)."""

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
    """Which side of the connection this program is; a client masks, a server does not."""

    CLIENT = 0
    SERVER = 1


class ProtocolError(Exception):
    """The peer broke the protocol; `code` is what it is told (RFC 6455, section 7.4.1)."""

    def __init__(self, code: CloseCode, explanation: str) -> None:
        super().__init__(explanation)
        self.code = code
        self.explanation = explanation


def too_big() -> ProtocolError:
    """A message is longer than the limit."""
    return ProtocolError(CloseCode.MESSAGE_TOO_BIG, "a message over the size limit")


def not_text() -> ProtocolError:
    """A text is not UTF-8 (RFC 6455, section 8.1)."""
    return ProtocolError(CloseCode.INVALID_PAYLOAD, "a text that is not UTF-8")


class Header(NamedTuple):
    """A frame's header as it stood on the wire."""

    fin: bool
    rsv: int  # the three reserved bits, RSV1 the highest
    opcode: Opcode
    mask: bytes  # four bytes, or none
    length: int  # of the payload, in bytes
    size: int  # of the header itself, in bytes


def parse_header(data: bytes | bytearray) -> Header | None:
    """The header at the start of `data`, or None while it is not there whole.

    Raises ProtocolError for an opcode that does not exist or a length spelled wrongly.
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
    """A frame's header in its shortest form; `mask` is empty or four bytes."""
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
    """One frame; `mask` is empty or four bytes, with which the payload is masked."""
    head = encode_header(opcode, len(payload), mask, fin=fin, rsv=rsv)
    return head + (apply_mask(payload, mask) if mask else payload)


def apply_mask(payload: bytes, mask: bytes, offset: int = 0) -> bytes:
    """Mask or unmask (RFC 6455, section 5.3); `offset` is the payload's place in its frame."""
    turn = offset % 4
    key = int.from_bytes(mask[turn:] + mask[:turn], "little")
    length = len(payload)
    if length <= _MASK_PIECE:
        return _exclusive_or(payload, key)
    pieces = range(0, length, _MASK_PIECE)
    return b"".join([_exclusive_or(payload[at : at + _MASK_PIECE], key) for at in pieces])


def _exclusive_or(payload: bytes, key: int) -> bytes:
    length = len(payload)
    words = (length + 3) // 4
    if words <= _SHORT or words == _MASK_PIECE // 4:
        key *= _ones(words)
    else:
        key *= _ones.__wrapped__(words)  # kept ones would take much memory
    bits = int.from_bytes(payload, "little") ^ key
    return bits.to_bytes(words * 4, "little")[:length]


@cache
def _ones(words: int) -> int:
    """What repeats a number of four bytes so many times when it is multiplied with it."""
    return int.from_bytes(b"\x01\x00\x00\x00" * words, "little")


def scan(block: bytearray, position: int, head: int, starts: array[int], ends: array[int]) -> int:
    """Index the whole unmasked frames from `position` on whose first byte is `head`.

    Appends where each payload starts and ends; returns the position of the first frame that is
    not such a frame, or not here whole, or longer than 65,535 bytes. Headers are blanked on the
    way: what of them is not ASCII becomes a line feed. So from `position` to where it returns,
    `block` is UTF-8 exactly if every payload is, as a line feed continues no sequence.
    """
    size = len(block)
    last = size - 3
    add_start = starts.append
    add_end = ends.append
    before = -1
    while position < last and block[position] == head:
        length = block[position + 1]
        start = position + 2
        if length >= 126:
            high, low = block[position + 2], block[position + 3]
            start = position + 4
            length = high << 8 | low if length == 126 else 0
            if length < 126:
                break
        end = start + length
        if end > size:
            break
        if length == before:
            ahead = position + _LEAST_RUN * (end - position)
            if ahead < last and block[ahead] == head and block[ahead + 1] == block[position + 1]:
                position = _scan_alike(block, position, start, end, starts, ends)
                before = -1
                continue
        before = length
        if start - position == 4 and high | low > 127:
            block[position + 2] = block[position + 3] = _BLANK
        block[position] = _BLANK
        add_start(start)
        add_end(end)
        position = end
    return position


def _scan_alike(
    block: bytearray, position: int, start: int, end: int, starts: array[int], ends: array[int]
) -> int:
    """Index the frames from `position` on that have the same header as the one there.

    Feeds of measurements or sound send runs of them; a column of the block is compared at once.
    """
    stride = end - position
    count = (len(block) - position) // stride
    for place in range(position, start):
        column = block[place : place + count * stride : stride]
        count -= len(column.lstrip(column[:1]))
    stop = position + count * stride
    for place in range(position, start):
        if block[place] > 127:
            block[place : place + count * stride : stride] = bytes((_BLANK,)) * count
    starts.extend(progression(start, stride, count))
    ends.extend(progression(end, stride, count))
    return stop
