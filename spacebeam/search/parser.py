"""Parses the filter language.

The window parses a filter after every keystroke. So a term that is incomplete or not valid becomes
a FilterError that says what to write, and the other terms still work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from spacebeam.search.filter import (
    Case,
    ClockTime,
    Comparison,
    Condition,
    Decode,
    Filter,
    FilterError,
    Gap,
    HasQuality,
    Json,
    JsonTest,
    Latency,
    Pair,
    Pattern,
    Quality,
    Size,
    Term,
    TimeRange,
    Word,
    is_about_others,
)
from spacebeam.search.json_path import PathError, compile_path
from spacebeam.search.regex import RegexError, compile_regex

_UNITS = {"": 1, "k": 1024, "K": 1024, "m": 1024**2, "M": 1024**2, "G": 1024**3, "g": 1024**3}
_SIZE = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)(?:([kKmMgG])i?)?[bB]?"
_SIZE_TERM = r"size(>=|<=|>|<|=)(.*)"
_DURATIONS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0}
_DURATION = r"([0-9]{1,15}(?:\.[0-9]{1,15})?)(ns|us|µs|ms|s|m)"
_LATENCY_TERM = r"latency(>=|<=|>|<|=)(.*)"
_ENTRY = re.compile(r"#([0-9]{1,12})")
_CLOCK = r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
_DAY = r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
_UNIX = r"@([0-9]{1,11}(?:\.[0-9]{1,9})?)"
_JSON_TEST = re.compile("[!<>]=|[=~<>]")  # the operators of JsonTest
_SEPARATED = re.compile(r"[+-]?[0-9]{1,3}(?:[,_'][0-9]{3})+(?:\.[0-9]*)?")  # 1,000
_LOOSE = re.compile(r"[<>]=?|!?=")  # a comparison that begins a word
_CASES = {"case:yes": True, "case:no": False}
_CLOSING = {'"': '"', "'": "'", "`": "`"}


class _ParseError(Exception):
    """A term is not valid; it ends at the offset `end`."""

    def __init__(self, end: int, message: str) -> None:
        super().__init__(message)
        self.end = end
        self.message = message


def parse(text: str) -> Filter:
    """Parse a filter. Never raises: errors are in the result."""
    terms: list[Term] = []
    errors: list[FilterError] = []
    position = 0
    while (start := _skip_spaces(text, position)) < len(text):
        is_negated = text[start] == "-" and start + 1 < _word_end(text, start)
        try:
            condition, position = _condition(text, start + is_negated)
            if terms and not is_negated and _is_loose(terms[-1], text[start:position]):
                advice = f"{terms[-1]}{text[start:position]}"
                raise _ParseError(position, f"Write the comparison without spaces, as in {advice}…")
            if is_negated and is_about_others(condition):
                raise _ParseError(position, f"Write {text[start + 1 : position]}, without a minus")
        except _ParseError as error:
            position = error.end
            errors.append(FilterError(start, position, error.message))
        else:
            terms.append(Term(condition, is_negated, text[start:position], start))
    return Filter(text, tuple(terms), tuple(errors))


def _is_loose(before: Term, written: str) -> bool:
    """Return whether a term is a comparison that belongs to the term before it."""
    condition = before.condition
    is_open = isinstance(condition, Word) and condition.word in ("size", "latency")
    if isinstance(condition, Json):
        is_open = condition.test is JsonTest.EXISTS
    return is_open and _LOOSE.match(written) is not None


def _skip_spaces(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _word_end(text: str, position: int) -> int:
    while position < len(text) and not text[position].isspace():
        position += 1
    return position


def _condition(text: str, start: int) -> tuple[Condition, int]:
    """Return the condition that begins at `start`, and where it ends."""
    for beginning, read in _READERS.items():
        if text.startswith(beginning, start):
            return read(text, start)
    end = _word_end(text, start)
    word = text[start:end]
    if word.startswith("size") and (match := re.fullmatch(_SIZE_TERM, word)) is not None:
        return _size(match[1], match[2], end), end
    if word.startswith("latency") and (match := re.fullmatch(_LATENCY_TERM, word)) is not None:
        return _latency(match[1], match[2], end), end
    return Word(word), end


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Return the text in quotation marks that begins at `start`, and where it ends."""
    word: list[str] = []
    position = start + 1
    while position < len(text):
        character = text[position]
        if character == '"':
            end = position + 1
            if (glued := _word_end(text, end)) > end:
                raise _ParseError(glued, "Add a space after the closing quotation mark")
            return "".join(word), end
        if character == "\\" and text[position + 1 : position + 2] in ('"', "\\"):
            position += 1
            character = text[position]
        word.append(character)
        position += 1
    raise _ParseError(len(text), 'Missing closing quotation mark; add " at the end')


