"""Messages without a schema: an object with the fields' numbers as keys.

    {"1": 6, "2": {"1": ["AAA", "BÜB"]}}    repeated fields are arrays

A varint is a number; those that would be over 2^63 are negative. Bytes are a text if they are
printable, a message if they are one exactly, and else bytes. Eight bytes are a number with a point
if that has a usual size. So that all can be written back, the rest is marked:

    {"$fixed64": 7}, {"$fixed32": 7}, {"$float32": 1.5}, {"$group": {"1": 2}}
"""

from __future__ import annotations

from struct import Struct

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.protobuf.wire import (
    FIXED32,
    FIXED64,
    MAX_NESTED,
    UNSIGNED32,
    UNSIGNED64,
    VARINT,
    Field,
    read_fields,
    written_bytes,
    written_group,
    written_tag,
    written_varint,
)

_DOUBLE, _FLOAT = Struct("<d"), Struct("<f")
_HEAD = 64  # bytes that decide first whether bytes can be a text
_SPACES = str.maketrans("", "", "\n\r\t")
_FIRST_OF_BOTH = b"\n\r\t"  # a text hardly begins with them, a message often does
_USUAL = 1e-9, 1e15  # the size of a number with a point


def value_of(fields: list[Field], depth: int = 0) -> dict[str, Value]:
    """Return the object of a message, which is inside of `depth` others."""
    found: dict[str, Value] = {}
    for number, wire_type, raw in fields:
        key = str(number)
        value = value_of_field(wire_type, raw, depth)
        if key not in found:
            found[key] = value
            continue
        earlier = found[key]
        if isinstance(earlier, list):
            earlier.append(value)
        else:
            found[key] = [earlier, value]
    return found


def value_of_field(wire_type: int, raw: int | bytes | list[Field], depth: int) -> Value:
    """Return the value of one field."""
    if isinstance(raw, bytes):
        return _guessed(raw, depth) if raw else ""
    if isinstance(raw, list):
        return {"$group": value_of(raw, depth + 1)}
    if wire_type == VARINT:
        return raw if raw < 2**63 else raw - 2**64
    if wire_type == FIXED64:
        (double,) = _DOUBLE.unpack(UNSIGNED64.pack(raw))
        return double if not raw or _is_usual(double) else {"$fixed64": raw}
    (single,) = _FLOAT.unpack(UNSIGNED32.pack(raw))
    return {"$float32": single} if _is_usual(single) else {"$fixed32": raw}


def _is_usual(number: float) -> bool:
    return _USUAL[0] < abs(number) < _USUAL[1]


def _guessed(data: bytes, depth: int) -> Value:
    """Return bytes as a text, a message, or themselves."""
    text = _text(data)
    if text is not None and data[0] not in _FIRST_OF_BOTH:
        return text
    if depth < MAX_NESTED:
        try:
            return value_of(read_fields(data, depth + 1, is_strict=True), depth + 1)
        except DecodeError:  # no message, or nested too deeply
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
