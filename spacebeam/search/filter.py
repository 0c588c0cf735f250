"""What a filter is made of, as plain values.

The window marks terms where they were written and the terminal says what is wrong with them, so
each knows its place in the text. Two terms are equal when they let the same entries through.

Named tuples and not dataclasses, here and in whatever else a search in the terminal loads: it waits
for every import, and a dataclass takes ten times as long to make.
"""

from __future__ import annotations

from datetime import date, datetime, time
from enum import StrEnum
from typing import Final, NamedTuple


class Word(NamedTuple):
    """The payload holds these characters, as they are, in UTF-8."""

    word: str


class Pattern(NamedTuple):
    """The payload holds a match of a regular expression (RE2's syntax)."""

    pattern: str
    ignores_case: bool = False


class Quality(StrEnum):
    """What `is:` asks for."""

    SENT = "sent"
    RECEIVED = "received"
    TEXT = "text"
    BINARY = "binary"
    PING = "ping"
    PONG = "pong"
    CLOSE = "close"
    EVENT = "event"
    STARRED = "starred"


class HasQuality(NamedTuple):
    """The entry is of a kind, went in a direction, or was starred."""

    quality: Quality


class Comparison(StrEnum):
    """How a size is compared."""

    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="


class Size(NamedTuple):
    """The payload's size compares so."""

    comparison: Comparison
    size: float  # bytes; "1.1k" is no whole number of them


class ClockTime(NamedTuple):
    """A local time of day, perhaps of a certain day; or Unix time."""

    of_day: time = time()
    day: date | None = None
    unix: float | None = None  # seconds; the others do not count then

    def resolve(self, began: float) -> float:
        """Unix time in seconds; a time of day is on the local day of `began` (Unix time)."""
        if self.unix is not None:
            return self.unix
        day = datetime.fromtimestamp(began).date() if self.day is None else self.day
        return datetime.combine(day, self.of_day).timestamp()


class TimeRange(NamedTuple):
    """The entry came at the moment or later, or before it."""

    is_after: bool
    moment: ClockTime


class JsonTest(StrEnum):
    """What a `json:` term asks of the value at its path."""

    EXISTS = ""
    EQUALS = "="
    CONTAINS = "~"


class Json(NamedTuple):
    """The payload is JSON, and what is at the path (JMESPath) passes the test."""

    path: str
    test: JsonTest = JsonTest.EXISTS
    value: str = ""
    is_quoted: bool = False  # the value is a string then, though it may read as something else


Condition = Word | Pattern | HasQuality | Size | TimeRange | Json


class Term:
    """A condition, which must hold or must not, and where it was written."""

    __slots__ = ("condition", "is_negated", "start", "written")

    def __init__(
        self, condition: Condition, is_negated: bool = False, written: str = "", start: int = 0
    ) -> None:
        self.condition: Final = condition
        self.is_negated: Final = is_negated
        self.written: Final = written  # with its "-"
        self.start: Final = start  # offset in the filter's text, in characters

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + len(self.written)

    def __str__(self) -> str:
        return self.written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self._meaning == other._meaning

    def __hash__(self) -> int:
        return hash(self._meaning)

    @property
    def _meaning(self) -> tuple[object, ...]:
        # With the type: tuples are equal whatever they are called.
        return type(self.condition), self.condition, self.is_negated


class FilterError(NamedTuple):
    """A term that cannot be understood, and what to write instead."""

    start: int  # offsets in the filter's text, in characters
    end: int
    words: str


class Filter(NamedTuple):
    """Conditions that must all hold. Mistakes let everything through."""

    text: str
    terms: tuple[Term, ...]
    mistakes: tuple[FilterError, ...]

    @property
    def conditions(self) -> list[Condition]:
        """What is asked about, whether it must hold or must not."""
        return [term.condition for term in self.terms]
