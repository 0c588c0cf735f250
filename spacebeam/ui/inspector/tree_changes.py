"""What became of a tree's values since an earlier entry, beside their rows."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.compare.difference import Differences
from spacebeam.compare.tree_marks import TreeMark, TreeMarks
from spacebeam.decode.json_tree import JsonTree


class TreeChanges:
    """The marks by the numbers of the values."""

    def __init__(self) -> None:
        self._marks: dict[int, TreeMark] = {}
        self._since = ""

    def read(self, tree: JsonTree, found: Differences | None, since: str) -> Iterator[None]:
        """Find the values that differ, or none; yield after each step.

        `since` tells beside the document how much differs, and from which entry.
        """
        self._marks, self._since = {}, since
        if found is not None:
            marks = TreeMarks(tree, found)
            yield from marks.read()
            self._marks = marks.marks

    def of(self, number: int) -> tuple[TreeMark | None, str]:
        """Return what became of a value, and beside the document since when."""
        return self._marks.get(number), "" if number else self._since
