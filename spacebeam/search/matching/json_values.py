"""Tests of values in payloads: in JSON, and in other formats that have keys and indexes."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from spacebeam.decode.decoder import Context
from spacebeam.decode.json_values import TooDeepError, read_json, same, written
from spacebeam.decode.registry import MAX_DEEP_SIZE
from spacebeam.recording.block import Block
from spacebeam.search.filter import Json, JsonTest
from spacebeam.search.json_path import MISSING, JsonPath, compile_path
from spacebeam.search.matching import masks
from spacebeam.search.matching.columns import Test
from spacebeam.search.matching.masks import Mask
from spacebeam.search.matching.payload_values import (
    BlockValues,
    DeepPayloads,
    Hint,
    PathHints,
    is_plain,
)
from spacebeam.search.matching.text import WordTest, word_test
from spacebeam.search.words import contains

_MAX_NUMBER_LENGTH = 64  # characters of a text that is compared as a number
_ORDERS: dict[JsonTest, Callable[[Any, Any], bool]] = {
    JsonTest.MORE: operator.gt,
    JsonTest.AT_LEAST: operator.ge,
    JsonTest.LESS: operator.lt,
    JsonTest.AT_MOST: operator.le,
}
_NO_CONNECTION = Context()
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")  # +1, .5, 007
_POINT = re.compile("[.eE]")
_LITERALS = ("true", "false", "null")
# A number can be written in many ways, and there may be whitespace between values.
_NOT_VERBATIM = frozenset('"\\{}[]:,')
_NUMERIC = frozenset("0123456789+-.eE")


def json_test(
    condition: Json,
    deep: DeepPayloads,
    ignores_case: bool = False,
    connection: Context = _NO_CONNECTION,
) -> Test:
    """Return the test of a `json:` term; `ignores_case` is about `~`.

    It adds to `deep` the places of payloads whose values are nested too deeply for it. Of
    `connection`, the endpoint and the subprotocol are used.
    """
    path = compile_path(condition.path)
    matches = _value_test(condition, ignores_case)
    find = path.find
    if path.gives_many:
        matches_one = matches

        def matches(found: Any) -> bool:
            return any(one is not None and matches_one(one) for one in found)

    hints = PathHints(path, connection, _hints(condition, path, ignores_case))

    def test(block: Block, begin: int, end: int, among: Mask) -> Mask:
        mask = bytearray(end - begin)
        max_deep_size = 0 if deep.is_postponing else MAX_DEEP_SIZE
        values = BlockValues(block, connection)
        for place in masks.candidates(hints.narrowed(block, begin, end, among), begin):
            try:
                value = find(values.read(place, max_deep_size))
                mask[place - begin] = value is not MISSING and matches(value)
            except (TooDeepError, RecursionError):
                (deep.postponed if deep.is_postponing else deep.unsearched).add(place)
            except ValueError:  # no such value
                pass
        return mask

    return test


def _hints(condition: Json, path: JsonPath, ignores_case: bool) -> Iterator[Hint]:
    """Yield tests of texts that a payload with such a value contains, unless it has a backslash."""
    if path.is_computed:
        return
    if condition.test is JsonTest.EQUALS and _is_verbatim_value(condition):
        yield WordTest(condition.value)
    if condition.test is JsonTest.CONTAINS and _is_verbatim_word(condition.value):
        yield word_test(condition.value, ignores_case)


def _is_verbatim_value(condition: Json) -> bool:
    value = condition.value
    if not is_plain(value):
        return False
    return condition.is_quoted or value in _LITERALS or _read(value) is _UNREADABLE


def _is_verbatim_word(word: str) -> bool:
    # 1e999 is parsed as "Infinity".
    is_in_strings_only = not _NUMERIC.issuperset(word) and word.lower() not in "-infinity"
    return is_in_strings_only and _NOT_VERBATIM.isdisjoint(word) and is_plain(word)


_UNREADABLE = object()


def _read(text: str) -> Any:
    """Return a text parsed as JSON, or `_UNREADABLE`."""
    try:
        return read_json(text.encode())
    except ValueError:
        return _UNREADABLE


def _value_test(condition: Json, ignores_case: bool) -> Callable[[Any], bool]:
    if condition.test is JsonTest.EXISTS:
        return lambda _found: True
    if condition.test is JsonTest.CONTAINS:
        return partial(_contains, contains(condition.value, ignores_case))
    wanted = _UNREADABLE if condition.is_quoted else _read(condition.value)
    if (compare := _ORDERS.get(condition.test)) is not None:
        limit = condition.value if condition.is_quoted else _limit(condition.value)
        return partial(_is_ordered, compare, limit)
    equals = partial(_equals, condition.value, wanted)
    return equals if condition.test is JsonTest.EQUALS else lambda found: not equals(found)


def _contains(has_word: Callable[[str], bool], found: Any) -> bool:
    return has_word(found if isinstance(found, str) else written(found))


def _limit(text: str) -> int | float | Decimal | str:
    """Return the limit of a comparison: a number, also as people write it, or else the text."""
    if _NUMBER.fullmatch(text) and len(text) <= _MAX_NUMBER_LENGTH:
        return float(text) if _POINT.search(text) else int(text)
    number = _read(text)
    return number if _is_number(number) else text


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _is_ordered(compare: Callable[[Any, Any], bool], limit: Any, found: Any) -> bool:
    value = _comparable(found, limit)
    return value is not None and compare(value, limit)


def _comparable(found: Any, limit: Any) -> Any:
    """Return a value to compare with `limit`: a number with numbers, a text with texts, or None.

    Prices and amounts are often sent as texts, so a text that is a number is compared as one.
    """
    if not isinstance(found, str):
        return found if _is_number(found) and _is_number(limit) else None
    if isinstance(limit, str):
        return found
    number = _read(found) if len(found) <= _MAX_NUMBER_LENGTH else _UNREADABLE
    return number if _is_number(number) else None


def _equals(text: str, wanted: Any, found: Any) -> bool:
    if isinstance(found, str):
        return found == text
    return wanted is not _UNREADABLE and same(wanted, found)
