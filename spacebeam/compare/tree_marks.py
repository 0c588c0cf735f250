"""Finds the values of a JSON tree that differ from an earlier message's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacebeam.compare.difference import Difference, Differences, Mark
from spacebeam.decode.json_tree import JsonTree

_MAX_REMOVED = 5  # keys of removed members that are told of a value
_MEMBERS_A_STEP = 64


@dataclass(frozen=True, slots=True)
class TreeMark:
    """What became of a value."""

    mark: Mark
    before: str = ""  # the value before, as JSON, shortened
    inside: bool = False  # whether members were added or changed
    removed: tuple[str, ...] = ()  # labels of removed members; the last is “…” if there are more


class TreeMarks:
    """The marks by the numbers of the values in the tree; `read` fills them in steps."""

    def __init__(self, tree: JsonTree, found: Differences) -> None:
        self._tree = tree
        self._found = found
        self.marks: dict[int, TreeMark] = {}

    def read(self) -> Iterator[None]:
        """Find the values; yield after each step."""
        root = self._found.root
        pending = [(root, 0)] if root is not None and len(self._tree) else []
        while pending:
            difference, number = pending.pop()
            if difference.mark in (Mark.ADDED, Mark.CHANGED):
                self.marks[number] = TreeMark(difference.mark, difference.before_text)
            elif difference.inside:
                yield from self._read_members(difference, number, pending)

    def _read_members(
        self, around: Difference, number: int, pending: list[tuple[Difference, int]]
    ) -> Iterator[None]:
        wanted, removed = {}, []
        for one in around.inside:
            if one.mark is Mark.REMOVED:
                removed.append(one.label)
            elif one.mark is not Mark.LEFT_OUT:
                wanted[one.step] = one
        places: dict[str | int, int] = {}  # of repeated keys the last one counts
        if wanted:
            for count, child in enumerate(self._tree.children(number)):
                key = self._tree.step(child, number)
                if key in wanted:
                    places[key] = child
                if count % _MEMBERS_A_STEP == 0:
                    yield
        more = ["…"] if len(removed) > _MAX_REMOVED else []
        if places or removed:
            told = (*removed[:_MAX_REMOVED], *more)
            self.marks[number] = TreeMark(Mark.INSIDE, inside=bool(places), removed=told)
        pending.extend((wanted[key], child) for key, child in places.items())
        yield
