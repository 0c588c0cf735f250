"""Which bytes of a payload its values were read from.

Decoders do not remember it: a payload is read again when a person asks for the bytes of a value.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Generator, Iterator
from typing import Protocol, runtime_checkable

from spacebeam.decode.decoder import Context, Data, DecodeError, Value
from spacebeam.decode.extended_json import MARKERS

Range = tuple[int, int]  # offsets in bytes
_CHILDREN_A_STEP = 256


class ByteRanges:
    """The range of each value, by its number in the tree of the payload's value (`JsonTree`).

    If it `is_whole`, no value has bytes of its own: each has the range of the payload.
    """

    def __init__(self, *, is_whole: bool = False) -> None:
        self.is_whole = is_whole
        # Arrays, as an object for each of a million values would take 100 bytes.
        self._starts, self._ends = array("I"), array("I")

    def __len__(self) -> int:
        return len(self._starts)

    def range(self, number: int) -> Range:
        """Return the bytes of a value."""
        return self._starts[number], self._ends[number]

    def add(self, found: Range) -> None:
        """Add the range of the next value of the tree."""
        self._starts.append(found[0])
        self._ends.append(found[1])

    def add_all(self, value: Value, found: Range) -> None:
        """Add one range for a value and for all that is inside."""
        pending = [value]
        while pending:
            self.add(found)
            match pending.pop():
                case list() as values:
                    pending.extend(values)
                case dict() as members:
                    pending.extend(members.values())
                case bytes():
                    self.add(found)  # `$bytes`
                case float() as number if not math.isfinite(number):
                    self.add(found)  # `$float`

    def add_part(self, other: ByteRanges, first: int, count: int, begin: int = 0) -> None:
        """Add ranges of a part of the payload that begins at an offset."""
        for number in range(first, first + count):
            start, end = other.range(number)
            self.add((begin + start, begin + end))

    def scaled(self, count: int, digits: int, size: int) -> ByteRanges:
        """Return the ranges of digits in which these bytes are written: `digits` for `count` bytes.

        `size` is the number of all digits.
        """
        found = ByteRanges()
        for start, end in zip(self._starts, self._ends, strict=True):
            found.add((start * digits // count, min(-(-end * digits // count), size)))
        return found


def count_of(value: Value) -> int:
    """Return how many values the tree of a value has, itself included."""
    found = ByteRanges()
    found.add_all(value, (0, 0))
    return len(found)


class _Tree(Protocol):
    def __len__(self) -> int: ...

    def children(self, number: int) -> Iterator[int]: ...


def value_at(
    tree: _Tree, range_of: Callable[[int], Range], offset: int
) -> Generator[None, None, int]:
    """Return the number of the innermost value with a byte, -1 for none; yield now and then.

    Where a value and the only one in it have the same bytes, it is the outer one.
    """
    number, looked_at = -1, 0
    candidates: Iterator[int] = iter((0,) if len(tree) else ())
    while True:
        for candidate in candidates:
            looked_at += 1
            if looked_at % _CHILDREN_A_STEP == 0:
                yield
            start, end = range_of(candidate)
            if start <= offset < end and (number < 0 or (start, end) != range_of(number)):
                number = candidate
                candidates = tree.children(candidate)
                break
        else:
            return number


@runtime_checkable
class HasRanges(Protocol):
    """A decoder that can tell the bytes of values."""

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each value that `decode` returns. Raises DecodeError."""


class ReadRanges:
    """Records what a reader reads: values inside of values, in the payload's order."""

    def __init__(self) -> None:
        self._starts, self._ends, self._afters = array("I"), array("I"), array("I")

    def begin(self, start: int) -> int:
        """Begin a value at an offset; return its number."""
        self._starts.append(start)
        self._ends.append(start)
        self._afters.append(0)
        return len(self._starts) - 1

    def end(self, number: int, end: int) -> None:
        """End a value, and so all that was begun after it."""
        self._ends[number] = end
        self._afters[number] = len(self._starts)

    def of(self, read: Callable[[], Value]) -> ByteRanges:
        """Return the ranges of the value that is read: of a `$sequence`, of several.

        Raises DecodeError, also for values that are nested too deeply.
        """
        try:
            return self._of(read())
        except RecursionError:
            raise DecodeError("nested too deeply to find the bytes", 0) from None

    def _of(self, value: Value) -> ByteRanges:
        found = ByteRanges()
        numbers = self._numbers(0, len(self._starts))
        if len(numbers) == 1:
            self._add(found, value, 0)
        else:
            whole = self._starts[0], self._ends[numbers[-1]]
            found.add(whole)
            assert isinstance(value, dict)
            self._add_items(found, value["$sequence"], whole, numbers)
        return found

    def _range(self, number: int) -> Range:
        return self._starts[number], self._ends[number]

    def _numbers(self, first: int, after: int) -> list[int]:
        """Return the numbers of the values from one on that are side by side."""
        numbers = []
        while first < after:
            numbers.append(first)
            first = self._afters[first]
        return numbers

    def _add(self, found: ByteRanges, value: Value, number: int) -> None:
        """Add the ranges of a value, which was read as `number`, and of all that is inside."""
        inside = self._numbers(number + 1, self._afters[number])
        own = self._range(number)
        match value:
            case list():
                self._add_items(found, value, own, inside)
            case {"$map": list(pairs), **others} if not others:
                found.add(own)
                self._add_pairs(found, pairs, own, inside)
            case {"$tag": int(), "value": tagged} if len(inside) == 1:
                found.add(own)
                found.add((own[0], self._starts[inside[0]]))
                self._add(found, tagged, inside[0])
            case dict() if MARKERS.isdisjoint(value):
                keyed = len(inside) == 2 * len(value)  # keys were read as values too
                found.add(own)
                for one, child in zip(value.values(), inside[keyed :: 1 + keyed], strict=True):
                    self._add(found, one, child)
            case _:
                found.add_all(value, own)

    def _add_items(self, found: ByteRanges, values: Value, own: Range, numbers: list[int]) -> None:
        assert isinstance(values, list)
        found.add(own)
        for one, number in zip(values, numbers, strict=True):
            self._add(found, one, number)

    def _add_pairs(
        self, found: ByteRanges, pairs: list[Value], own: Range, numbers: list[int]
    ) -> None:
        """Add the pairs of `$map`, of which keys were read as values, or not."""
        keyed = len(numbers) == 2 * len(pairs)
        found.add(own)
        for place, pair in enumerate(pairs):
            assert isinstance(pair, list)
            key, value = pair
            number = numbers[place * (1 + keyed) + keyed]
            if keyed:
                first = numbers[2 * place]
                found.add((self._starts[first], self._ends[number]))
                self._add(found, key, first)
            else:
                found.add(self._range(number))
                found.add_all(key, self._range(number))
            self._add(found, value, number)
