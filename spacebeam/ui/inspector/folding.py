"""Which values of a JSON tree are visible, as it is folded and unfolded.

Pure, without widgets. A row is a value's number; rows are in the document's order. A value is
unfolded if the row after it is its first child.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from spacebeam.decode.json_tree import COUNTED_DEPTHS, JsonTree

_ROWS_A_STEP = 512
# GTK makes a widget for each of the first rows: with more of them in a step, a frame would be late.
_WIDGETS = 256
_WIDGETS_A_STEP = 8


class Change(NamedTuple):
    """Rows that were removed and added at a position, as in Gio.ListModel's `items-changed`."""

    position: int
    removed: int
    added: int


class Folding:
    """The visible rows of a tree. Long changes are made in steps, with a Change for each."""

    def __init__(self, tree: JsonTree) -> None:
        self.tree = tree
        self._rows = array("I")

    def __len__(self) -> int:
        return len(self._rows)

    def number(self, position: int) -> int:
        """Return the number of the value at a position."""
        return self._rows[position]

    def position(self, number: int) -> int:
        """Return the position of a value, -1 if it is not visible."""
        place = bisect_left(self._rows, number)
        return place if place < len(self._rows) and self._rows[place] == number else -1

    def can_unfold(self, position: int) -> bool:
        """Return whether a value has children."""
        return self.tree.count(self._rows[position]) > 0

    def is_unfolded(self, position: int) -> bool:
        """Return whether a value's children are visible."""
        after = position + 1
        number = self._rows[position]
        is_next = after < len(self._rows) and self._rows[after] == number + 1
        return is_next and self.tree.count(number) > 0

    def fold(self, position: int) -> Change:
        """Hide all that is inside a value."""
        after = self.tree.after(self._rows[position])
        end = bisect_left(self._rows, after, position + 1)
        del self._rows[position + 1 : end]
        return Change(position + 1, end - position - 1, 0)

    def unfold(self, position: int) -> Iterator[Change]:
        """Show a value's children."""
        if not self.is_unfolded(position):
            yield from self._insert(position + 1, self.tree.children(self._rows[position]))

    def unfold_all(self, position: int) -> Iterator[Change]:
        """Show all that is inside a value."""
        number = self._rows[position]
        yield self.fold(position)
        yield from self._insert(position + 1, iter(range(number + 1, self.tree.after(number))))

    def show_level(self, level: int) -> Iterator[Change]:
        """Show the values up to a depth, and no deeper ones."""
        removed = len(self._rows)
        self._rows = array("I")
        yield Change(0, removed, 0)
        yield from self._insert(0, self._up_to(level))

    def level_for(self, limit: int) -> int:
        """Return the greatest depth of which the tree can show all values in `limit` rows."""
        rows = 0
        for depth in range(COUNTED_DEPTHS):
            rows += self.tree.at_depth[depth]
            if rows > limit:
                return max(depth - 1, 1)
        return COUNTED_DEPTHS

    def reveal(self, number: int) -> Iterator[Change]:
        """Make a value visible."""
        around = []
        while self.position(number) < 0:
            number = self.tree.parent(number)
            around.append(number)
        for one in reversed(around):
            yield from self.unfold(self.position(one))

    def _up_to(self, level: int) -> Iterator[int]:
        number = 0
        while number < len(self.tree):
            yield number
            is_deepest = self.tree.depth(number) >= level
            number = self.tree.after(number) if is_deepest else number + 1

    def _insert(self, position: int, numbers: Iterator[int]) -> Iterator[Change]:
        first, step = position, _WIDGETS_A_STEP
        while added := array("I", islice(numbers, step)):
            yield self._inserted(position, added)
            position += len(added)
            if position - first >= _WIDGETS:
                step = _ROWS_A_STEP

    def _inserted(self, position: int, added: array[int]) -> Change:
        self._rows[position:position] = added
        return Change(position, 0, len(added))
