"""JSON Schemas of messages, and where a message violates them.

The library is jsonschema, an extra: it has the whole of draft 2020-12. Its regular expressions are
RE2's where RE2 knows them, as payloads are a stranger's; what a schema refers to outside its own
file is not fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import Any

from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import extended, is_within_depth

MAX_VIOLATIONS = 20  # of one message
MAX_SIZE = 256 * 1024  # bytes of a payload that is checked
_MAX_WORDS = 300  # characters
_MAX_LOOK = 256  # characters in which an expression is looked for that RE2 does not know


@dataclass(frozen=True, slots=True)
class Violation:
    """A value that is not as its schema says."""

    place: tuple[str | int, ...]  # keys and indexes; empty for the message itself
    json_path: str  # the same: "$.order.id"
    words: str  # of the library: "'x' is not of type 'integer'"

    def __str__(self) -> str:
        return f"{self.json_path}: {self.words}"


class JsonSchema:
    """One or several schemas, of which a message fits one."""

    def __init__(self, schemas: Iterable[Any], *, is_asyncapi: bool = False) -> None:
        """Take schemas: of draft 2020-12 or what `$schema` says; AsyncAPI's are of draft 7.

        Raises ValueError, and ImportError without the library.
        """
        self._validators = [_validator(one, is_asyncapi=is_asyncapi) for one in schemas]

    def violations(self, value: Value, limit: int = MAX_VIOLATIONS) -> tuple[Violation, ...]:
        """Return what is wrong with a message, by place; of several schemas, for the nearest."""
        if not is_within_depth(value):
            return (Violation((), "$", "the message is nested too deeply to be checked"),)
        plain = extended(value)
        nearest: tuple[Violation, ...] = ()
        for place, validator in enumerate(self._validators):
            found = _found(validator, plain, limit)
            if not found:
                return ()
            if not place or len(found) < len(nearest):
                nearest = found
        return nearest


def _found(validator: Any, value: Value, limit: int) -> tuple[Violation, ...]:
    try:
        errors = list(islice(validator.iter_errors(value), limit))
    except RecursionError:
        return (Violation((), "$", "the schema is too deep for the message"),)
    except Exception as error:  # noqa: BLE001  the library has many for a wrong reference
        return (Violation((), "$", f"the schema cannot be used: {error}"[:_MAX_WORDS]),)
    errors.sort(key=lambda one: list(map(str, one.absolute_path)))
    return tuple(
        Violation(tuple(one.absolute_path), one.json_path, _shortened(one.message))
        for one in errors
    )


def _shortened(words: str) -> str:
    return words if len(words) <= _MAX_WORDS else f"{words[: _MAX_WORDS - 1]}…"


def _validator(schema: Any, *, is_asyncapi: bool) -> Any:
    import jsonschema
    from referencing import Registry

    default = jsonschema.Draft7Validator if is_asyncapi else jsonschema.Draft202012Validator
    try:
        kind = default
        if not is_asyncapi:
            kind = jsonschema.validators.validator_for(schema, default)
            kind.check_schema(schema)
    except jsonschema.SchemaError as error:
        raise ValueError(_shortened(f"{error.json_path}: {error.message}")) from None
    except RecursionError:
        raise ValueError("the schema is nested too deeply") from None
    return _with_safe_expressions(kind)(schema, registry=Registry())


@cache
def _with_safe_expressions(kind: Any) -> Any:
    import jsonschema

    own = {"pattern": _pattern, "patternProperties": _pattern_properties}
    return jsonschema.validators.extend(kind, own)


def _pattern(validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema import ValidationError

    if validator.is_type(value, "string") and not _matches(pattern, value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


def _pattern_properties(
    validator: Any, properties: dict[str, Any], value: Any, _schema: Any
) -> Iterator[Any]:
    if validator.is_type(value, "object"):
        for pattern, schema in properties.items():
            for key, one in value.items():
                if _matches(pattern, key):
                    yield from validator.descend(one, schema, path=key, schema_path=pattern)


def _matches(pattern: str, text: str) -> bool:
    expression = _expression(pattern)
    if expression is None:
        return re.search(pattern, text[:_MAX_LOOK]) is not None
    return expression.search(text.encode(errors="surrogatepass")) is not None


@lru_cache(maxsize=1000)
def _expression(pattern: str) -> Any:
    """Return RE2's expression; None if RE2 does not know it, as one that looks ahead."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern.encode(errors="surrogatepass"), options)
    except re2.error:
        return None
