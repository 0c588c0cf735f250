"""Where the messages of a recording violate the schema of their connection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.json_schema import MAX_SIZE, MAX_VIOLATIONS, Violation
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import Schemas
from spacebeam.search.filter import Filter

_KINDS = ("text", "binary")


def is_checked(context: Context) -> bool:
    """Return whether there is a schema that a payload should fit."""
    schemas = context.schemas
    return (
        schemas is not None
        and context.kind in _KINDS
        and schemas.checks(context.direction) is not None
    )


def lacks_schema(filters: Iterable[Filter], schemas: Schemas | None) -> bool:
    """Return whether a filter is about a JSON Schema, and there is none."""
    has_none = schemas is None or (schemas.received is None and schemas.sent is None)
    return has_none and any(one.asks_for_schema for one in filters)


def violations_of(
    payload: bytes, context: Context, limit: int = MAX_VIOLATIONS
) -> tuple[Violation, ...] | None:
    """Return where a payload violates its schema; None if it is too long to be checked.

    It may run in a thread. What is no value of keys and indexes is not checked.
    """
    schema = context.schemas.checks(context.direction) if context.schemas is not None else None
    if schema is None:
        return ()
    if len(payload) > MAX_SIZE:
        return None
    try:
        value = REGISTRY.value(payload, replace(context, memory=dict(context.memory)))
    except (DecodeError, RecursionError):
        return ()
    return schema.violations(value, limit)
