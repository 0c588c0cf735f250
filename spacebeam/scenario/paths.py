"""Plain paths into a value: keys and indexes, `*` for each of them, as in `items[*].time`."""

from __future__ import annotations

import re
from typing import Any

from spacebeam.decode.decoder import Value

_STEP = re.compile(r"\[(\d{1,9}|\*)\]|\.?([^.\[\]]+)")


class PathStepsError(ValueError):
    """A text is no plain path."""


def steps(path: str) -> list[str]:
    """Return the keys and indexes of a path. Raises PathStepsError."""
    found: list[str] = []
    place = 0
    while place < len(path):
        step = _STEP.match(path, place)
        if step is None:
            raise PathStepsError(path)
        found.append(step[1] or step[2])
        place = step.end()
    if not found:
        raise PathStepsError(path)
    return found


def replaced(value: Value, path: str, new: Value) -> Value:
    """Return the value with another one wherever the path leads; the given value is unchanged."""
    result: Value = _replaced(value, steps(path), new)
    return result


def found(value: Value, path: str) -> list[Value]:
    """Return what stands at a path; nothing where it does not lead."""
    every = [value]
    for step in steps(path):
        every = [inner for one in every for inner in _inner(one, step)]
    return every


def _inner(value: Value, step: str) -> list[Value]:
    if isinstance(value, dict):
        return list(value.values()) if step == "*" else [value[step]] if step in value else []
    if isinstance(value, list):
        if step == "*":
            return list(value)
        return [value[int(step)]] if step.isdigit() and int(step) < len(value) else []
    return []


def _replaced(value: Value, path: list[str], new: Value) -> Any:
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {
            key: _replaced(inner, rest, new) if step in (key, "*") else inner
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            _replaced(inner, rest, new) if step in (str(index), "*") else inner
            for index, inner in enumerate(value)
        ]
    return value
