"""The sizes of fragments as a person types them: “3, 10, 5”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MAX_FRAGMENTS = 10_000  # more would hold up the window

_BETWEEN = re.compile(r"[\s,;]+")


class FragmentSizesError(ValueError):
    """What is typed are no sizes, and why."""


@dataclass(frozen=True, slots=True)
class Fragmentation:
    """How a message is to be cut."""

    sizes: tuple[int, ...]  # of all fragments but the last, in bytes on the wire
    pings_between: bool = False

    def pings(self) -> list[bytes]:
        """Payloads for the pings between, each another, so that its pong can be told."""
        if not self.pings_between:
            return []
        return [b"between %d" % number for number in range(1, len(self.sizes) + 1)]


def parse(typed: str) -> tuple[int, ...]:
    """The sizes that `typed` means; none where nothing is typed. Raises FragmentSizesError."""
    words = [word for word in _BETWEEN.split(typed.strip()) if word]
    if len(words) > MAX_FRAGMENTS:
        raise FragmentSizesError(f"{MAX_FRAGMENTS:,} fragments are the most.")
    sizes = []
    for word in words:
        if not (word.isascii() and word.isdigit()) or len(word) > 10:
            raise FragmentSizesError(f"“{word[:20]}” is not a number of bytes.")
        if int(word) < 1:
            raise FragmentSizesError("A fragment has at least one byte.")
        sizes.append(int(word))
    return tuple(sizes)


def cut(length: int, sizes: Sequence[int]) -> list[int]:
    """The fragments that so many bytes make: these sizes while they fit, and what is left."""
    made, left = [], length
    for size in sizes:
        if size >= left:
            break
        made.append(size)
        left -= size
    return [*made, left]


def words(fragments: Sequence[int]) -> str:
    """Fragments for a person: “3 fragments of 3, 10 and 5 bytes”."""
    if len(fragments) == 1:
        return "One fragment: nothing is cut"
    shown = [f"{size:,}" for size in fragments]
    if len(shown) > 8:
        shown = [*shown[:6], "…", shown[-1]]
    return f"{len(fragments):,} fragments of {', '.join(shown[:-1])} and {shown[-1]} bytes"
