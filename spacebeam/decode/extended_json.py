"""Decoded values as JSON, and back: what JSON has no type for is an object with a `$` key.

The idea is MongoDB's Extended JSON. Decoders make the objects with `$map`, `$timestamp`, `$tag`
and `$ext` themselves; bytes and numbers that are not finite are Python's, and become objects here.

    {"$bytes": "AP+A"}                            Base64 (RFC 4648)
    {"$float": "NaN"}                             "NaN", "Infinity", "-Infinity"
    {"$map": [[1, "one"], [1, "again"]]}          a map with other keys than different texts
    {"$timestamp": "2026-01-02T03:04:05.678Z"}    a point in time, in UTC, up to nanoseconds
    {"$tag": 32, "value": "http://a.test/"}       a tag of CBOR (RFC 8949, section 3.4)
    {"$ext": 8, "data": {"$bytes": "AQ=="}}       an extension type of MessagePack
    {"$simple": 99}, {"$undefined": true}         simple values of CBOR
    {"$oid": "65a1…"}, {"$date": "2026-…"}        and others of BSON: see there
    {"$sequence": [{"a": 1}, "two"]}              several values in one payload
"""

from __future__ import annotations

import base64
import binascii
import math
from operator import itemgetter
from typing import Any

from spacebeam.decode.decoder import Value
from spacebeam.decode.json_values import read_json, written

MAX_DEPTH = 256  # levels that decoders read; JSON alone has no limit
# Keys of the objects above. A peer's map that has such a key is written with `$map`.
MARKERS = frozenset(
    (
        *("$bytes", "$float", "$map", "$timestamp", "$tag", "$ext", "$simple", "$undefined"),
        *("$oid", "$date", "$binary", "$regularExpression", "$dbPointer", "$code", "$symbol"),
        *("$numberDecimal", "$minKey", "$maxKey", "$sequence"),
    )
)
_TEXTS = frozenset((str,))
_KEY = itemgetter(0)  # of a pair


def extended(value: Value) -> Value:
    """Return a value of any depth in JSON's types."""
    outermost: list[Value] = [value]
    pending: list[list[Value] | dict[str, Value]] = [outermost]  # copies with members as they were
    while pending:
        container: Any = pending.pop()
        places = range(len(container)) if isinstance(container, list) else list(container)
        for place in places:
            match container[place]:
                case list() | dict() as inside:
                    container[place] = inside.copy()
                    pending.append(container[place])
                case bytes() as data:
                    container[place] = {"$bytes": base64.b64encode(data).decode()}
                case float() as number if not math.isfinite(number):
                    container[place] = {"$float": _not_finite(number)}
    return outermost[0]


def _not_finite(number: float) -> str:
    return "NaN" if number != number else f"{'-' if number < 0 else ''}Infinity"


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
    value = read_json(text)
    if not is_within_depth(value):
        raise ValueError("nested too deeply")
    return plain(value)


def object_or_map(pairs: list[tuple[Value, Value]]) -> dict[str, Any]:
    """Return a decoded map: an object if its keys are different texts, else with `$map`."""
    # Other keys than texts are never hashed: a peer can choose those whose hashes collide.
    if _TEXTS.issuperset(map(type, map(_KEY, pairs))):
        found: dict[Any, Any] = dict(pairs)
        if len(found) == len(pairs) and MARKERS.isdisjoint(found):
            return found
    return {"$map": [[key, value] for key, value in pairs]}


def pairs_of(value: dict[str, Value], format_name: str) -> list[tuple[Value, Value]]:
    """Return the pairs of an object, or those of `$map`.

    Raises ValueError for an object with another `$` key of extended JSON.
    """
    if MARKERS.isdisjoint(value):
        return list(value.items())
    pairs = value.get("$map")
    if len(value) != 1 or not isinstance(pairs, list):
        names = ", ".join(sorted(MARKERS.intersection(value)))
        raise ValueError(f"{format_name} has no {names} of this form")
    return [_pair(pair) for pair in pairs]


def _pair(pair: Value) -> tuple[Value, Value]:
    if not isinstance(pair, list) or len(pair) != 2:
        raise ValueError("$map has pairs of a key and a value")
    return pair[0], pair[1]


def values_of(value: Value) -> list[Value]:
    """Return the values of a `$sequence`; of anything else, itself. Raises ValueError."""
    if not isinstance(value, dict) or "$sequence" not in value:
        return [value]
    several = value["$sequence"]
    if len(value) != 1 or not isinstance(several, list) or len(several) == 1:
        raise ValueError("$sequence has several values or none")
    return several


def is_within_depth(value: Value, levels: int = MAX_DEPTH) -> bool:
    """Return whether arrays and objects in a value are nested at most `levels` deep."""
    level = [value] if isinstance(value, list | dict) else []
    for _level in range(levels):
        if not level:
            return True
        members = (one.values() if isinstance(one, dict) else one for one in level)
        level = [one for inside in members for one in inside if isinstance(one, list | dict)]
    return not level
