"""Text in a terminal's columns: how wide it is, and where it is broken."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator


def cells(text: str) -> int:
    """How many columns `text` takes; it has no control characters."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def _cells(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def broken(text: str, first: int, rest: int) -> Iterator[str]:
    """`text` in pieces of `first` columns at most, and `rest` after that; at spaces if possible."""
    room = max(2, first)
    while cells(text) > room:
        end = _fitting(text, room)
        space = text.rfind(" ", 1, end + 1)
        cut = space if space > end // 2 else end
        yield text[:cut]
        text = text[cut:].removeprefix(" ") if cut == space else text[cut:]
        room = max(2, rest)
    yield text


def _fitting(text: str, room: int) -> int:
    """How many characters of `text` fit; one at least."""
    taken = 0
    for place, character in enumerate(text):
        taken += _cells(character)
        if taken > room:
            return max(1, place)
    return len(text)
