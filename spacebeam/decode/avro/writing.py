"""Writes data of a schema. Of a union's types, the first that fits a value is written."""

from __future__ import annotations

import datetime
from contextlib import suppress
from decimal import Context as DecimalContext
from decimal import Decimal, InvalidOperation
from struct import Struct

from spacebeam.decode.avro.reading import MAX_NESTED, PER_SECOND
from spacebeam.decode.avro.schema import AvroType
from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import pairs_of
from spacebeam.decode.timestamps import read_timestamp

_FLOAT, _DOUBLE = Struct("<f"), Struct("<d")
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_PRECISE = DecimalContext(prec=4000)


def written_long(value: int) -> bytes:
    """Return a number of up to 64 bits. Raises ValueError."""
    if not -(2**63) <= value < 2**63:
        raise ValueError("Avro has integers of up to 64 bits")
    number = value << 1 ^ value >> 63
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def written_bytes(data: bytes) -> bytes:
    """Return bytes with their length before them."""
    return written_long(len(data)) + data


def written_datum(type_: AvroType, value: Value, depth: int = 0) -> bytes:
    """Return the bytes of a datum. Raises ValueError."""
    if depth > MAX_NESTED:
        raise ValueError("nested too deeply")
    kind = type_.kind
    if kind == "union":
        return _branch(type_, value, depth)
    if kind == "record" and isinstance(value, dict):
        names = [name for name, _inner in type_.fields]
        if set(value) != set(names):
            raise ValueError(f"{type_.name} has the fields {', '.join(names)}")
        parts = (written_datum(inner, value[name], depth + 1) for name, inner in type_.fields)
        return b"".join(parts)
    if kind == "array" and isinstance(value, list) and type_.items is not None:
        items = b"".join(written_datum(type_.items, one, depth + 1) for one in value)
        return (written_long(len(value)) + items if value else b"") + b"\0"
    if kind == "map" and isinstance(value, dict) and type_.items is not None:
        return _map(type_.items, pairs_of(value, "Avro"), depth)
    if kind == "enum" and isinstance(value, str) and value in type_.symbols:
        return written_long(type_.symbols.index(value))
    written = _scalar(type_, value)
    if written is None:
        raise ValueError(f"a value is not of the type {type_.name or kind}")
    return written


def _map(type_: AvroType, pairs: list[tuple[Value, Value]], depth: int) -> bytes:
    out = bytearray(written_long(len(pairs)) if pairs else b"")
    for key, one in pairs:
        if not isinstance(key, str):
            raise ValueError("the keys of a map are texts")
        out += written_bytes(key.encode()) + written_datum(type_, one, depth + 1)
    return bytes(out) + b"\0"


def _branch(type_: AvroType, value: Value, depth: int) -> bytes:
    for index, branch in enumerate(type_.branches):
        with suppress(ValueError):
            return written_long(index) + written_datum(branch, value, depth + 1)
    kinds = ", ".join(one.name or one.kind for one in type_.branches)
    raise ValueError(f"a value is of none of the types {kinds}")


def _scalar(type_: AvroType, value: Value) -> bytes | None:
    """Return the bytes of a value; None if it is not of the type."""
    kind = type_.kind
    if kind in ("int", "long"):
        number = _number(type_, value)
        if number is None or (kind == "int" and not -(2**31) <= number < 2**31):
            return None
        return written_long(number)
    if kind in ("bytes", "fixed"):
        data = _data(type_, value)
        if data is None or kind == "bytes":
            return data if data is None else written_bytes(data)
        return data if len(data) == type_.size else None
    if kind == "string":
        return written_bytes(value.encode()) if isinstance(value, str) else None
    if kind == "boolean":
        return bytes((value,)) if isinstance(value, bool) else None
    if kind == "null":
        return b"" if value is None else None
    return _float(_FLOAT if kind == "float" else _DOUBLE, value)


def _float(form: Struct, value: Value) -> bytes | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return form.pack(value)
    except OverflowError:
        raise ValueError("a number is too large for its type") from None


def _number(type_: AvroType, value: Value) -> int | None:
    match value:
        case {"$timestamp": str(text)} if type_.logical in PER_SECOND:
            seconds, nanoseconds = read_timestamp(text)
            parts = PER_SECOND[type_.logical]
            return seconds * parts + nanoseconds * parts // 10**9
        case {"$date": str(text)} if type_.logical == "date":
            return datetime.date.fromisoformat(text).toordinal() - _EPOCH
        case int() if not isinstance(value, bool):
            return value
    return None


def _data(type_: AvroType, value: Value) -> bytes | None:
    match value:
        case bytes():
            return value
        case {"$numberDecimal": str(text)} if type_.logical == "decimal":
            return _decimal(type_, text)
    return None


def _decimal(type_: AvroType, text: str) -> bytes:
    try:
        number = Decimal(text).scaleb(type_.scale, _PRECISE)
    except InvalidOperation:
        raise ValueError(f"“{text}” is no decimal number") from None
    if not number.is_finite() or number != number.to_integral_value() or number.adjusted() > 2500:
        raise ValueError(f"a decimal number has {type_.scale} digits after the point")
    unscaled = int(number)
    size = type_.size or unscaled.bit_length() // 8 + 1
    try:
        return unscaled.to_bytes(size, "big", signed=True)
    except OverflowError:
        raise ValueError(f"“{text}” is too large for its type") from None
