"""Finds the first mistake in a JSON text (RFC 8259), with its place, in steps.

Python's decoder reads a megabyte in one go, and names the character that it expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

_TOKENS_A_STEP = 100
_MAX_PART = 32 * 1024  # characters of a string in one step

_SPACE = re.compile(r"[ \t\r\n]*+")
# Not possessive: Python 3.11 then takes half of an escape that does not match.
_STRING_PART = re.compile(r'(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*')
# Not `(?:…)?+`: Python 3.11.2 lets that match a part of its group, as the E of “0E”.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![\w.+-])")
_LITERAL = re.compile(r"(?:true|false|null)(?!\w)")
_WORD = re.compile(r"[\w.+-]{1,40}+")
_OTHER_QUOTES = "'\u2018\u2019\u201c\u201d"
_CLOSINGS = {"{": "}", "[": "]"}
_LONGEST_ESCAPE = 6


class Mistake(Enum):
    """What is wrong with a text."""

    NO_VALUE = auto()
    NO_KEY = auto()
    NO_COLON = auto()
    NO_COMMA_IN_OBJECT = auto()
    NO_COMMA_IN_ARRAY = auto()
    EXTRA_COMMA = auto()
    EXTRA_TEXT = auto()  # after the document
    NO_QUOTE = auto()  # the string does not end
    SINGLE_QUOTE = auto()
    BAD_ESCAPE = auto()
    SHORT_ESCAPE = auto()  # `\\u` without its digits
    CONTROL_CHARACTER = auto()
    BAD_NUMBER = auto()
    BAD_WORD = auto()


@dataclass(frozen=True, slots=True)
class Flaw:
    """The first mistake in a text."""

    mistake: Mistake
    offset: int  # in characters
    found: str = ""  # what stands there, where that helps
    is_at_end: bool = False  # more text may mend it


class _State(Enum):
    VALUE = auto()
    FIRST_VALUE = auto()  # of an array, or its end
    FIRST_KEY = auto()
    KEY = auto()
    COLON = auto()
    AFTER = auto()  # a value


class _FlawError(Exception):
    def __init__(self, mistake: Mistake, offset: int, found: str = "") -> None:
        super().__init__(mistake)
        self.flaw = mistake, offset, found


class JsonCheck:
    """The check of one text; `flaw` is None if there is none in what was read."""

    def __init__(self, text: str, between: re.Pattern[str] | None = None) -> None:
        """`between` matches what may stand before, between and after several documents."""
        self.flaw: Flaw | None = None
        self._text = text
        self._between = between
        self._place = 0
        self._state = _State.VALUE
        self._inside: list[str] = []  # the opening brackets
        self._has_document = False  # one, after which the text may end

    def read(self) -> Iterator[None]:
        """Check the text; yield after each step, which takes less than a millisecond."""
        try:
            while not self._is_at_end():
                for _ in range(_TOKENS_A_STEP):
                    if self._is_at_end():
                        break
                    if self._text[self._place] == '"' and self._state is not _State.AFTER:
                        yield from self._string()
                    else:
                        self._token(self._text[self._place])
                yield
            self._end()
        except _FlawError as error:
            mistake, offset, found = error.flaw
            is_at_end = offset + len(found) >= len(self._text.rstrip())
            self.flaw = Flaw(mistake, offset, found, is_at_end)

    def _is_at_end(self) -> bool:
        match = _SPACE.match(self._text, self._place)
        self._place = self._place if match is None else match.end()
        return self._place >= len(self._text)

    def _end(self) -> None:
        place = len(self._text.rstrip(" \t\r\n"))
        if self._inside or not (self._has_document or self._state is _State.AFTER):
            raise self._missing(place)

    def _missing(self, place: int) -> _FlawError:
        """Return the error about what is missing at a place."""
        if self._state is _State.AFTER and not self._inside:
            return _FlawError(Mistake.EXTRA_TEXT, place)
        if self._state is _State.AFTER:
            is_object = self._inside[-1] == "{"
            lack = Mistake.NO_COMMA_IN_OBJECT if is_object else Mistake.NO_COMMA_IN_ARRAY
            return _FlawError(lack, place)
        if self._state in (_State.KEY, _State.FIRST_KEY):
            return _FlawError(Mistake.NO_KEY, place)
        return _FlawError(
            Mistake.NO_COLON if self._state is _State.COLON else Mistake.NO_VALUE, place
        )

    def _string(self) -> Iterator[None]:
        text, start = self._text, self._place
        if self._state is _State.COLON:
            raise self._missing(start)
        place = start + 1
        while True:
            match = _STRING_PART.match(text, place, place + _MAX_PART)
            end = place if match is None else match.end()
            if text[end : end + 1] == '"':
                break
            if end == place or end < place + _MAX_PART - _LONGEST_ESCAPE:
                raise _string_flaw(text, start, end)
            place = end
            yield
        self._place = end + 1
        is_key = self._state in (_State.KEY, _State.FIRST_KEY)
        self._state = _State.COLON if is_key else _State.AFTER

    def _token(self, character: str) -> None:
        state = self._state
        if not self._inside and state in (_State.VALUE, _State.AFTER) and self._is_between():
            return
        if state is _State.AFTER:
            self._after(character)
        elif state is _State.COLON:
            if character != ":":
                raise self._missing(self._place)
            self._state = _State.VALUE
            self._place += 1
        elif character in "]}" and self._inside and character == _CLOSINGS[self._inside[-1]]:
            if state in (_State.FIRST_KEY, _State.FIRST_VALUE):
                self._close()
            elif self._text[: self._place].rstrip()[-1:] == ",":
                comma = self._text.rindex(",", 0, self._place)
                raise _FlawError(Mistake.EXTRA_COMMA, comma, character)
            else:
                raise self._missing(self._place)
        elif state in (_State.KEY, _State.FIRST_KEY):
            lack = Mistake.SINGLE_QUOTE if character in _OTHER_QUOTES else Mistake.NO_KEY
            raise _FlawError(lack, self._place)
        else:
            self._value(character)

    def _is_between(self) -> bool:
        match = self._between.match(self._text, self._place) if self._between else None
        if match is None:
            return False
        self._place, self._state, self._has_document = match.end(), _State.VALUE, True
        return True

    def _after(self, character: str) -> None:
        if self._inside and character == ",":
            self._state = _State.KEY if self._inside[-1] == "{" else _State.VALUE
            self._place += 1
        elif self._inside and character == _CLOSINGS[self._inside[-1]]:
            self._close()
        else:
            raise self._missing(self._place)

    def _close(self) -> None:
        self._inside.pop()
        self._state = _State.AFTER
        self._place += 1

    def _value(self, character: str) -> None:
        if character in _CLOSINGS:
            self._inside.append(character)
            self._state = _State.FIRST_KEY if character == "{" else _State.FIRST_VALUE
            self._place += 1
            return
        text, place = self._text, self._place
        match = _NUMBER.match(text, place) or _LITERAL.match(text, place)
        if match is None:
            if character in _OTHER_QUOTES:
                raise _FlawError(Mistake.SINGLE_QUOTE, place)
            word = _WORD.match(text, place)
            if word is None:
                raise _FlawError(Mistake.NO_VALUE, place)
            is_number = character in "+-.0123456789"
            lack = Mistake.BAD_NUMBER if is_number else Mistake.BAD_WORD
            raise _FlawError(lack, place, word.group())
        self._place, self._state = match.end(), _State.AFTER


def _string_flaw(text: str, start: int, end: int) -> _FlawError:
    """Return what is wrong at the offset `end` in the string that begins at `start`."""
    found = text[end : end + 1]
    if found == "\\" and end + 1 < len(text):
        escape = text[end : end + 2]
        is_short = escape == "\\u"
        return _FlawError(Mistake.SHORT_ESCAPE if is_short else Mistake.BAD_ESCAPE, end, escape)
    if found and found not in "\n\r\\":
        return _FlawError(Mistake.CONTROL_CHARACTER, end, found)
    return _FlawError(Mistake.NO_QUOTE, end if found != "\\" else len(text))
