"""Finding a value in JSON by a path, a million times.

Paths are JMESPath. Nearly all are keys and indexes alone; those are walked directly, which takes a
tenth of the time that jmespath needs, and without loading it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Finder = Callable[[Any], Any]
MISSING = object()  # what is found where there is nothing, not even null

_STEP = re.compile(
    r"""(?P<dot>\.)?(?:(?P<key>[A-Za-z_][A-Za-z0-9_]*)|(?P<quoted>"(?:[^"\\]|\\.)+"))"""
    r"""|\[(?P<index>-?[0-9]{1,9})\]"""
)
_PROJECTIONS = frozenset(("projection", "value_projection", "filter_projection"))
# Null where one of their parts is, or an empty list where they give many.
_STRICT = _PROJECTIONS | {
    "field",
    "flatten",
    "identity",
    "index",
    "index_expression",
    "slice",
    "subexpression",
}


class PathError(ValueError):
    """A path that JMESPath does not understand."""


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A path, ready to be followed."""

    find: Finder  # the value; MISSING where there is none
    gives_many: bool  # it gives a list of values, each of which counts
    keys: tuple[str, ...]  # without these in it, a payload has nothing there
    is_made: bool = False  # the value is the expression's own, and need not stand in the payload


def compile_path(path: str) -> JsonPath:
    """Raises PathError with words for a person."""
    steps = _plain_steps(path)
    return _expression(path) if steps is None else _walk(steps)


def _plain_steps(path: str) -> list[str | int] | None:
    """The keys and indexes that a path is made of, if it is made of nothing else."""
    steps: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if match is None:
            return None
        if (index := match["index"]) is not None:
            steps.append(int(index))
        elif bool(steps) is (match["dot"] is None):
            return None
        elif (key := match["key"]) is not None:
            steps.append(key)
        else:
            try:
                steps.append(_unquoted(match["quoted"]))
            except ValueError:
                return None
        position = match.end()
    return steps or None


def _unquoted(quoted: str) -> str:
    import json

    return str(json.loads(quoted))


def _walk(steps: list[str | int]) -> JsonPath:
    keys = tuple(step for step in steps if isinstance(step, str))
    if len(steps) == 1 and keys:
        key = keys[0]

        def find_key(value: Any) -> Any:
            return value.get(key, MISSING) if type(value) is dict else MISSING

        return JsonPath(find_key, False, keys)

    def find(value: Any) -> Any:
        for step in steps:
            if type(value) is dict:
                value = value.get(step, MISSING)
            elif type(value) is list and type(step) is int and -len(value) <= step < len(value):
                value = value[step]
            else:
                return MISSING
        return value

    return JsonPath(find, False, keys)


def _expression(path: str) -> JsonPath:
    import jmespath
    from jmespath.exceptions import JMESPathError

    try:
        compiled = jmespath.compile(path)
        nodes = list(_nodes(compiled.parsed))
    except JMESPathError as error:
        raise PathError(_explanation(path, str(error))) from None
    except (ValueError, RecursionError):
        raise PathError("This is no JMESPath") from None

    def find(value: Any) -> Any:
        try:
            found = compiled.search(value)
        except (JMESPathError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError):
            return MISSING  # functions refuse values that they are not for
        return MISSING if found is None else found  # JMESPath does not tell null from nothing

    is_strict = all(node["type"] in _STRICT for node in nodes)
    keys = tuple(node["value"] for node in nodes if is_strict and node["type"] == "field")
    return JsonPath(find, nodes[0]["type"] in _PROJECTIONS, keys, is_made=not is_strict)


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A parsed expression and all in it."""
    yield node
    for part in node["children"]:
        if isinstance(part, Mapping):  # a slice's are numbers
            yield from _nodes(part)


def _explanation(path: str, error: str) -> str:
    if re.search(r"\.[0-9]", path):
        return "This is no JMESPath; an element of a list is written items[0]"
    if re.search(r"[A-Za-z0-9_][-/:$ ]", path):
        return 'This is no JMESPath; a key that is no plain word is written "in-quotes"'
    if "Incomplete" in error or "eof" in error:
        return "The path is not finished"
    return "This is no JMESPath; write keys and indexes, as in data.items[0].price"
