"""Finds the values of a tree whose key or text matches a filter, in slices of a few milliseconds.

Values are searched as they were written: what a row cannot show of a long text is searched too.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Generator, Iterator

from spacebeam.decode.json_tree import JsonTree
from spacebeam.search.filter import Filter, Word, is_about_others
from spacebeam.search.highlights import has_highlights, highlights
from spacebeam.ui.inspector.sliced_task import SlicedTask

_SLICE_S = 0.002
_BLOCK = 64  # values that are passed over together if none of them has the words
_MAX_BLOCK = 16 * 1024  # bytes of them
_WINDOW = 4 * 1024  # bytes of a long text that are searched in one step
_OVERLAP = 1024  # bytes after them; a match that begins in a window may end there


class TreeMatches:
    """The numbers of the values that match, in the document's order.

    `on_found` is called for new matches, for progress, and at the end of the search.
    """

    def __init__(self, on_found: Callable[[], None]) -> None:
        self._on_found = on_found
        self._filter: Filter | None = None
        self._tree: JsonTree | None = None
        self._task = SlicedTask(_SLICE_S, on_found, on_found)
        self._numbers = array("I")
        self._searched = 0  # values
        self.is_stopped = False  # before all values were searched

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, place: int) -> int:
        """Return the number of the value with a match."""
        return self._numbers[place]

    @property
    def is_on(self) -> bool:
        """Whether there is a filter with matches to highlight."""
        return self._filter is not None

    @property
    def is_done(self) -> bool:
        """Whether the search is complete, or was stopped."""
        return self._tree is not None and not self._task.is_busy

    @property
    def progress(self) -> float:
        """The searched fraction of the values, from 0 to 1."""
        if self._tree is None:
            return 0
        return min(self._searched / max(len(self._tree), 1), 1)

    def look_for(self, wanted: Filter | None) -> None:
        """Search for another filter's matches, or for none."""
        self._filter = wanted if wanted is not None and has_highlights(wanted) else None
        self._begin()

    def search(self, tree: JsonTree | None) -> None:
        """Search another tree, which is complete; None while there is none."""
        self._tree = tree
        self._begin()

    def stop(self) -> None:
        """Stop the search."""
        self.is_stopped = self.is_stopped or self._task.is_busy
        self._task.stop()

    def _begin(self) -> None:
        self._task.stop()
        self._numbers, self._searched, self.is_stopped = array("I"), 0, False
        if self._filter is None or self._tree is None:
            self._on_found()
        else:
            self._task.start(self._search(self._filter, self._tree))

    def _search(self, wanted: Filter, tree: JsonTree) -> Iterator[None]:
        has_words_only = all(
            isinstance(one, Word) or is_about_others(one) for one in wanted.conditions
        )
        for begin in range(0, len(tree), _BLOCK):
            end = min(begin + _BLOCK, len(tree))
            self._searched = end
            yield
            if has_words_only and not _may_match(wanted, tree, begin, end):
                continue
            for number in range(begin, end):
                if (yield from _matches(wanted, tree, number)):
                    self._numbers.append(number)


def _may_match(wanted: Filter, tree: JsonTree, begin: int, end: int) -> bool:
    """Return whether there are matches in the document from one value up to another."""
    start, stop = tree.start(begin), tree.start(end)
    return stop - start > _MAX_BLOCK or bool(highlights(wanted, tree.slice(start, stop)))


def _matches(wanted: Filter, tree: JsonTree, number: int) -> Generator[None, None, bool]:
    """Return whether a value's key or text matches; yield after each step."""
    key = tree.written_key(number)
    if key and highlights(wanted, f"{key}:"):
        return True
    if tree.count(number):
        return False  # its text is found in its children
    start, end = tree.range(number)
    for at in range(start, end, _WINDOW):
        yield
        if highlights(wanted, tree.slice(at, min(at + _WINDOW + _OVERLAP, end))):
            return True
    return False
