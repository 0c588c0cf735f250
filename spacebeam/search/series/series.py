"""The values of one path over time."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from math import inf
from typing import Any, NamedTuple

from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.protocol.batch import Direction
from spacebeam.recording.measured import measured_of
from spacebeam.search.json_path import MISSING, compile_path
from spacebeam.search.matching.payload_values import PathHints
from spacebeam.search.series.buckets import Buckets
from spacebeam.search.series.measured import check_path
from spacebeam.search.series.sequence import Break, FoundBreak, Sequences, sequence_number

MAX_STATES = 40  # further ones are counted together
OTHERS = "…"  # the name of their state
MAX_BREAKS = 1000  # of a sequence that are listed
RECENT_STEP_S = 0.25
_MAX_STATE = 80  # characters
_MAX_NUMBER = 64  # characters of a text that is a number
_LARGEST = 1e250  # sums of larger numbers could become infinite
_MAX_MANY = 1000  # values of one message that are read
_MIN_STEPS = 3  # of a sequence
_MIN_FOLLOWING = 0.75  # share of a sequence's steps that are to the next number
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")


class Newest(NamedTuple):
    """The newest value."""

    entry: int  # the entry's number, from 0
    time: float  # Unix time in seconds
    value: Value

    @property
    def text(self) -> str:
        """The value as a short text."""
        return value_text(self.value)


class Series:
    """Takes the values at a path: numbers, and states, which are texts, booleans and null.

    A text that is a number is one. Objects and lists are states by what they are. The path may also
    be of something measured: then `find` finds nothing.
    """

    def __init__(self, path: str, step: float = 0.0) -> None:
        """Begin with buckets of `step` seconds. Raises PathError."""
        check_path(path)
        self.path = path
        self.measured = measured_of(path)
        self.gives_many = False
        self.find: Callable[[Any], Any] = lambda _value: MISSING
        self.hints: PathHints | None = None
        if self.measured is None:
            compiled = compile_path(path)
            self.find, self.hints = compiled.find, PathHints(compiled)
            self.gives_many = compiled.gives_many
        self.buckets = Buckets(step)  # of the whole recording
        self.recent = Buckets(RECENT_STEP_S, slides=True)
        self.recent_from = -inf  # Unix time in seconds: earlier values are not recent
        self.newest: Newest | None = None
        # Of all values, those of samples left out:
        self.numbers = 0
        self.states = 0
        self.sum = 0.0  # of the numbers
        self.state_counts: dict[str, int] = {}
        self.sequences = Sequences()
        self.breaks: list[FoundBreak] = []  # the first ones
        self.break_counts = {Break.GAP: 0, Break.DUPLICATE: 0, Break.ORDER: 0}
        self.missing = 0  # numbers that gaps left out
        # Also of samples:
        self.least: float | None = None
        self.most: float | None = None
        self.state_names: list[str] = []  # by the number of the state in `buckets`
        self._state_numbers: dict[str, int] = {}
        self._seen = [0, 0]  # states and numbers

    @property
    def count(self) -> int:
        """How many values there are, those of samples left out."""
        return self.numbers + self.states

    @property
    def has_values(self) -> bool:
        """Whether there are any values so far, also of samples."""
        return any(self._seen)

    @property
    def is_numeric(self) -> bool:
        """Whether most values are numbers."""
        return self._seen[1] > 0 and self._seen[1] >= self._seen[0]

    @property
    def is_sequence(self) -> bool:
        """Whether most of the numbers follow the one before: breaks are worth telling."""
        steps = self.sequences.steps
        return steps >= _MIN_STEPS and self.sequences.followed >= steps * _MIN_FOLLOWING

    def add_sample(self, entry: int, time: float, found: Any) -> None:
        """Take what `find` found in a message ahead of its turn; `add` takes it again."""
        for value in self.values(found):
            self._chart(entry, time, value)

    def add(self, entry: int, time: float, direction: Direction, found: Any, size: int = 0) -> None:
        """Take what `find` found in the next message, whose payload has `size` bytes."""
        for value in self.values(found):
            number = self._chart(entry, time, value, size)
            if number is None:
                self.states += 1
                name = self.state_names[self._state_number(value)]
                self.state_counts[name] = self.state_counts.get(name, 0) + 1
                continue
            self.numbers += 1
            self.sum += number
            if self.measured is None and (counted := sequence_number(value)) is not None:
                self._follow(entry, time, direction, counted)

    def values(self, found: Any) -> list[Value]:
        """Return the values that were found."""
        if self.gives_many or (self.measured and isinstance(found, list)):
            return [one for one in found if one is not None][:_MAX_MANY]
        return [found]

    def _follow(self, entry: int, time: float, direction: Direction, number: int) -> None:
        kind, expected = self.sequences.take(direction, number)
        if kind is Break.NONE:
            return
        self.break_counts[kind] += 1
        if kind is Break.GAP:
            self.missing += number - expected
        self.buckets.add_break(time, kind)
        if time >= self.recent_from:
            self.recent.add_break(time, kind)
        if len(self.breaks) < MAX_BREAKS:
            self.breaks.append(FoundBreak(entry, time, kind, expected, number))

    def _chart(
        self, entry: int, time: float, value: Value, size: int | None = None
    ) -> float | None:
        """Add a value to the buckets; return it as a number, None for a state.

        A sample has no `size`, and is not counted.
        """
        number = as_number(value)
        self._seen[number is not None] += 1
        if self.newest is None or entry >= self.newest.entry:
            self.newest = Newest(entry, time, value)
        if number is None:
            state = self._state_number(value)
            self.buckets.add_state(time, state, size)
            if time >= self.recent_from:
                self.recent.add_state(time, state, size)
            return None
        if self.least is None or number < self.least:
            self.least = number
        if self.most is None or number > self.most:
            self.most = number
        self.buckets.add_number(time, number)
        if time >= self.recent_from:
            self.recent.add_number(time, number)
        return number

    def _state_number(self, value: Value) -> int:
        name = _state_name(value)
        number = self._state_numbers.get(name)
        if number is None and len(self.state_names) < MAX_STATES:
            number = self._state_numbers[name] = len(self.state_names)
            self.state_names.append(name)
        if number is not None:
            return number
        if len(self.state_names) == MAX_STATES:
            self.state_names.append(OTHERS)
        return MAX_STATES


def as_number(value: Value) -> float | None:
    """Return a value as a number that can be drawn, also one that is sent as a text; else None."""
    kind = type(value)
    is_number = kind is float or kind is int or kind is Decimal
    if not is_number and not (
        kind is str and len(value) <= _MAX_NUMBER and _NUMBER.fullmatch(value)  # type: ignore[arg-type]
    ):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        return None
    return number if -_LARGEST <= number <= _LARGEST else None


def value_text(value: Value) -> str:
    """Return a value as a short text."""
    if isinstance(value, list | dict):
        return _state_name(value)
    if isinstance(value, bytes):
        return value[: _MAX_STATE // 2].hex()
    text = value if isinstance(value, str) else written_extended(value)
    # Half of a surrogate pair, which JSON can have, is no text for others.
    return text[:_MAX_STATE].encode(errors="backslashreplace").decode()


def _state_name(value: Value) -> str:
    if isinstance(value, dict):
        return "{…}"
    return "[…]" if isinstance(value, list) else value_text(value)
