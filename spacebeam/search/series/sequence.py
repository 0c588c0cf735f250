"""Finds where a sequence number does not follow the one before.

Each direction has a sequence of its own. With a connection it may start over, or go on: then the
numbers of the time between are missing.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import IntFlag
from typing import Any, NamedTuple

from spacebeam.protocol.batch import Direction

_MAX_MISSING = 1000  # remembered ranges of missing numbers; then the oldest are forgotten
_MAX_NUMBER = 2**64  # larger ones are no sequence numbers
_DIGITS = re.compile(r"[0-9]{1,20}")
_FIRSTS = (0, 1)  # with one of them, a sequence starts over


class Break(IntFlag):
    """How a number does not follow the one before."""

    NONE = 0
    GAP = 1  # numbers are missing before it
    DUPLICATE = 2  # it was there before
    ORDER = 4  # it is less than the one before, and was not there, or the sequence starts over


class FoundBreak(NamedTuple):
    """A break of a sequence."""

    entry: int  # the entry's number, from 0
    time: float  # Unix time in seconds
    kind: Break
    expected: int  # the number that would have followed
    found: int


def sequence_number(value: Any) -> int | None:
    """Return a value as a sequence number, also one that is sent as a text; else None."""
    if type(value) is int:
        return value if 0 <= value < _MAX_NUMBER else None
    if type(value) is str and _DIGITS.fullmatch(value):
        return int(value)
    return None


class Sequence:
    """The numbers of one direction."""

    __slots__ = ("_ends", "_first", "_starts", "expected", "followed", "may_start_over", "steps")

    def __init__(self) -> None:
        self.expected: int | None = None  # the number that follows
        self.steps = 0  # numbers after the first
        self.followed = 0  # of them, those that follow
        self.may_start_over = False  # a connection began
        self._first = 0
        # Ranges of missing numbers, in order.
        self._starts: list[int] = []
        self._ends: list[int] = []

    def copy(self) -> Sequence:
        """Return a copy that goes on by itself."""
        other = Sequence()
        other.expected, other.steps, other.followed = self.expected, self.steps, self.followed
        other.may_start_over = self.may_start_over
        other._first, other._starts, other._ends = self._first, self._starts[:], self._ends[:]
        return other

    def take(self, number: int) -> Break:
        """Take the next number; return how it does not follow."""
        expected = self.expected
        is_new, self.may_start_over = self.may_start_over, False
        if expected is None:
            self._start_over(number)
            return Break.NONE
        self.steps += 1
        if number == expected:
            self.expected = number + 1
            self.followed += 1
            return Break.NONE
        if number > expected:
            self._starts.append(expected)
            self._ends.append(number)
            self._forget()
            self.expected = number + 1
            return Break.GAP
        if is_new or (number in _FIRSTS and number + 1 < expected):
            self._start_over(number)
            return Break.NONE if is_new else Break.ORDER
        if number < self._first or self._fill(number):
            return Break.ORDER
        return Break.DUPLICATE

    def _start_over(self, number: int) -> None:
        self._starts, self._ends = [], []
        self._first, self.expected = number, number + 1

    def _fill(self, number: int) -> bool:
        """Take a number out of the missing ones; return whether it was missing."""
        at = bisect_right(self._starts, number) - 1
        if at < 0 or number >= self._ends[at]:
            return False
        start, end = self._starts[at], self._ends[at]
        rest = [(low, high) for low, high in ((start, number), (number + 1, end)) if low < high]
        self._starts[at : at + 1] = [low for low, _high in rest]
        self._ends[at : at + 1] = [high for _low, high in rest]
        self._forget()
        return True

    def _forget(self) -> None:
        """Forget the oldest range if there are too many."""
        if len(self._starts) > _MAX_MISSING:
            del self._starts[0], self._ends[0]


class Sequences:
    """The sequences of both directions."""

    __slots__ = ("_by_direction",)

    def __init__(self) -> None:
        self._by_direction: dict[Direction, Sequence] = {}

    def copy(self) -> Sequences:
        """Return a copy that goes on by itself."""
        other = Sequences()
        other._by_direction = {key: one.copy() for key, one in self._by_direction.items()}
        return other

    def connect(self) -> None:
        """Let the sequences start over: a connection begins."""
        for one in self._by_direction.values():
            one.may_start_over = True

    def take(self, direction: Direction, number: int) -> tuple[Break, int]:
        """Take a direction's next number; return how it breaks, and the number that was expected.

        The first number is the expected one.
        """
        one = self._by_direction.setdefault(direction, Sequence())
        expected = number if one.expected is None else one.expected
        return one.take(number), expected

    @property
    def steps(self) -> int:
        """How many numbers came after another one."""
        return sum(one.steps for one in self._by_direction.values())

    @property
    def followed(self) -> int:
        """How many of the steps were to the next number."""
        return sum(one.followed for one in self._by_direction.values())
