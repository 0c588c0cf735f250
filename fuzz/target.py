"""Targets of fuzzing: a check of bytes, with its seeds; and helpers to divide the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One check to fuzz."""

    check: Callable[[bytes], None]  # raises if the code under test is wrong
    seeds: Iterable[bytes]  # inputs that reach many branches


def split(data: bytes, count: int) -> tuple[bytes, bytes]:
    """Return the first `count` bytes, padded with zeros, and the rest."""
    return data[:count].ljust(count, b"\0"), data[count:]


def pieces(data: bytes, pattern: int) -> list[bytes]:
    """Divide `data` into non-empty pieces; a 32-bit `pattern` gives their sizes."""
    found, start = [], 0
    state = pattern or 1
    while start < len(data):
        state = (state * 1_103_515_245 + 12_345) & 0xFFFFFFFF
        size = 1 + (state >> 16) % (1 << state % 8)
        found.append(data[start : start + size])
        start += size
    return found
