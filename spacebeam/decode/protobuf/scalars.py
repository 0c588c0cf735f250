"""Numbers, texts and bytes of fields: on the wire, and as values.

Values are those of the types, not proto3 JSON's texts for them: integers of 64 bits and NaN are
numbers, and bytes are bytes. The texts are accepted when a message is written.
"""

from __future__ import annotations

import base64
import binascii
import re
from struct import Struct
from struct import error as StructError

from spacebeam.decode.byte_reader import ends_early
from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.protobuf.schema import EnumType, FieldType, Kind, ProtobufSchema
from spacebeam.decode.protobuf.wire import (
    BYTES,
    FIXED32,
    FIXED64,
    GROUP,
    VARINT,
    read_varint,
    written_varint,
)

_FORMS = {
    Kind.DOUBLE: Struct("<d"),
    Kind.FLOAT: Struct("<f"),
    Kind.FIXED64: Struct("<Q"),
    Kind.FIXED32: Struct("<I"),
    Kind.SFIXED32: Struct("<i"),
    Kind.SFIXED64: Struct("<q"),
}
_UNSIGNED = {FIXED32: Struct("<I"), FIXED64: Struct("<Q")}
_BITS = {  # of integers; signed ones have one for the sign
    Kind.INT64: 64,
    Kind.UINT64: 64,
    Kind.INT32: 32,
    Kind.FIXED64: 64,
    Kind.FIXED32: 32,
    Kind.UINT32: 32,
    Kind.SFIXED32: 32,
    Kind.SFIXED64: 64,
    Kind.SINT32: 32,
    Kind.SINT64: 64,
    Kind.ENUM: 32,
}
_WITHOUT_SIGN = (Kind.UINT64, Kind.UINT32, Kind.FIXED64, Kind.FIXED32)
_INTEGER = re.compile(r"-?[0-9]{1,20}", re.ASCII)
_DIGITS = (6, 7, 8, 9)  # that a float of 32 bits may need


def wire_type_of(kind: Kind) -> int:
    """Return the wire type of a kind of field."""
    if kind in _FORMS:
        return FIXED64 if _FORMS[kind].size == 8 else FIXED32
    if kind in (Kind.STRING, Kind.BYTES, Kind.MESSAGE):
        return BYTES
    return GROUP if kind is Kind.GROUP else VARINT


WIRE_TYPES = {kind: wire_type_of(kind) for kind in Kind}


def read_scalar(schema: ProtobufSchema, field: FieldType, raw: int | bytes) -> Value:
    """Return the value of a field that is no message."""
    kind = field.kind
    if isinstance(raw, bytes):
        return _text(raw) if kind is Kind.STRING else raw
    if kind is Kind.BOOL:
        return bool(raw)
    if form := _FORMS.get(kind):
        (number,) = form.unpack(_UNSIGNED[WIRE_TYPES[kind]].pack(raw))
        return _short(number) if kind is Kind.FLOAT else number
    bits = _BITS[kind]
    number = int(raw) & ((1 << bits) - 1)
    if kind in (Kind.SINT32, Kind.SINT64):
        return number >> 1 ^ -(number & 1)
    if kind not in _WITHOUT_SIGN and number >> (bits - 1):
        number -= 1 << bits
    if kind is Kind.ENUM and (known := schema.enums.get(field.type_name)):
        return known.names.get(number, number)
    return number


def read_packed(schema: ProtobufSchema, field: FieldType, data: bytes) -> list[Value]:
    """Return the values of a packed repeated field. Raises DecodeError."""
    raws: list[int] = []
    if form := _UNSIGNED.get(WIRE_TYPES[field.kind]):
        if len(data) % form.size:
            raise ends_early(len(data))
        raws = [raw for (raw,) in form.iter_unpack(data)]
    else:
        at = 0
        while at < len(data):
            try:
                raw, at = read_varint(data, at)
            except IndexError:
                raise ends_early(len(data)) from None
            raws.append(raw)
    return [read_scalar(schema, field, raw) for raw in raws]


def _text(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _short(number: float) -> float:
    """Return a float of 32 bits with the fewest digits that say the same: 0.1."""
    pack = _FORMS[Kind.FLOAT].pack
    for digits in _DIGITS:
        short = float(f"{number:.{digits}g}")
        try:
            if pack(short) == pack(number):
                return short
        except OverflowError:  # rounded up beyond the largest
            pass
    return number


def default_of(kind: Kind) -> Value:
    """Return the value of a field that is absent."""
    if kind is Kind.BOOL:
        return False
    if kind in (Kind.STRING, Kind.BYTES):
        return "" if kind is Kind.STRING else b""
    return 0.0 if kind in (Kind.DOUBLE, Kind.FLOAT) else 0


def written_scalar(schema: ProtobufSchema, field: FieldType, value: Value) -> bytes:
    """Return a value as it is after a field's tag. Raises ValueError."""
    kind = field.kind
    if kind in (Kind.STRING, Kind.BYTES):
        data = _bytes(field, value)
        return written_varint(len(data)) + data
    if kind is Kind.BOOL:
        if not isinstance(value, bool):
            raise ValueError(f"“{field.name}” is true or false")
        return written_varint(value)
    form = _FORMS.get(kind)
    if kind in (Kind.DOUBLE, Kind.FLOAT) and form is not None:
        try:
            return form.pack(_float(field, value))
        except (OverflowError, StructError):
            raise ValueError(f"“{field.name}” is too large") from None
    number = _integer(field, value, schema.enums.get(field.type_name))
    if form is not None:
        return form.pack(number)
    if kind in (Kind.SINT32, Kind.SINT64):
        return written_varint((number << 1 ^ number >> 63) % 2**64)
    return written_varint(number)


def _bytes(field: FieldType, value: Value) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str):
        raise ValueError(f"“{field.name}” is a text")
    if field.kind is Kind.STRING:
        return value.encode()
    text = value.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise ValueError(f"“{field.name}” has bytes, or a text in Base64") from None


def _float(field: FieldType, value: Value) -> float:
    if value in ("NaN", "Infinity", "-Infinity") or _is_number(value):
        return float(value)  # type: ignore[arg-type]  # what is not a number has one of these names
    raise ValueError(f"“{field.name}” is a number")


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _integer(field: FieldType, value: Value, enum: EnumType | None) -> int:
    if isinstance(value, str) and enum is not None and value in enum.numbers:
        value = enum.numbers[value]
    elif (isinstance(value, str) and _INTEGER.fullmatch(value)) or (
        isinstance(value, float) and value.is_integer()
    ):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        what = "a name of its enum" if enum is not None else "an integer"
        raise ValueError(f"“{field.name}” is {what}")
    bits = _BITS[field.kind]
    least = 0 if field.kind in _WITHOUT_SIGN else -(2 ** (bits - 1))
    if not least <= value < least + 2**bits:
        raise ValueError(f"“{field.name}” has up to {bits} bits")
    return value


def fits(field: FieldType, wire_type: int) -> bool:
    """Return whether a field of a message can have a wire type."""
    wanted = WIRE_TYPES[field.kind]
    if field.has_message:
        return wire_type in (BYTES, GROUP)
    return wire_type == wanted or (field.is_repeated and wire_type == BYTES)


def unreadable(field: FieldType, error: DecodeError, offset: int) -> DecodeError:
    """Return an error in the bytes of a field, which begin at an offset."""
    return DecodeError(f"{error}, in “{field.name}”", offset + error.offset)