def _quoted_word(text: str, start: int) -> tuple[Condition, int]:
    word, end = _quoted(text, start)
    return Word(word), end


def _pattern(text: str, start: int) -> tuple[Condition, int]:
    close = start + 1
    while close < len(text) and text[close] != "/":
        close += 2 if text[close] == "\\" else 1
    if close >= len(text):
        raise _ParseError(
            len(text),
            'Missing / at the end of the regular expression; to search for the text, write "/…"',
        )
    pattern, end = text[start + 1 : close], _word_end(text, close)
    if (flags := text[close + 1 : end]) not in ("", "i"):
        raise _ParseError(
            end, f'Unknown flag {flags}; only i is allowed. To search for the text, write "/…"'
        )
    if not pattern:
        raise _ParseError(end, "Write a regular expression between the slashes")
    ignores_case = bool(flags)
    try:
        compile_regex(pattern, ignores_case)
    except RegexError as error:
        raise _ParseError(end, str(error)) from None
    return Pattern(pattern, ignores_case), end


def _is(text: str, start: int) -> tuple[Condition, int]:
    end = _word_end(text, start)
    name = text[start + len("is:") : end]
    try:
        return HasQuality(Quality(name)), end
    except ValueError:
        raise _ParseError(end, f"After is:, write one of {', '.join(Quality)}") from None


def _case(text: str, start: int) -> tuple[Condition, int]:
    end = _word_end(text, start)
    matters = _CASES.get(text[start:end])
    if matters is None:
        raise _ParseError(end, "After case:, write yes or no: whether upper and lower case differ")
    return Case(matters), end


def _decode(text: str, start: int) -> tuple[Condition, int]:
    from spacebeam.decode.registry import NAMES  # the window parses filters before it decodes

    end = _word_end(text, start)
    decoder = NAMES.get(text[start + len("decode:") : end].lower())
    if decoder is None:
        raise _ParseError(end, f"After decode:, write one of {', '.join(sorted(NAMES))}")
    return Decode(decoder), end


def _size(comparison: str, written: str, end: int) -> Size:
    match = re.fullmatch(_SIZE, written)
    if match is None:
        example = f"size{comparison}100 or size{comparison}10k"
        raise _ParseError(end, f"Enter a size in bytes, such as {example}")
    return Size(Comparison(comparison), float(match[1]) * _UNITS[match[2] or ""])


def _latency(comparison: str, written: str, end: int) -> Latency:
    match = re.fullmatch(_DURATION, written)
    if match is None:
        example = f"latency{comparison}200ms or latency{comparison}1.5s"
        raise _ParseError(end, f"Enter a time with its unit (ns, us, ms, s, m), such as {example}")
    return Latency(Comparison(comparison), float(match[1]) * _DURATIONS[match[2]])


def _pair(text: str, start: int) -> tuple[Condition, int]:
    name_start = start + len("pair:")
    if text.startswith('"', name_start):
        name, end = _quoted(text, name_start)
        return Pair(name), end
    end = _word_end(text, name_start)
    name = text[name_start:end]
    if (entry := _ENTRY.fullmatch(name)) is not None and int(entry[1]):
        return Pair("", int(entry[1]) - 1), end
    if not name:
        raise _ParseError(end, "Enter a method, such as pair:getBook, or an entry, as in pair:#17")
    return Pair(name), end


def _when(text: str, start: int) -> tuple[Condition, int]:
    end = _word_end(text, start)
    name, _colon, written = text[start:end].partition(":")
    example = f"such as {name}:12:30:05 or {name}:2026-11-25T12:30:05.250"
    try:
        moment = _moment(written)
    except (ValueError, OverflowError, OSError):
        raise _ParseError(end, f"This time does not exist; enter a time, {example}") from None
    if moment is None:
        raise _ParseError(end, f"Enter a time, {example}")
    return TimeRange(name == "after", moment), end


