"""Parses sizes of fragments, such as “3, 10, 5”."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from spacebeam.wording.i18n import _

MAX_FRAGMENTS = 10_000  # more would block the window

_BETWEEN = re.compile(r"[\s,;]+")


class FragmentSizesError(ValueError):
    """The text is not a list of sizes; the message says why."""


@dataclass(frozen=True, slots=True)
class Fragmentation:
    """How to cut a message into fragments."""

    sizes: tuple[int, ...]  # of all fragments but the last, in bytes on the wire
    pings_between: bool = False

    def pings(self) -> list[bytes]:
        """Return the payloads of the pings, each different to identify its pong."""
        if not self.pings_between:
            return []
        return [b"between %d" % number for number in range(1, len(self.sizes) + 1)]


def parse(typed: str) -> tuple[int, ...]:
    """Return the typed sizes; none if nothing is typed. Raises FragmentSizesError."""
    words = [word for word in _BETWEEN.split(typed.strip()) if word]
    if len(words) > MAX_FRAGMENTS:
        raise FragmentSizesError(
            _("At most {count:,} fragments are possible.").format(count=MAX_FRAGMENTS)
        )
    sizes = []
    for word in words:
        if not (word.isascii() and word.isdigit()) or len(word) > 10:
            raise FragmentSizesError(_("“{word}” is not a number of bytes.").format(word=word[:20]))
        if int(word) < 1:
            raise FragmentSizesError(_("A fragment has at least one byte."))
        sizes.append(int(word))
    return tuple(sizes)


def cut(length: int, sizes: Sequence[int]) -> list[int]:
    """Return the sizes of the fragments of `length` bytes: the given sizes, then the rest."""
    fragments, left = [], length
    for size in sizes:
        if size >= left:
            break
        fragments.append(size)
        left -= size
    return [*fragments, left]


def words(fragments: Sequence[int]) -> str:
    """Return “3 fragments of 3, 10 and 5 bytes”."""
    if len(fragments) == 1:
        return _("One fragment: the message is not cut")
    shown = [f"{size:,}" for size in fragments]
    if len(shown) > 8:
        shown = [*shown[:6], "…", shown[-1]]
    return _("{count:,} fragments of {sizes} and {last} bytes").format(
        count=len(fragments), sizes=", ".join(shown[:-1]), last=shown[-1]
    )
