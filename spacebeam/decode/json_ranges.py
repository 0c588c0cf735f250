"""The bytes of JSON values that a protocol has in its payloads."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from contextlib import suppress

from spacebeam.decode.byte_ranges import ByteRanges, Range
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.json_tree import JsonTree


def whole_ranges(value: Value, payload: Data) -> ByteRanges:
    """Return the payload's range for each of its values: they have no bytes of their own."""
    found = ByteRanges(is_whole=True)
    found.add_all(value, (0, len(payload)))
    return found


def ranges_of_parts(
    value: Value, payload: Data, add: Callable[[ByteRanges, Data, int, dict[str, Value]], int]
) -> ByteRanges:
    """Return the ranges of a payload of one part, or of the list of several.

    `add` adds those of a part that begins at an offset, and returns where the next one begins.
    """
    found, begin = ByteRanges(), 0
    if isinstance(value, list):
        found.add((0, len(payload)))
    for part in value if isinstance(value, list) else [value]:
        assert isinstance(part, dict)
        begin = add(found, payload, begin, part)
    return found


def add_json(found: ByteRanges, value: Value, payload: Data, start: int, end: int) -> None:
    """Add the ranges of a value that was read from the JSON text in `payload[start:end]`.

    Raises DecodeError for one that is nested too deeply.
    """
    tree = JsonTree(payload[start:end])
    for _step in tree.read():
        pass
    try:
        _JsonRanges(found, tree, start).add(value, 0)
    except RecursionError:
        raise DecodeError("nested too deeply to find the bytes", start) from None


class _JsonRanges:
    """Walks through a value and the tree of its text, which may have duplicate keys."""

    def __init__(self, found: ByteRanges, tree: JsonTree, start: int) -> None:
        self._found, self._tree, self._start = found, tree, start

    def add(self, value: Value, number: int) -> None:
        """Add the range of a value, which has this number in the tree, and all that is inside."""
        own = self._range(number)
        match value:
            case list() | dict():
                inside = value if isinstance(value, list) else list(value.values())
                children = self._children(value, number)
                if len(children) != len(inside):
                    self._found.add_all(value, own)
                    return
                self._found.add(own)
                for one, child in zip(inside, children, strict=True):
                    self.add(one, child)
            case float() if not math.isfinite(value):
                self._found.add_all(value, own)
            case _:
                self._found.add(own)

    def _range(self, number: int) -> Range:
        start, end = self._tree.range(number)
        return self._start + start, self._start + end

    def _children(self, value: Value, number: int) -> Sequence[int]:
        """Return the members' numbers; the last of duplicate keys counts, at the first's place."""
        children = list(self._tree.children(number))
        if isinstance(value, dict) and len(children) > len(value):
            with suppress(ValueError):  # as of a key that is too long
                keys = [json.loads(self._tree.written_key(child)) for child in children]
                return list(dict(zip(keys, children, strict=True)).values())
        return children