def _moment(written: str) -> ClockTime | None:
    """Return the time that is written, or None.

    Raises ValueError, OverflowError or OSError for a time that does not exist.
    """
    if (unix := re.fullmatch(_UNIX, written)) is not None:
        return ClockTime(unix=float(unix[1]))
    day_text, is_dated, clock_text = written.rpartition("T")
    if re.fullmatch(_DAY, written):
        day_text, is_dated, clock_text = written, "T", "00:00"
    clock, day = re.fullmatch(_CLOCK, clock_text), re.fullmatch(_DAY, day_text)
    if clock is None or (is_dated and day is None):
        return None
    hour, minute, second, fraction = clock.groups()
    of_day = time(int(hour), int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")))
    on = None if day is None else date(int(day[1]), int(day[2]), int(day[3]))
    found = ClockTime(of_day, on)
    _ = found.unix_time  # raises an error
    return found


def _json(text: str, start: int) -> tuple[Condition, int]:
    path_start = start + len("json:")
    path_end = _path_end(text, path_start)
    path = text[path_start:path_end]
    match = _JSON_TEST.match(text, path_end)
    test = JsonTest.EXISTS if match is None else JsonTest(match[0])
    value, is_quoted, end = "", False, path_end
    if test is not JsonTest.EXISTS:
        value, is_quoted, end = _json_value(text, path_end, test)
    if not path:
        raise _ParseError(end, "Enter a path, such as json:price=10 or json:items[0].id")
    try:
        compile_path(path)
    except PathError as error:
        raise _ParseError(end, str(error)) from None
    return Json(path, test, value, is_quoted), end


def _gap(text: str, start: int) -> tuple[Condition, int]:
    path_start = start + len("gap:json:")
    if not text.startswith("gap:json:", start):
        end = _word_end(text, start)
        raise _ParseError(end, "After gap:, write json: and a path, such as gap:json:seq")
    end = _path_end(text, path_start)
    path = text[path_start:end]
    if _JSON_TEST.match(text, end):
        end = _word_end(text, end)
        raise _ParseError(end, f"Write gap:json:{path} alone; it compares with the number before")
    if not path:
        raise _ParseError(end, "Enter the path of a sequence number, such as gap:json:seq")
    try:
        compile_path(path)
    except PathError as error:
        raise _ParseError(end, str(error)) from None
    return Gap(path), end


def _json_value(text: str, start: int, test: JsonTest) -> tuple[str, bool, int]:
    """Return the value after the operator at `start`, whether it is quoted, and where it ends."""
    value_start = start + len(test)
    if text.startswith('"', value_start):
        value, end = _quoted(text, value_start)
        return value, True, end
    end = _word_end(text, value_start)
    value = text[value_start:end]
    if not value:
        raise _ParseError(end, 'Add a value, or "" for an empty text')
    if test is JsonTest.EQUALS and value.startswith("="):
        raise _ParseError(end, 'Use a single =, or ="=…" if the value begins with an equals sign')
    if test is JsonTest.EQUALS and re.match(r"[<>]-?\d", value):
        raise _ParseError(
            end, f'Write {value[0]}= to compare numbers, or ="…" to compare with this text'
        )
    if test not in (JsonTest.EQUALS, JsonTest.CONTAINS) and value[0] in "=<>":
        raise _ParseError(
            end, f'Compare with =, !=, <, <=, > or >=; write {test}"…" to compare with this text'
        )
    if test not in (JsonTest.EQUALS, JsonTest.CONTAINS) and _SEPARATED.fullmatch(value):
        plain = re.sub("[,_']", "", value)
        raise _ParseError(end, f"Write the number without separators, as in {test}{plain}")
    return value, False, end


def _path_end(text: str, start: int) -> int:
    """Return where a path ends: at a space, or an operator outside brackets and quotations."""
    position, depth = start, 0
    while position < len(text) and not text[position].isspace():
        character = text[position]
        if character in _CLOSING:
            position = _quotation_end(text, position)
            continue
        if depth <= 0 and _JSON_TEST.match(text, position):
            break
        depth += (character in "[{(") - (character in "]})")
        position += 1
    return position


def _quotation_end(text: str, start: int) -> int:
    """Return the offset after a quotation's closing mark."""
    position = start + 1
    while position < len(text) and text[position] != text[start]:
        position += 2 if text[position] == "\\" else 1
    if position >= len(text):
        raise _ParseError(
            len(text), f"Missing closing quotation mark; add {text[start]} at the end"
        )
    return position + 1


_READERS: dict[str, Callable[[str, int], tuple[Condition, int]]] = {
    '"': _quoted_word,
    "/": _pattern,
    "is:": _is,
    "case:": _case,
    "decode:": _decode,
    "after:": _when,
    "before:": _when,
    "json:": _json,
    "pair:": _pair,
    "gap:": _gap,
}
