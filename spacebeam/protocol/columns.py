"""Columns of offsets, each taken as one large number with 32 bits an entry.

Python adds and subtracts such a number in a fifth of the time that a loop over the entries takes,
and there are thousands of them in a received block.
"""

from __future__ import annotations

import sys
from array import array
from functools import lru_cache

_FEW = 64  # entries; so few are counted one by one in less time


def number(entries: array[int]) -> int:
    """A column as a large number."""
    return int.from_bytes(entries, sys.byteorder)


def column(large: int, count: int) -> array[int]:
    """The column of so many entries that a large number is."""
    entries = array("I")
    entries.frombytes(large.to_bytes(count * entries.itemsize, sys.byteorder))
    return entries


@lru_cache(maxsize=16)  # a peer decides how many lengths there are, and how long they are
def ones(count: int) -> int:
    """A column of ones, as a large number."""
    return number(array("I", (1,)) * count)


def lengths(starts: array[int], ends: array[int]) -> array[int]:
    """From each start to its end, which is not below it."""
    return column(number(ends) - number(starts), len(starts))


def progression(first: int, step: int, count: int) -> array[int]:
    """`first` and what follows it in steps, so many in all, and all of them below 2**32."""
    if count < _FEW:
        return array("I", range(first, first + step * count, step))
    return column(_steps(step, count) + ones(count) * first, count)


@lru_cache(maxsize=16)
def _steps(step: int, count: int) -> int:
    return number(array("I", range(0, step * count, step)))
