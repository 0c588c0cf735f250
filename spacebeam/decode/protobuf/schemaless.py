"""Messages without a schema: an object with the fields' numbers as keys.

    {"1": 6, "2": {"1": ["AAA", "BÜB"]}}    repeated fields are arrays

A varint is a number; those that would be over 2^63 are negative. Bytes are a text if they are
printable, a message if they are one exactly, and else bytes. Eight bytes are a number with a point
if that has a usual size. So that all can be written back, the rest is marked:

    {"$fixed64": 7}, {"$fixed32": 7}, {"$float32": 1.5}, {"$group": {"1": 2}}
"""

from __future__ import annotations

from struct import Struct

from spacebeam.decode.byte_reader import ends_early, too_deep
from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.protobuf.wire import (
    BYTES,
    FIXED32,
    FIXED64,
    MAX_NESTED,
    MAX_NUMBER,
    UNSIGNED32,
    UNSIGNED64,
    VARINT,
    Field,
    read_other,
    read_varint,
    written_bytes,
    written_group,
    written_tag,
    written_varint,
)

_DOUBLE, _FLOAT = Struct("<d"), Struct("<f")
_HEAD = 256  # bytes that decide first whether bytes can be a text
_SPACES = str.maketrans("", "", "\n\r\t")
_FIRST_OF_BOTH = b"\n\r\t"  # a text hardly begins with them, a message often does
KEYS = {number: str(number) for number in range(1, 64)}
_LEAST, _MOST = 1e-9, 1e15  # the usual size of a number with a point
_SPACE = 0x20


def read_object(data: bytes, depth: int = 0, is_strict: bool = False) -> dict[str, Value]:
    """Return the object of a message, which is inside of `depth` others. Raises DecodeError.

    It is `value_of` for the fields of the message, in half the time: filters read all messages.
    """
    if depth > MAX_NESTED:
        raise too_deep(0)
    try:
        return _read(data, depth, is_strict)
    except IndexError:
        raise ends_early(len(data)) from None


def _read(data: bytes, depth: int, is_strict: bool) -> dict[str, Value]:
    found: dict[str, Value] = {}
    at, size = 0, len(data)
    while at < size:
        start = at
        tag = data[at]
        at += 1
        if tag > 127:
            tag, at = read_varint(data, start, is_strict)
        key = KEYS.get(tag >> 3) or field_key(tag >> 3, start)
        value: Value
        if tag & 7 == VARINT:
            number = data[at]
            at += 1
            if number > 127:
                number, at = read_varint(data, at - 1, is_strict)
            value = number if number < 2**63 else number - 2**64
        elif tag & 7 == BYTES:
            length = data[at]
            at += 1
            if length > 127:
                length, at = read_varint(data, at - 1, is_strict)
            end = at + length
            if end > size:
                raise ends_early(size)
            value = _of_bytes(data[at:end], depth) if length else ""
            at = end
        elif tag & 7 == FIXED64 and at + 8 <= size:
            value = _of_fixed64(data, at)
            at += 8
        else:
            raw, at = read_other(data, at, tag, depth, is_strict)
            value = value_of_field(tag & 7, raw, depth)
        if key in found:
            value = _joined(found[key], value)
        found[key] = value
    return found


def _joined(earlier: Value, value: Value) -> list[Value]:
    """Return the values of a field that occurs again."""
    if isinstance(earlier, list):
        earlier.append(value)
        return earlier
    return [earlier, value]


def value_of(fields: list[Field], depth: int = 0) -> dict[str, Value]:
    """Return the object of a message, which is inside of `depth` others."""
    found: dict[str, Value] = {}
    for number, wire_type, raw in fields:
        key = str(number)
        value = value_of_field(wire_type, raw, depth)
        found[key] = _joined(found[key], value) if key in found else value
    return found


