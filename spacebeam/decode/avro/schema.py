"""Schemas of Avro: a JSON text as types, and the fingerprint that payloads name it by."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from spacebeam.decode.decoder import Data, Value
from spacebeam.decode.extended_json import is_within_depth
from spacebeam.decode.json_values import read_json

PRIMITIVE = frozenset(("null", "boolean", "int", "long", "float", "double", "bytes", "string"))
_NAMED = ("record", "error", "enum", "fixed")
_MAX_NESTED = 64  # levels of a schema's text
_MAX_DOCUMENT = 160  # levels of its JSON, with what is no type in it
_MAX_FIXED = 2**20  # bytes
_EMPTY = 0xC15D213AA4D7A795  # the fingerprint of nothing
# The attributes that the canonical form has, in its order.
_CANONICAL = ("name", "type", "fields", "symbols", "items", "values", "size")


@dataclass(slots=True, eq=False)
class AvroType:
    """A type; recursive records refer to themselves."""

    kind: str  # a primitive type, "record", "enum", "fixed", "array", "map" or "union"
    name: str = ""  # with its namespace
    fields: list[tuple[str, AvroType]] = field(default_factory=list)
    symbols: list[str] = field(default_factory=list)
    items: AvroType | None = None  # of an array or a map
    branches: list[AvroType] = field(default_factory=list)
    size: int = 0  # bytes of a fixed
    logical: str = ""
    scale: int = 0  # digits after the point of a decimal


class AvroSchema:
    """A schema (`.avsc`)."""

    def __init__(self, text: Data) -> None:
        """Read the JSON of a schema. Raises ValueError."""
        self.document = read_json(text)
        if not is_within_depth(self.document, _MAX_DOCUMENT):
            raise ValueError("the schema is nested too deeply")
        names: dict[str, AvroType] = {}
        self.type = _type(self.document, "", names, 0)
        self.name = self.type.name or self.type.kind

    @cached_property
    def fingerprint(self) -> bytes:
        """The 8 bytes that a payload names the schema by: CRC-64-AVRO of its canonical form."""
        canonical = json.dumps(
            _canonical(self.document, ""), ensure_ascii=False, separators=(",", ":")
        )
        return crc64(canonical.encode()).to_bytes(8, "little")


def _type(schema: Value, space: str, names: dict[str, AvroType], depth: int) -> AvroType:
    if depth > _MAX_NESTED:
        raise ValueError("the schema is nested too deeply")
    match schema:
        case str():
            if schema in PRIMITIVE:
                return AvroType(schema)
            known = names.get(_full(schema, space)) or names.get(schema)
            if known is None:
                raise ValueError(f"the schema has no type “{schema}”")
            return known
        case list():
            return AvroType(
                "union", branches=[_type(one, space, names, depth + 1) for one in schema]
            )
        case dict() if "type" in schema:
            return _complex(schema, space, names, depth)
    raise ValueError("a type is a name, an array or an object with “type”")


def _complex(
    schema: dict[str, Value], space: str, names: dict[str, AvroType], depth: int
) -> AvroType:
    match schema:
        case {"type": str(kind)} if kind in _NAMED:
            return _named(schema, kind, space, names, depth)
        case {"type": "array", "items": items}:
            return AvroType("array", items=_type(items, space, names, depth + 1))
        case {"type": "map", "values": values}:
            return AvroType("map", items=_type(values, space, names, depth + 1))
        case {"type": str(kind)} if kind in PRIMITIVE:
            return AvroType(kind, logical=_text(schema, "logicalType"), scale=_scale(schema))
    return _type(schema["type"], space, names, depth + 1)


def _named(
    schema: dict[str, Value], kind: str, space: str, names: dict[str, AvroType], depth: int
) -> AvroType:
    name = _full(_text(schema, "name"), _text(schema, "namespace") or space)
    if not name or name in names:
        raise ValueError(f"the type “{name}” has no name of its own")
    made = AvroType("record" if kind == "error" else kind, name)
    names[name] = made
    made.logical, made.scale = _text(schema, "logicalType"), _scale(schema)
    if kind == "fixed":
        size = schema.get("size")
        if not isinstance(size, int) or not 0 <= size <= _MAX_FIXED:
            raise ValueError(f"the size of “{name}” is no number of bytes")
        made.size = size
    elif kind == "enum":
        made.symbols = [str(one) for one in _list(schema, "symbols")]
    else:
        for one in _list(schema, "fields"):
            if not isinstance(one, dict) or "type" not in one:
                raise ValueError(f"a field of “{name}” has no type")
            inner = _type(one["type"], name.rpartition(".")[0], names, depth + 1)
            made.fields.append((_text(one, "name"), inner))
    return made


def _full(name: str, space: str) -> str:
    return f"{space}.{name}" if space and "." not in name else name


def _text(schema: dict[str, Value], key: str) -> str:
    value = schema.get(key, "")
    return value if isinstance(value, str) else ""


def _list(schema: dict[str, Value], key: str) -> list[Value]:
    value = schema.get(key)
    if not isinstance(value, list):
        raise ValueError(f"the schema has no “{key}”")
    return value


def _scale(schema: dict[str, Value]) -> int:
    scale = schema.get("scale", 0)
    return scale if isinstance(scale, int) and 0 <= scale <= 1000 else 0


def _canonical(schema: Any, space: str) -> Any:
    """Return the Parsing Canonical Form of a schema that was read."""
    if isinstance(schema, str):
        return schema if schema in PRIMITIVE else _full(schema, space)
    if isinstance(schema, list):
        return [_canonical(one, space) for one in schema]
    kind = schema["type"]
    if isinstance(kind, str) and kind in PRIMITIVE:
        return kind
    if not isinstance(kind, str):
        return _canonical(kind, space)
    form = dict(schema)
    if kind in _NAMED:
        form["name"] = _full(schema["name"], _text(schema, "namespace") or space)
        space = form["name"].rpartition(".")[0]
    if kind in ("array", "map"):
        key = "items" if kind == "array" else "values"
        form[key] = _canonical(form[key], space)
    if kind in ("record", "error"):
        form["fields"] = [
            {"name": _text(one, "name"), "type": _canonical(one["type"], space)}
            for one in form["fields"]
        ]
    return {key: form[key] for key in _CANONICAL if key in form}


def crc64(data: bytes) -> int:
    """Return the Rabin fingerprint, which Avro calls CRC-64-AVRO."""
    fingerprint = _EMPTY
    for byte in data:
        fingerprint = fingerprint >> 8 ^ _TABLE[(fingerprint ^ byte) & 255]
    return fingerprint


def _table_entry(number: int) -> int:
    for _bit in range(8):
        number = number >> 1 ^ (_EMPTY if number & 1 else 0)
    return number


_TABLE = tuple(map(_table_entry, range(256)))
