"""References in a document, and example values made of JSON Schema."""

from __future__ import annotations

import re
from typing import Any

from spacebeam.exchange.collections.importers.values import record

MAX_REFERENCES = 50  # one to the next
_MAX_DEPTH = 12  # objects in an example
_MAX_VALUES = 2000  # of an example
_INTEGER = re.compile(r"[-+]?\d{1,300}")
_FLOAT = re.compile(r"[-+]?(?:\d{1,300}(?:\.\d{0,300})?|\.\d{1,300})(?:[eE][-+]?\d{1,3})?")
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_OF_FORMAT = {
    "date-time": "2026-01-01T00:00:00Z",
    "date": "2026-01-01",
    "time": "00:00:00Z",
    "uuid": "{{$uuid}}",
    "uri": "https://example.com/",
    "email": "user@example.com",
}
_OF_TYPE: dict[str, Any] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "null": None,
}


class PlainScalar(str):
    """A text of YAML without quotes: perhaps a number or a truth value (YAML 1.2, section 10.3)."""

    __slots__ = ()


def typed(value: Any) -> Any:
    """Return a value of YAML with its numbers and truth values."""
    if isinstance(value, dict):
        return {str(key): typed(one) for key, one in value.items()}
    if isinstance(value, list):
        return [typed(one) for one in value]
    if not isinstance(value, PlainScalar):
        return value
    if value in _BOOLEANS:
        return _BOOLEANS[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    return float(value) if _FLOAT.fullmatch(value) else str(value)


def unescaped(step: str) -> str:
    """Return a key of a JSON Pointer (RFC 6901)."""
    return step.replace("~1", "/").replace("~0", "~")


class References:
    """Follows `$ref` in a document. Other files and addresses are never read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self.outside = 0  # references to other files

    def resolved(self, value: object) -> dict[str, Any]:
        """Return an object, or that which it refers to; an empty one where that is nothing."""
        found = record(value)
        for _ in range(MAX_REFERENCES):
            if not isinstance(found.get("$ref"), str):
                return found
            found = record(self._at(found["$ref"]))
        return {}

    def pointer(self, value: object) -> str:
        """Return where an object refers to at first; "" if it is no reference."""
        reference = record(value).get("$ref")
        return reference if isinstance(reference, str) else ""

    def _at(self, reference: str) -> object:
        if not reference.startswith("#"):
            self.outside += 1
            return None
        found: object = self._document
        for step in reference[1:].strip("/").split("/"):
            found = record(found).get(unescaped(step))
        return found


class Examples:
    """Makes values that fit a schema."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._left = _MAX_VALUES

    def value(self, schema: object) -> Any:
        """Return a value: required members, constants, defaults, the first of a choice."""
        self._left = _MAX_VALUES
        return self._value(schema, 0)

    def given(self, schema: object) -> tuple[Any] | None:
        """Return the value that a schema gives itself, in a tuple; None if it gives none."""
        found = self._references.resolved(schema)
        for key in ("const", "default", "example"):
            if key in found:
                return (typed(found[key]),)
        for key in ("enum", "examples"):
            choices = found.get(key)
            if isinstance(choices, list) and choices:
                return (typed(choices[0]),)
        return None

    def _value(self, schema: object, depth: int) -> Any:
        self._left -= 1
        if self._left < 0 or depth > _MAX_DEPTH:
            return None
        found = self._references.resolved(schema)
        if given := self.given(found):
            return given[0]
        for key in ("oneOf", "anyOf"):
            choices = found.get(key)
            if isinstance(choices, list) and choices:
                return self._value(choices[0], depth + 1)
        kind = found.get("type")
        kind = kind[0] if isinstance(kind, list) and kind else kind
        if kind == "object" or "properties" in found or "allOf" in found:
            return self._object(found, depth)
        if kind == "array":
            items = found.get("items")
            if isinstance(items, list):
                return [self._value(one, depth + 1) for one in items[:100]]
            return [self._value(items, depth + 1)] if items else []
        if kind == "string":
            return _OF_FORMAT.get(str(found.get("format")), "")
        return _OF_TYPE.get(str(kind))

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) else ():
            value = self._value(part, depth + 1)
            made |= value if isinstance(value, dict) else {}
        required = schema.get("required")
        wanted = required if isinstance(required, list) else []
        for name, inner in record(schema.get("properties")).items():
            if name in wanted or not wanted or self.given(inner):
                made[str(name)] = self._value(inner, depth + 1)
                if self._left < 0:
                    break
        return made
