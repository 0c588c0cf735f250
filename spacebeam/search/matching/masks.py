"""Masks: which entries of a run pass, one byte each, 1 or 0.

Bytes, because Python translates, counts and combines them a thousand at a time.
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
_RARE = 16  # one in so many
_INVERTED = bytes((1, 0)) + bytes(254)


def all_pass(count: int) -> Mask:
    """A mask of `count` entries that all pass."""
    return PASSES * count


def passing(mask: Mask) -> int:
    """How many pass."""
    return mask.count(1)


def inverted(mask: Mask) -> Mask:
    """Those pass that did not."""
    return mask.translate(_INVERTED)


def either(one: Mask, other: Mask) -> Mask:
    """Those pass that do in one of two masks of one length."""
    bits = int.from_bytes(one, "little") | int.from_bytes(other, "little")
    return bits.to_bytes(len(one), "little")


def both(one: Mask, other: Mask) -> Mask:
    """Those pass that do in both masks, which are of one length."""
    bits = int.from_bytes(one, "little") & int.from_bytes(other, "little")
    return bits.to_bytes(len(one), "little")


def places(mask: Mask, begin: int) -> array[int]:
    """The places of those that pass, the mask's first entry being at `begin`. Two bytes each."""
    return array("H", candidates(mask, begin))


def candidates(mask: Mask, begin: int) -> Iterator[int]:
    """The places of those that pass, one after the other."""
    if passing(mask) * _RARE < len(mask):
        return _rare(mask, begin)
    return compress(range(begin, begin + len(mask)), mask)


def _rare(mask: Mask, begin: int) -> Iterator[int]:
    place = mask.find(1)
    while place >= 0:
        yield begin + place
        place = mask.find(1, place + 1)


def runs(block: Block, begin: int, end: int) -> slice:
    """The block's runs that hold the entries at the places from `begin` to `end`."""
    return slice(bisect_right(block.run_places, begin) - 1, bisect_left(block.run_places, end))


def of_runs(run_mask: Mask, block: Block, begin: int, end: int) -> Mask:
    """The mask of the entries at the places from `begin` to `end`, from one of their runs."""
    count = passing(run_mask)
    if count in (0, len(run_mask)):
        return bytes((count > 0,)) * (end - begin)
    within = runs(block, begin, end)
    bounds = (begin, *block.run_places[within][1:], end)
    flags = (run_mask[run : run + 1] for run in range(len(run_mask)))
    return b"".join(map(mul, flags, map(sub, bounds[1:], bounds)))
