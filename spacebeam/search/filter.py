"""The values that a parsed filter consists of.

Terms and errors have offsets in the filter's text, so that the window can mark them there. Two
terms are equal when they match the same entries.
"""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import Final, NamedTuple

from spacebeam.search.clock import unix_time

ONLY_RECORDED = "is:unanswered, is:invalid, latency and pair: find entries of a recording only"


class Word(NamedTuple):
    """The payload contains this text in UTF-8, in either case unless the filter's case matters."""

    word: str


class Pattern(NamedTuple):
    """The payload contains a match of a regular expression (RE2's syntax)."""

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
    UNANSWERED = "unanswered"
    INVALID = "invalid"


class HasQuality(NamedTuple):
    """The entry has a kind, a direction or a star, is unanswered, or violates its schema."""

    quality: Quality


class Comparison(StrEnum):
    """The operators of a `size` or `latency` term."""

    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "="


class Size(NamedTuple):
    """The payload's size is more than, less than or equal to a size."""

    comparison: Comparison
    size: float  # bytes; "1.1k" is not an integer


class Latency(NamedTuple):
    """The entry is the first answer to a question, after this time."""

    comparison: Comparison
    seconds: float


class Pair(NamedTuple):
    """The entry is a question with this name, or an answer to one.

    With a `number`, which counts from 0, it is the question in this entry, or an answer to it.
    """

    name: str
    number: int | None = None


class ClockTime(NamedTuple):
    """A local time of day, on a date or on every day; or a Unix time."""

    of_day: time = time()
    day: date | None = None
    unix: float | None = None  # seconds, in place of the others

    @property
    def unix_time(self) -> float | None:
        """The Unix time in seconds; None of a time on every day."""
        if self.unix is None and self.day is not None:
            return unix_time(self.day, self.of_day)
        return self.unix


class TimeRange(NamedTuple):
    """The entry is from a moment on, or before it; of every day, for a time without a date."""

    is_after: bool
    moment: ClockTime


class JsonTest(StrEnum):
    """How a `json:` term compares the value at its path."""

    EXISTS = ""
    EQUALS = "="
    DIFFERS = "!="
    CONTAINS = "~"
    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="


class Json(NamedTuple):
    """The payload is JSON, and the value at the path (JMESPath) passes the test."""

    path: str
    test: JsonTest = JsonTest.EXISTS
    value: str = ""
    is_quoted: bool = False  # the value is a string, even if it looks like a number


class Gap(NamedTuple):
    """The sequence number at the path (JMESPath) does not follow the one before.

    The one before is that of the entry before that matches the filter's other terms, in the same
    direction.
    """

    path: str


class Case(NamedTuple):
    """Whether the case of letters matters in the filter's words. Matches every entry."""

    matters: bool


class Decode(NamedTuple):
    """In which format the filter's conditions about values read payloads. Matches every entry."""

    decoder: str  # its name


Condition = (
    Word | Pattern | HasQuality | Size | Latency | Pair | TimeRange | Json | Gap | Case | Decode
)


class Term:
    """A condition that must be true, or false if negated, and its place in the filter's text."""

    __slots__ = ("condition", "is_negated", "start", "written")

    def __init__(
        self, condition: Condition, is_negated: bool = False, written: str = "", start: int = 0
    ) -> None:
        self.condition: Final = condition
        self.is_negated: Final = is_negated
        self.written: Final = written  # its text, with the "-"
        self.start: Final = start  # offset in the filter's text, in characters

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.start + len(self.written)

    def __str__(self) -> str:
        return self.written

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self._meaning == other._meaning

    def __hash__(self) -> int:
        return hash(self._meaning)

    @property
    def _meaning(self) -> tuple[object, ...]:
        # With the type, as named tuples of different types can be equal.
        return type(self.condition), self.condition, self.is_negated


class FilterError(NamedTuple):
    """A term that is not valid, and what to write instead."""

    start: int  # offsets in the filter's text, in characters
    end: int
    message: str


class Filter(NamedTuple):
    """Terms that an entry must all match. Terms with an error are ignored."""

    text: str
    terms: tuple[Term, ...]
    errors: tuple[FilterError, ...]

    @property
    def conditions(self) -> list[Condition]:
        """The conditions of all terms, negated ones included."""
        return [term.condition for term in self.terms]

    @property
    def asks_for_pairs(self) -> bool:
        """Whether a condition is about questions and answers."""
        return any(map(is_about_pairs, self.conditions))

    @property
    def asks_for_schema(self) -> bool:
        """Whether a condition is about the JSON Schema of the messages."""
        return any(map(is_about_schema, self.conditions))

    @property
    def is_only_of_recordings(self) -> bool:
        """Whether a condition cannot be tested while messages come."""
        return self.asks_for_pairs or self.asks_for_schema

    @property
    def decoder(self) -> str:
        """The name of the format in which payloads are read; "" for the best of each."""
        names = [one.decoder for one in self.conditions if isinstance(one, Decode)]
        return names[-1] if names else ""

    @property
    def ignores_case(self) -> bool:
        """Whether words match in either case. The last `case:` term counts."""
        asked = [one.matters for one in self.conditions if isinstance(one, Case)]
        return not (asked and asked[-1])


def is_about_others(condition: Condition) -> bool:
    """Return whether a condition says how the others are meant, and matches every entry."""
    return isinstance(condition, Case | Decode)


def is_about_pairs(condition: Condition) -> bool:
    """Return whether a condition is about questions and answers."""
    if isinstance(condition, HasQuality):
        return condition.quality is Quality.UNANSWERED
    return isinstance(condition, Latency | Pair)


def is_about_schema(condition: Condition) -> bool:
    """Return whether a condition is about the JSON Schema of the messages."""
    return isinstance(condition, HasQuality) and condition.quality is Quality.INVALID
