"""What a filter is made of, as plain values.

The window marks terms where they were written and the terminal says what is wrong with them, so
each knows its place in the text. Two terms are equal when they let the same entries through.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One condition, and where it was written."""

    is_negated: bool = False
    written: str = field(default="", compare=False)  # with its "-"
    start: int = field(default=0, compare=False)  # offset in the filter's text, in characters

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.start + len(self.written)

    def __str__(self) -> str:
        return self.written


@dataclass(frozen=True, slots=True)
class Word(Term):
    """The payload holds these characters, as they are, in UTF-8."""

    word: str


@dataclass(frozen=True, slots=True)
class Pattern(Term):
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


@dataclass(frozen=True, slots=True)
class Is(Term):
    """The entry is of a kind, went in a direction, or was starred."""

    quality: Quality


class Comparison(StrEnum):
    """How a size is compared."""

    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="


@dataclass(frozen=True, slots=True)
class Size(Term):
    """The payload's size compares so."""

    comparison: Comparison
    size: float  # bytes; "1.1k" is no whole number of them


@dataclass(frozen=True, slots=True)
class Moment:
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


@dataclass(frozen=True, slots=True)
class When(Term):
    """The entry came at the moment or later, or before it."""

    is_after: bool
    moment: Moment


class JsonTest(StrEnum):
    """What a `json:` term asks of the value at its path."""

    EXISTS = ""
    EQUALS = "="
    CONTAINS = "~"


@dataclass(frozen=True, slots=True)
class Json(Term):
    """The payload is JSON, and what is at the path (JMESPath) passes the test."""

    path: str
    test: JsonTest = JsonTest.EXISTS
    value: str = ""
    is_quoted: bool = False  # the value is a string then, though it may read as something else


@dataclass(frozen=True, slots=True)
class Mistake:
    """A term that cannot be understood, and what to write instead."""

    start: int  # offsets in the filter's text, in characters
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that must all hold. Mistakes let everything through."""

    text: str
    terms: tuple[Term, ...]
    mistakes: tuple[Mistake, ...]
