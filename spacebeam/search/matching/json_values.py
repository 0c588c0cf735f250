"""Tests of values in JSON payloads.

Parsing a payload takes ten times as long as a search for bytes in it. So if a matching payload must
contain certain text, that is searched first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from typing import Any

from spacebeam.protocol.batch import Data, Kind
from spacebeam.recording.block import Block
from spacebeam.search.filter import Json, JsonTest
from spacebeam.search.json_path import MISSING, JsonPath, compile_path
from spacebeam.search.matching import masks
from spacebeam.search.matching.columns import Test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.text import WordTest

_BLANKS = " \t\n\r"
_SAMPLE_SIZE = 16  # entries
_JSON_KINDS = bytes(kind in (Kind.TEXT, Kind.BINARY) for kind in range(256))
_ESCAPE = "\\"
_LITERALS = ("true", "false", "null")
# A number can be written in many ways, and there may be whitespace between values.
_NOT_VERBATIM = frozenset('"\\{}[]:,')
_NUMERIC = frozenset("0123456789+-.eE")

_read_one = json.JSONDecoder().raw_decode


def read_json(payload: Data) -> Any:
    """Parse a payload as JSON in UTF-8. Raises ValueError or RecursionError."""
    text = str(payload, "utf-8")
    if text[:1] in _BLANKS or text[-1:] in _BLANKS:  # rare, and not accepted by the decoder
        text = text.strip(_BLANKS)
    value, end = _read_one(text)
    if end != len(text):
        raise ValueError("more than one value")
    return value


def json_test(condition: Json) -> Test:
    """Return the test of a `json:` term."""
    path = compile_path(condition.path)
    matches = _value_test(condition)
    find = path.find
    if path.gives_many:
        matches_one = matches

        def matches(found: Any) -> bool:
            return any(one is not None and matches_one(one) for one in found)

    hints = [WordTest(word) for word in _verbatim(condition, path)]
    escape = WordTest(_ESCAPE)

    def test(block: Block, begin: int, end: int, among: Mask) -> Mask:
        among = masks.both(among, block.kinds[begin:end].translate(_JSON_KINDS))
        for hint in hints:
            if _is_selective(hint, block, begin, among):
                found = hint(block, begin, end, among)
                escaped = escape(block, begin, end, masks.both(among, masks.inverted(found)))
                among = masks.both(among, masks.either(found, escaped))
        mask = bytearray(end - begin)
        data, starts, ends = block.data, block.starts, block.ends
        for place in masks.candidates(among, begin):
            try:
                value = find(read_json(data[starts[place] : ends[place]]))
                mask[place - begin] = value is not MISSING and matches(value)
            except (ValueError, RecursionError):
                pass
        return mask

    return test


def _is_selective(hint: WordTest, block: Block, begin: int, among: Mask) -> bool:
    """Return whether a hint excludes any entry of a sample: a key may be in every message."""
    sample = islice(masks.candidates(among, begin), _SAMPLE_SIZE)
    return not all(hint.holds(block, place) for place in sample)


def _verbatim(condition: Json, path: JsonPath) -> Iterator[str]:
    """Yield texts that every matching payload contains, unless it has a backslash."""
    if path.is_computed:
        return
    if condition.test is JsonTest.EQUALS and _is_verbatim_value(condition):
        yield condition.value
    if condition.test is JsonTest.CONTAINS and _is_verbatim_word(condition.value):
        yield condition.value
    if longest := max(filter(_is_plain, path.keys), key=len, default=""):
        yield f'"{longest}"'


def _is_verbatim_value(condition: Json) -> bool:
    value = condition.value
    if not _is_plain(value):
        return False
    return condition.is_quoted or value in _LITERALS or _read(value) is _UNREADABLE


def _is_verbatim_word(word: str) -> bool:
    # 1e999 is parsed as "Infinity".
    is_in_strings_only = not _NUMERIC.issuperset(word) and word not in "-Infinity"
    return is_in_strings_only and _NOT_VERBATIM.isdisjoint(word) and _is_plain(word)


def _is_plain(text: str) -> bool:
    """Return whether JSON can contain a text without escaping it."""
    return bool(text) and not any(character < " " or character in '"\\' for character in text)


_UNREADABLE = object()


def _read(text: str) -> Any:
    """Return a text parsed as JSON, or `_UNREADABLE`."""
    try:
        return read_json(text.encode())
    except (ValueError, RecursionError):
        return _UNREADABLE


def _value_test(condition: Json) -> Callable[[Any], bool]:
    if condition.test is JsonTest.EXISTS:
        return lambda _found: True
    if condition.test is JsonTest.CONTAINS:
        return partial(_contains, condition.value)
    wanted = _UNREADABLE if condition.is_quoted else _read(condition.value)
    return partial(_equals, condition.value, wanted)


def _contains(word: str, found: Any) -> bool:
    return word in (found if isinstance(found, str) else written(found))


def written(value: Any) -> str:
    """Return a value as JSON on one line, without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _equals(text: str, wanted: Any, found: Any) -> bool:
    if isinstance(found, str):
        return found == text
    return wanted is not _UNREADABLE and same(wanted, found)


def same(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; in Python, True also equals 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