def value_of_field(wire_type: int, raw: int | bytes | list[Field], depth: int) -> Value:
    """Return the value of one field."""
    if isinstance(raw, bytes):
        return _of_bytes(raw, depth) if raw else ""
    if isinstance(raw, list):
        return {"$group": value_of(raw, depth + 1)}
    if wire_type == VARINT:
        return raw if raw < 2**63 else raw - 2**64
    if wire_type == FIXED64:
        return _of_fixed64(UNSIGNED64.pack(raw), 0)
    (single,) = _FLOAT.unpack(UNSIGNED32.pack(raw))
    return {"$float32": single} if _is_usual(single) else {"$fixed32": raw}


def _of_fixed64(data: bytes, at: int) -> Value:
    double: float = _DOUBLE.unpack_from(data, at)[0]
    if _is_usual(double):
        return double
    (raw,) = UNSIGNED64.unpack_from(data, at)
    return {"$fixed64": raw} if raw else double


def _is_usual(number: float) -> bool:
    return _LEAST < abs(number) < _MOST


def _of_bytes(data: bytes, depth: int) -> Value:
    """Return bytes, of which there are some, as a text, a message, or themselves."""
    first = data[0]
    text = _text(data) if first >= _SPACE or first in _FIRST_OF_BOTH else None
    if text is not None and first >= _SPACE:
        return text
    if depth < MAX_NESTED:
        try:
            return _read(data, depth + 1, is_strict=True)
        except (DecodeError, IndexError):  # no message
            pass
    return data if text is None else text


def _text(data: bytes) -> str | None:
    """Return the text of bytes that are printable UTF-8."""
    try:
        if len(data) > _HEAD and not _is_printable(data[:_HEAD].decode(errors="ignore")):
            return None
        text = data.decode()
    except UnicodeDecodeError:
        return None
    return text if _is_printable(text) else None


def field_key(number: int, offset: int) -> str:
    """Return the key of a field. Raises DecodeError if no field has the number."""
    if not 0 < number <= MAX_NUMBER:
        raise DecodeError(f"there is no field {number}", offset)
    return str(number)


def _is_printable(text: str) -> bool:
    return text.isprintable() or text.translate(_SPACES).isprintable()


def written(value: Value, depth: int = 0) -> bytes:
    """Return the message of an object with numbers as keys. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("a Protobuf message is an object")
    if depth > MAX_NESTED:
        raise ValueError("nested too deeply")
    out = bytearray()
    for key, found in value.items():
        if not (key.isascii() and key.isdecimal() and len(key) < 10):
            raise ValueError(f"“{key}” is no number of a field; names need a schema")
        for one in found if isinstance(found, list) else [found]:
            out += written_field(int(key), one, depth)
    return bytes(out)


def written_field(number: int, value: Value, depth: int) -> bytes:
    """Return one field. Raises ValueError."""
    match value:
        case int():
            return written_tag(number, VARINT) + written_varint(value)
        case float():
            return written_tag(number, FIXED64) + _DOUBLE.pack(value)
        case str():
            return written_bytes(number, value.encode())
        case bytes():
            return written_bytes(number, value)
        case dict():
            return _written_object(number, value, depth)
    raise ValueError("a field is a number, a text, bytes or an object")


def _written_object(number: int, value: dict[str, Value], depth: int) -> bytes:
    match value if len(value) == 1 else {}:
        case {"$group": inside}:
            return written_group(number, written(inside, depth + 1))
        case {"$fixed64": int(fixed)} if 0 <= fixed < 2**64:
            return written_tag(number, FIXED64) + UNSIGNED64.pack(fixed)
        case {"$fixed32": int(fixed)} if 0 <= fixed < 2**32:
            return written_tag(number, FIXED32) + UNSIGNED32.pack(fixed)
        case {"$float32": float() | int() as single}:
            return written_tag(number, FIXED32) + _packed_float(single)
    return written_bytes(number, written(value, depth + 1))


def _packed_float(number: float) -> bytes:
    try:
        return _FLOAT.pack(number)
    except OverflowError:
        raise ValueError("the number is too large for a float of 32 bits") from None
