"""What can be fuzzed: a function of bytes that raises where something is wrong, and its seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz."""

    check: Callable[[bytes], None]  # raises for what must not happen
    seeds: Iterable[bytes]  # inputs that reach far


def split(data: bytes, count: int) -> tuple[bytes, bytes]:
    """The first `count` bytes, made up where there are fewer, and the rest."""
    return data[:count].ljust(count, b"\0"), data[count:]


def pieces(data: bytes, pattern: int) -> list[bytes]:
    """`data` in pieces whose sizes a number of 32 bits says; none is empty."""
    found, start = [], 0
    state = pattern or 1
    while start < len(data):
        state = (state * 1_103_515_245 + 12_345) & 0xFFFFFFFF
        size = 1 + (state >> 16) % (1 << state % 8)
        found.append(data[start : start + size])
        start += size
    return found
