"""Conditions on a value in JSON payloads.

To read a payload as JSON takes ten times as long as to look for some bytes in it. So where what is
asked for must stand in the payload as it is, that is looked for first.
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
_SAMPLE = 16  # entries
_READABLE = bytes(kind in (Kind.TEXT, Kind.BINARY) for kind in range(256))
_ESCAPE = "\\"
_LITERALS = ("true", "false", "null")
# Numbers are written in many ways, and between values there may be blanks or not.
_NOT_VERBATIM = frozenset('"\\{}[]:,')
_NUMERIC = frozenset("0123456789+-.eE")

_read_one = json.JSONDecoder().raw_decode


def read_json(payload: Data) -> Any:
    """The value that a payload is, in UTF-8.

    Raises ValueError or RecursionError.
    """
    text = str(payload, "utf-8")
    if text[:1] in _BLANKS or text[-1:] in _BLANKS:  # rare, and not read with the value
        text = text.strip(_BLANKS)
    value, end = _read_one(text)
    if end != len(text):
        raise ValueError("more than one value")
    return value


def json_test(condition: Json) -> Test:
    """The test for a `json:` condition."""
    path = compile_path(condition.path)
    is_it = _value_test(condition)
    find = path.find
    if path.gives_many:
        is_one = is_it

        def is_it(found: Any) -> bool:
            return any(one is not None and is_one(one) for one in found)

    hints = [WordTest(words) for words in _verbatim(condition, path)]
    escape = WordTest(_ESCAPE)

    def test(block: Block, begin: int, end: int, among: Mask) -> Mask:
        among = masks.both(among, block.kinds[begin:end].translate(_READABLE))
        for hint in hints:
            if _is_promising(hint, block, begin, among):
                found = hint(block, begin, end, among)
                escaped = escape(block, begin, end, masks.both(among, masks.inverted(found)))
                among = masks.both(among, masks.either(found, escaped))
        mask = bytearray(end - begin)
        data, starts, ends = block.data, block.starts, block.ends
        for place in masks.candidates(among, begin):
            try:
                value = find(read_json(data[starts[place] : ends[place]]))
                mask[place - begin] = value is not MISSING and is_it(value)
            except (ValueError, RecursionError):
                pass
        return mask

    return test


def _is_promising(hint: WordTest, block: Block, begin: int, among: Mask) -> bool:
    """Whether looking for a hint rules anything out; a key may be in every message."""
    sample = islice(masks.candidates(among, begin), _SAMPLE)
    return not all(hint.holds(block, place) for place in sample)


def _verbatim(condition: Json, path: JsonPath) -> Iterator[str]:
    """What a payload that matches and has no backslash holds, word for word."""
    if path.is_made:
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
    # "Infinity" is what 1e999 reads as.
    is_of_strings = not _NUMERIC.issuperset(word) and word not in "-Infinity"
    return is_of_strings and _NOT_VERBATIM.isdisjoint(word) and _is_plain(word)


def _is_plain(text: str) -> bool:
    """Whether JSON holds it as it is, if without a backslash."""
    return bool(text) and not any(character < " " or character in '"\\' for character in text)


_UNREADABLE = object()


def _read(text: str) -> Any:
    """What a text is as JSON; `_UNREADABLE` if it is none."""
    try:
        return read_json(text.encode())
    except (ValueError, RecursionError):
        return _UNREADABLE


def _value_test(condition: Json) -> Callable[[Any], bool]:
    if condition.test is JsonTest.EXISTS:
        return lambda _found: True
    if condition.test is JsonTest.CONTAINS:
        return partial(_contains, condition.value)
    asked = _UNREADABLE if condition.is_quoted else _read(condition.value)
    return partial(_equals, condition.value, asked)


def _contains(word: str, found: Any) -> bool:
    return word in (found if isinstance(found, str) else written(found))


def written(value: Any) -> str:
    """A value as JSON on one line, without blanks."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _equals(text: str, asked: Any, found: Any) -> bool:
    if isinstance(found, str):
        return found == text
    return asked is not _UNREADABLE and same(asked, found)


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; in Python true is 1 too."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
