"""Finds a filter's matches in a text, so that rows and the inspector can highlight them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from spacebeam.search.filter import Condition, Filter, Gap, Json, JsonTest, Pattern, Word
from spacebeam.search.regex import Regex, compile_regex
from spacebeam.search.words import either_case_regex, has_case

Range = tuple[int, int]  # offsets in characters

_MAX_RANGES = 10_000
_MAX_EMPTY_MATCHES = 200  # finding each of them may take a pass over the whole text
_LITERAL = re.compile(r"true|false|null|-?[0-9][0-9.eE+-]*")  # JSON values without quotation marks
_KEY = re.compile(r"(?:^|\.)([A-Za-z_][A-Za-z0-9_]*)(?:\[[0-9]+\])*$")  # at a path's end
_MAX_COLON_DISTANCE = 16  # characters between a key and its colon
_SHOWN_VALUES = (JsonTest.EQUALS, JsonTest.CONTAINS)  # the value is highlighted, else its key
_CONTINUATION_BYTES = bytes(range(0x80, 0xC0))  # of a character in UTF-8, after its first byte


def highlights(filter: Filter, text: str) -> list[Range]:
    """Return the ranges of `text` that match the filter's terms.

    They are in order and do not touch; there are 10,000 at most.
    """
    ignores_case = filter.ignores_case
    found = merge(*(_ranges(one, text, ignores_case) for one in _highlighted(filter)))
    return list(islice(_joined(found), _MAX_RANGES))


def has_highlights(wanted: Filter) -> bool:
    """Return whether matches of a filter can be highlighted in a text."""
    return any(
        isinstance(one, Word | Pattern)
        or (isinstance(one, Json) and one.test in _SHOWN_VALUES)
        or (isinstance(one, Json | Gap) and _KEY.search(one.path))
        for one in _highlighted(wanted)
    )


def _highlighted(wanted: Filter) -> Iterator[Condition]:
    return (term.condition for term in wanted.terms if not term.is_negated)


def _ranges(condition: Condition, text: str, ignores_case: bool) -> Iterator[Range]:
    match condition:
        case Word(word=word) | Json(test=JsonTest.CONTAINS, value=word):
            return _either_case(word, text) if ignores_case else _words(word, text)
        case Json(test=JsonTest.EQUALS):
            return _values(condition, text)
        case Json(path=path) | Gap(path=path) if (key := _KEY.search(path)) is not None:
            return _keys(key[1], text)
        case Pattern(pattern=pattern, ignores_case=flag):
            return _matches(compile_regex(pattern, flag), text)
    return iter(())


def _either_case(word: str, text: str) -> Iterator[Range]:
    if not has_case(word) or (regex := either_case_regex(word)) is None:
        return _words(word, text)
    if text.isascii():
        return _words(word.lower(), text.lower()) if word.isascii() else iter(())
    return _matches(regex, text)


def _words(word: str, text: str) -> Iterator[Range]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + len(word))


def _values(condition: Json, text: str) -> Iterator[Range]:
    """Yield where the value is: between quotation marks, or not within a number or a name."""
    is_text = condition.is_quoted or _LITERAL.fullmatch(condition.value) is None
    for start, end in _words(condition.value, text):
        before, after = text[max(start - 1, 0) : start], text[end : end + 1]
        if before == after == '"' or not (is_text or _is_part(before) or _is_part(after)):
            yield start, end


def _keys(key: str, text: str) -> Iterator[Range]:
    """Yield where any object has this key."""
    for start, end in _words(f'"{key}"', text):
        if text[end : end + _MAX_COLON_DISTANCE].lstrip().startswith(":"):
            yield start, end


def _is_part(character: str) -> bool:
    return character.isalnum() or (character != "" and character in '"_.+-')


def _matches(regex: Regex, text: str) -> Iterator[Range]:
    data = text.encode(errors="surrogatepass")
    position = offset = counted = 0  # bytes; characters and their bytes
    left = _MAX_EMPTY_MATCHES
    while position <= len(data) and left and (match := regex.search(data, position)) is not None:
        start, end = match.start(), match.end()
        left -= end == start
        if end > start:
            first = offset + _characters(data, counted, start)
            offset = first + _characters(data, start, end)
            counted = end
            yield first, offset
        position = max(end, position + 1)


def _characters(data: bytes, start: int, end: int) -> int:
    return len(data[start:end].translate(None, _CONTINUATION_BYTES))


def _joined(ranges: Iterator[Range]) -> Iterator[Range]:
    """Join ranges that overlap or touch. They are in order."""
    joined = next(ranges, None)
    if joined is None:
        return
    for start, end in ranges:
        if start > joined[1]:
            yield joined
            joined = start, end
        else:
            joined = joined[0], max(joined[1], end)
    yield joined
