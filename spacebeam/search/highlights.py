"""Where a text holds what a filter asked for, so that rows and the inspector can mark it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import merge
from itertools import islice

from spacebeam.search.filter import Condition, Filter, Json, JsonTest, Pattern, Word

Range = tuple[int, int]  # offsets in characters

_MOST = 10_000
_MOST_EMPTY = 200  # matches of nothing; each may have taken a look through all of the text
_LITERAL = re.compile(r"true|false|null|-?[0-9][0-9.eE+-]*")  # what JSON writes without quotes
_KEY = re.compile(r"(?:^|\.)([A-Za-z_][A-Za-z0-9_]*)(?:\[[0-9]+\])*$")  # that a path ends with
_FAR = 16  # characters behind a key in which its colon is looked for
_CONTINUING = bytes(range(0x80, 0xC0))  # the bytes of a character in UTF-8 behind its first


def highlights(filter: Filter, text: str) -> list[Range]:
    """The ranges of `text` that the filter's terms match, in order and apart; 10,000 at most."""
    found = merge(*(_found(one, text) for one in _asked_for(filter)))
    return list(islice(_apart(found), _MOST))


def marks_text(wanted: Filter) -> bool:
    """Whether a filter asks for something that can be marked in a text."""
    return any(
        isinstance(one, Word | Pattern)
        or (isinstance(one, Json) and (one.test is not JsonTest.EXISTS or _KEY.search(one.path)))
        for one in _asked_for(wanted)
    )


def _asked_for(wanted: Filter) -> Iterator[Condition]:
    return (term.condition for term in wanted.terms if not term.is_negated)


def _found(condition: Condition, text: str) -> Iterator[Range]:
    match condition:
        case Word(word=word) | Json(test=JsonTest.CONTAINS, value=word):
            return _words(word, text)
        case Json(test=JsonTest.EQUALS):
            return _values(condition, text)
        case Json(path=path) if (key := _KEY.search(path)) is not None:
            return _keys(key[1], text)
        case Pattern():
            return _matches(condition, text)
    return iter(())


def _words(word: str, text: str) -> Iterator[Range]:
    at = text.find(word) if word else -1
    while at >= 0:
        yield at, at + len(word)
        at = text.find(word, at + len(word))


def _values(condition: Json, text: str) -> Iterator[Range]:
    """Where the value stands, whatever it is the value of: with its quotation marks around it, or
    not within a number or a name."""
    is_text = condition.is_quoted or _LITERAL.fullmatch(condition.value) is None
    for start, end in _words(condition.value, text):
        before, behind = text[max(start - 1, 0) : start], text[end : end + 1]
        if before == behind == '"' or not (is_text or _is_part(before) or _is_part(behind)):
            yield start, end


def _keys(key: str, text: str) -> Iterator[Range]:
    """Where an object has this key, whichever it is."""
    for start, end in _words(f'"{key}"', text):
        if text[end : end + _FAR].lstrip().startswith(":"):
            yield start, end


def _is_part(character: str) -> bool:
    return character.isalnum() or (character != "" and character in '"_.+-')


def _matches(condition: Pattern, text: str) -> Iterator[Range]:
    from spacebeam.search.regex import compile_regex

    data = text.encode(errors="surrogatepass")
    regex = compile_regex(condition.pattern, condition.ignores_case)
    position = offset = counted = 0  # bytes, characters, and the bytes that those are
    left = _MOST_EMPTY
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
    return len(data[start:end].translate(None, _CONTINUING))


def _apart(ranges: Iterator[Range]) -> Iterator[Range]:
    """Ranges in order, those joined that overlap or touch."""
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
