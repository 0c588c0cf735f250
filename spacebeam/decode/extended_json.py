"""Decoded values as JSON, and back: what JSON has no type for is an object with a `$` key.

The idea is MongoDB's Extended JSON. Decoders make the objects with `$map`, `$timestamp`, `$tag`
and `$ext` themselves; bytes and numbers that are not finite are Python's, and become objects here.

    {"$bytes": "AP+A"}                            Base64 (RFC 4648)
    {"$float": "NaN"}                             "NaN", "Infinity", "-Infinity"
    {"$map": [[1, "one"], [1, "again"]]}          a map with other keys than different texts
    {"$timestamp": "2026-01-02T03:04:05.678Z"}    a point in time, in UTC, up to nanoseconds
    {"$tag": 32, "value": "http://a.test/"}       a tag of CBOR (RFC 8949, section 3.4)
    {"$ext": 8, "data": {"$bytes": "AQ=="}}       an extension type of MessagePack
"""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any

from spacebeam.decode.decoder import Value
from spacebeam.decode.json_values import read_json, written

MAX_DEPTH = 256  # levels that decoders read; JSON alone has no limit


def extended(value: Value) -> Value:
    """Return a value in JSON's types. Raises RecursionError beyond Python's limit of levels."""
    match value:
        case bytes():
            return {"$bytes": base64.b64encode(value).decode()}
        case float() if not math.isfinite(value):
            return {"$float": "NaN" if value != value else f"{'-' if value < 0 else ''}Infinity"}
        case list():
            return [extended(one) for one in value]
        case dict():
            return {key: extended(one) for key, one in value.items()}
    return value


def plain(value: Value) -> Value:
    """Return a value whose `$bytes` and `$float` are Python's; the way back of `extended`.

    Raises ValueError for one that is wrong.
    """
    match value:
        case {"$bytes": str(text), **others} if not others:
            try:
                return base64.b64decode(text, validate=True)
            except binascii.Error as error:
                raise ValueError(f"$bytes is not Base64: {error}") from None
        case {"$float": str(text), **others} if not others:
            if text not in ("NaN", "Infinity", "-Infinity"):
                raise ValueError("$float is NaN, Infinity or -Infinity")
            return float(text)
        case list():
            return [plain(one) for one in value]
        case dict():
            return {key: plain(one) for key, one in value.items()}
    return value


def written_extended(value: Value) -> str:
    """Return a value as extended JSON on one line, without spaces."""
    return written(extended(value))


def read_extended(text: bytes) -> Value:
    """Return the value of an extended JSON text. Raises ValueError."""
    return plain(read_json(text))


def object_or_map(pairs: list[tuple[Value, Value]]) -> dict[str, Any]:
    """Return a decoded map: an object if its keys are different texts, else with `$map`."""
    keys = [key for key, _value in pairs]
    if all(isinstance(key, str) for key in keys) and len(set(map(str, keys))) == len(keys):
        return {str(key): value for key, value in pairs}
    return {"$map": [[key, value] for key, value in pairs]}
