"""Google's well-known types as proto3 JSON shows them: a Timestamp is a text, Any has `@type`."""

from __future__ import annotations

import re
from collections.abc import Callable

from spacebeam.decode.decoder import Value
from spacebeam.decode.protobuf.scalars import default_of
from spacebeam.decode.protobuf.schema import MessageType
from spacebeam.decode.timestamps import read_timestamp, written_timestamp

ANY = "google.protobuf.Any"
VALUE = "google.protobuf.Value"
PREFIX = "google.protobuf."
_WRAPPERS = frozenset(
    f"{PREFIX}{name}Value"
    for name in ("Double", "Float", "Int64", "UInt64", "Int32", "UInt32", "Bool", "String", "Bytes")
)
_SECOND = 10**9  # nanoseconds
_DURATION = re.compile(r"(-?)([0-9]{1,12})(?:\.([0-9]{1,9}))?s", re.ASCII)
_FIRST, _LAST = -62_135_596_800, 253_402_300_799  # seconds: the years 1 to 9999
_MAX_DURATION = 315_576_000_000  # seconds: 10,000 years

_NAMES = {  # of a Value's fields
    bool: "bool_value",
    str: "string_value",
    bytes: "string_value",  # not UTF-8
    list: "list_value",
    dict: "struct_value",
}

_Object = dict[str, Value]


def shown(message: MessageType, found: _Object) -> Value:
    """Return a message as proto3 JSON shows it; as it is if that cannot say the same."""
    if not message.name.startswith(PREFIX):
        return found
    if not message.names.keys() >= found.keys():  # it has unknown fields
        return {"$message": found} if message.name in _OBJECTS else found
    if message.name in _WRAPPERS:
        return found.get("value", default_of(message.names["value"].kind))
    show, _raw = _TYPES.get(message.name, (None, None))
    return found if show is None else show(found)


def raw(message: MessageType, value: Value) -> Value:
    """Return the message of a value that `shown` returned. Raises ValueError."""
    if message.name in _WRAPPERS:
        return value if isinstance(value, dict) else {"value": value}
    _show, make = _TYPES.get(message.name, (None, None))
    if make is None:
        return value
    if not isinstance(value, dict):
        return make(value)
    if message.name not in _OBJECTS:
        return value
    found = value.get("$message") if len(value) == 1 else None
    return found if isinstance(found, dict) else make(value)


def _time(found: _Object) -> Value:
    seconds, nanoseconds = found.get("seconds", 0), found.get("nanos", 0)
    if not isinstance(seconds, int) or not isinstance(nanoseconds, int):
        return found
    if not _FIRST <= seconds <= _LAST or not 0 <= nanoseconds < _SECOND:
        return found
    return written_timestamp(seconds, nanoseconds)


def _raw_time(value: Value) -> Value:
    if not isinstance(value, str):
        raise ValueError("a Timestamp is a text")
    seconds, nanoseconds = read_timestamp(value)
    return _without_zeros(seconds, nanoseconds)


def _without_zeros(seconds: int, nanoseconds: int) -> _Object:
    return {
        **({"seconds": seconds} if seconds else {}),
        **({"nanos": nanoseconds} if nanoseconds else {}),
    }


def _duration(found: _Object) -> Value:
    seconds, nanoseconds = found.get("seconds", 0), found.get("nanos", 0)
    if not isinstance(seconds, int) or not isinstance(nanoseconds, int):
        return found
    is_far = abs(seconds) > _MAX_DURATION or abs(nanoseconds) >= _SECOND
    if is_far or (seconds and nanoseconds and (seconds < 0) is not (nanoseconds < 0)):
        return found
    sign = "-" if seconds < 0 or nanoseconds < 0 else ""
    digits = f"{abs(nanoseconds):09}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{sign}{abs(seconds)}{'.' if digits else ''}{digits}s"


def _raw_duration(value: Value) -> Value:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError("a Duration is written like 1.500s")
    sign = -1 if match[1] else 1
    return _without_zeros(sign * int(match[2]), sign * int((match[3] or "").ljust(9, "0")))


def _one_value(found: _Object) -> Value:
    name, value = next(iter(found.items()), ("null_value", None))
    if name == "null_value":
        return None
    # A list with unknown fields is shown as a message, and would be written as a Struct.
    return value if name == _NAMES.get(type(value), "number_value") else {"$message": found}


def _raw_value(value: Value) -> Value:
    if value is None:
        return {"null_value": 0}
    return {_NAMES.get(type(value), "number_value"): value}


def _mask(found: _Object) -> Value:
    paths = found.get("paths", [])
    return {"paths": paths} if not isinstance(paths, list) else ",".join(map(str, paths))


def _raw_mask(value: Value) -> Value:
    if not isinstance(value, str):
        raise ValueError("a FieldMask is a text")
    paths: list[Value] = list(filter(None, value.split(",")))
    return {"paths": paths}


_TYPES: dict[str, tuple[Callable[[_Object], Value], Callable[[Value], Value]]] = {
    PREFIX + "Timestamp": (_time, _raw_time),
    PREFIX + "Duration": (_duration, _raw_duration),
    PREFIX + "Struct": (lambda found: found.get("fields", {}), lambda value: {"fields": value}),
    PREFIX + "ListValue": (lambda found: found.get("values", []), lambda value: {"values": value}),
    VALUE: (_one_value, _raw_value),
    PREFIX + "FieldMask": (_mask, _raw_mask),
}
_OBJECTS = (PREFIX + "Struct", VALUE)  # shown as an object, which is no message itself
