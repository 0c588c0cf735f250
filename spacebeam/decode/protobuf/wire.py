"""The wire format of Protocol Buffers: fields by their numbers."""

from __future__ import annotations

from struct import Struct

from spacebeam.decode.byte_reader import ends_early, too_deep
from spacebeam.decode.decoder import DecodeError

VARINT, FIXED64, BYTES, GROUP, _GROUP_END, FIXED32 = range(6)  # wire types
MAX_NESTED = 100  # levels of messages, as in Google's libraries
MAX_NUMBER = 2**29 - 1  # of a field
_MAX_VARINT = 2**64
_MAX_SHIFT = 63  # bits before the last byte of a varint

UNSIGNED32, UNSIGNED64 = Struct("<I"), Struct("<Q")

# Number, wire type, and an unsigned integer, bytes, or the fields of a group.
Field = tuple[int, int, "int | bytes | list[Field]"]


def read_fields(data: bytes, depth: int = 0, is_strict: bool = False) -> list[Field]:
    """Return the fields of a message, which is inside of `depth` others.

    If it is strict, numbers may not take more bytes than they need. Raises DecodeError.
    """
    if depth > MAX_NESTED:
        raise too_deep(0)
    try:
        return _read(data, 0, 0, depth, is_strict)[0]
    except IndexError:  # a check for every byte would take a third more time
        raise ends_early(len(data)) from None


def _read(data: bytes, at: int, group: int, depth: int, is_strict: bool) -> tuple[list[Field], int]:
    """Return the fields up to the end of the data or of a group, and the offset after it."""
    fields: list[Field] = []
    size = len(data)
    while at < size:
        start = at
        tag = data[at]
        at += 1
        if tag > 127:
            tag, at = read_varint(data, start, is_strict)
        number = tag >> 3
        if not 0 < number <= MAX_NUMBER:
            raise DecodeError(f"there is no field {number}", start)
        wire_type = tag & 7
        value: int | bytes | list[Field]
        if wire_type == VARINT:
            value = data[at]
            at += 1
            if value > 127:
                value, at = read_varint(data, at - 1, is_strict)
        elif wire_type == BYTES:
            length = data[at]
            at += 1
            if length > 127:
                length, at = read_varint(data, at - 1, is_strict)
            value = data[at : at + length]
            at += length
        elif wire_type == _GROUP_END and number == group:
            return fields, at
        else:
            value, at = _read_other(data, at, tag, depth, is_strict)
        fields.append((number, wire_type, value))
    if group or at > size:
        raise ends_early(size)
    return fields, at


def _read_other(
    data: bytes, at: int, tag: int, depth: int, is_strict: bool
) -> tuple[int | list[Field], int]:
    """Return the value of a number of fixed size or of a group, and the offset after it."""
    wire_type = tag & 7
    form = {FIXED64: UNSIGNED64, FIXED32: UNSIGNED32}.get(wire_type)
    if form is not None:
        if at + form.size > len(data):
            raise ends_early(len(data))
        return form.unpack_from(data, at)[0], at + form.size
    if wire_type == GROUP:
        if depth >= MAX_NESTED:
            raise too_deep(at - 1)
        return _read(data, at, tag >> 3, depth + 1, is_strict)
    raise DecodeError(f"a field cannot have the wire type {wire_type} here", at - 1)


def read_varint(data: bytes, at: int, is_strict: bool = False) -> tuple[int, int]:
    """Return a number of up to 64 bits and the offset after it.

    Raises IndexError at the end of the data, and DecodeError.
    """
    value = shift = 0
    start = at
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            break
        shift += 7
        if shift > _MAX_SHIFT:
            raise DecodeError("a number has more than 64 bits", start)
    if is_strict and not byte and shift:
        raise DecodeError("a number takes more bytes than it needs", start)
    if value >= _MAX_VARINT:
        raise DecodeError("a number has more than 64 bits", start)
    return value, at


def read_delimited(data: bytes) -> list[bytes]:
    """Return the messages of a payload, each with its length before it.

    Few other payloads look so, as numbers may not take more bytes than they need. Raises
    DecodeError.
    """
    messages: list[bytes] = []
    at = 0
    while at < len(data):
        try:
            length, at = read_varint(data, at, is_strict=True)
        except IndexError:
            raise ends_early(len(data)) from None
        if at + length > len(data):
            raise ends_early(len(data))
        messages.append(data[at : at + length])
        read_fields(messages[-1], is_strict=True)
        at += length
    return messages


def written_varint(value: int) -> bytes:
    """Return the shortest form of a number; a negative one has 64 bits. Raises ValueError."""
    if not -(2**63) <= value < 2**64:
        raise ValueError("Protobuf has integers of up to 64 bits")
    value %= _MAX_VARINT
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def written_tag(number: int, wire_type: int) -> bytes:
    """Return the beginning of a field. Raises ValueError."""
    if not 0 < number <= MAX_NUMBER:
        raise ValueError(f"there is no field {number}")
    return written_varint(number << 3 | wire_type)


def written_bytes(number: int, data: bytes) -> bytes:
    """Return a field of bytes, text or a message."""
    return written_tag(number, BYTES) + written_varint(len(data)) + data


def written_group(number: int, data: bytes) -> bytes:
    """Return a field whose message is a group."""
    return written_tag(number, GROUP) + data + written_tag(number, _GROUP_END)
