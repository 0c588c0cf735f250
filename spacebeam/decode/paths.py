"""Plain paths into a value: keys and indexes, `*` for each of them, as in `items[*].time`.

A key that is no plain name is in quotation marks, as in JMESPath: `"first.name"`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from spacebeam.decode.decoder import Value

_STEP = re.compile(r'\[(\d{1,9}|\*)\]|\.?("(?:[^"\\]|\\.)*+")|\.?([^.\[\]]+)')
LEFT_OUT = "(left out)"  # in the place of a value that is left out, in texts
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


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
        found.append(step[1] or step[3] if step[2] is None else _unquoted(step[2]))
        place = step.end()
    if not found:
        raise PathStepsError(path)
    return found


def is_path(text: str) -> bool:
    """Return whether a text is a plain path."""
    try:
        return bool(steps(text))
    except PathStepsError:
        return False


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        raise PathStepsError(text) from None


def path_of(steps: Iterable[str | int]) -> str:
    """Return the path of keys and of indexes, which are numbers; empty for no step."""
    return "".join(map(written_step, steps)).removeprefix(".")


def written_step(step: str | int) -> str:
    """Return a key or an index as it is written in a path: `.key`, `."a key"`, `[7]`."""
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN_KEY.fullmatch(step):
        return f".{step}"
    return "." + json.dumps(step, ensure_ascii=not step.isprintable())


def replaced(value: Value, path: str, new: Value) -> Value:
    """Return the value with another one wherever the path leads; the given value is unchanged."""
    result: Value = _replaced(value, steps(path), new)
    return result


def without(value: Value, paths: Iterable[str], stand_in: Value = None) -> Value:
    """Return the value with `stand_in` wherever one of the paths leads."""
    for path in paths:
        value = replaced(value, path, stand_in)
    return value


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
