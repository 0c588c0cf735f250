"""What differs between two texts, as lines with those around them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from spacebeam.compare.alignment import Alignment
from spacebeam.compare.identity import Identities

CONTEXT = 3  # lines around a difference
MAX_LINES = 5000  # that are returned
_MAX_LINE = 400  # characters; a longer line is compared in parts
_CONTINUED = "⤷ "  # before the later parts of a line


class LineMark(StrEnum):
    """What became of a line; the sign beside it."""

    SAME = " "
    REMOVED = "-"
    ADDED = "+"
    LEFT_OUT = "…"  # lines that are the same were left out here


@dataclass(frozen=True, slots=True)
class Line:
    """A line of either text, or of both."""

    mark: LineMark
    text: str = ""  # safe to show


@dataclass(frozen=True, slots=True)
class LineDifferences:
    """The lines that differ, with those around them."""

    lines: tuple[Line, ...] = ()  # none if the texts are the same
    is_complete: bool = True  # false if there are more than MAX_LINES

    @property
    def added(self) -> int:
        """The number of added lines."""
        return sum(one.mark is LineMark.ADDED for one in self.lines)

    @property
    def removed(self) -> int:
        """The number of removed lines."""
        return sum(one.mark is LineMark.REMOVED for one in self.lines)


def line_differences(before: str, after: str, context: int = CONTEXT) -> LineDifferences:
    """Compare two texts that are safe to show."""
    old, new = _lines(before), _lines(after)
    identities = Identities()
    runs = Alignment().runs(list(map(identities.number, old)), list(map(identities.number, new)))
    found: list[Line] = []
    for line in _marked(old, new, list(runs), context):
        if len(found) == MAX_LINES:
            return LineDifferences(tuple(found), is_complete=False)
        found.append(line)
    return LineDifferences(tuple(found))


def _marked(
    old: Sequence[str], new: Sequence[str], runs: Sequence[tuple[bool, range, range]], context: int
) -> Iterator[Line]:
    if len(runs) < 2 and all(is_same for is_same, _before, _after in runs):
        return
    for number, (is_same, before, after) in enumerate(runs):
        if not is_same:
            yield from (Line(LineMark.REMOVED, old[place]) for place in before)
            yield from (Line(LineMark.ADDED, new[place]) for place in after)
            continue
        head = 0 if number == 0 else context
        tail = 0 if number == len(runs) - 1 else context
        if len(before) <= head + tail + 1:
            yield from (Line(LineMark.SAME, old[place]) for place in before)
            continue
        yield from (Line(LineMark.SAME, old[place]) for place in before[:head])
        yield Line(LineMark.LEFT_OUT)
        yield from (Line(LineMark.SAME, old[place]) for place in before[len(before) - tail :])


def _lines(text: str) -> list[str]:
    """Return the lines; the later parts of a long one begin with a mark of their own."""
    return [
        (_CONTINUED if place else "") + line[place : place + _MAX_LINE]
        for line in text.split("\n")
        for place in range(0, max(len(line), 1), _MAX_LINE)
    ]
