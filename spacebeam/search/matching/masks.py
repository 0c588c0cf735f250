"""Masks: one byte for each entry, 1 if it matches and 0 if not.

Python translates, counts and combines bytes a thousand at a time.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import compress
from operator import mul, sub

from spacebeam.recording.block import Block

Mask = bytes | bytearray

PASSES = b"\x01"
_RARE = 16  # fewer than one match in this many entries is rare
_INVERTED = bytes((1, 0)) + bytes(254)


def all_pass(count: int) -> Mask:
    """Return a mask of `count` matching entries."""
    return PASSES * count


def passing(mask: Mask) -> int:
    """Return the number of matches."""
    return mask.count(1)


def inverted(mask: Mask) -> Mask:
    """Return the mask of the entries that do not match."""
    return mask.translate(_INVERTED)


def either(one: Mask, other: Mask) -> Mask:
    """Return the union of two masks of the same length."""
    bits = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return bits.to_bytes(len(one), "little")


def both(one: Mask, other: Mask) -> Mask:
    """Return the intersection of two masks of the same length."""
    bits = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return bits.to_bytes(len(one), "little")


def places(mask: Mask, begin: int) -> array[int]:
    """Return the places of the matches, 2 bytes each. The mask's first entry is at `begin`."""
    return array("H", candidates(mask, begin))


def candidates(mask: Mask, begin: int) -> Iterator[int]:
    """Yield the places of the matches, in order."""
    if passing(mask) * _RARE < len(mask):
        return _rare(mask, begin)
    return compress(range(begin, begin + len(mask)), mask)


def _rare(mask: Mask, begin: int) -> Iterator[int]:
    place = mask.find(1)
    while place >= 0:
        yield begin + place
        place = mask.find(1, place + 1)


def runs(block: Block, begin: int, end: int) -> slice:
    """Return the block's runs that have the entries at the places from `begin` to `end`."""
    return slice(bisect_right(block.run_places, begin) - 1, bisect_left(block.run_places, end))


def of_runs(run_mask: Mask, block: Block, begin: int, end: int) -> Mask:
    """Return the mask of the entries from `begin` to `end`, given the mask of their runs."""
    count = passing(run_mask)
    if count in (0, len(run_mask)):
        return bytes((count > 0,)) * (end - begin)
    within = runs(block, begin, end)
    bounds = (begin, *block.run_places[within][1:], end)
    flags = (run_mask[run : run + 1] for run in range(len(run_mask)))
    return b"".join(map(mul, flags, map(sub, bounds[1:], bounds)))
