"""Folds and unfolds the values of a tree, as a person asks by pointer or keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from spacebeam.ui.inspector.folding import Change
from spacebeam.ui.inspector.json_tree_model import JsonTreeModel


class TreeFolding:
    """Calls `change` with the changes of the rows, which are made when those before are done.

    `focus` is called with the number of a value to go to.
    """

    def __init__(
        self,
        model: JsonTreeModel,
        change: Callable[[Iterable[Change]], object],
        focus: Callable[[int], object],
    ) -> None:
        self._model = model
        self._change = change
        self._focus = focus

    def toggle(self, position: int) -> None:
        """Fold or unfold the value in a row."""
        folding = self._model.folding
        if position < len(folding):
            self._change(self._toggled(folding.number(position)))

    def fold(self, number: int) -> None:
        """Fold a value, or go to the one around it if it is folded."""
        folding, position = self._model.folding, self._model.folding.position(number)
        if folding.is_unfolded(position):
            self.toggle(position)
        elif (parent := folding.tree.parent(number)) >= 0:
            self._focus(parent)

    def unfold(self, number: int) -> None:
        """Unfold a value, or go to its first child if it is unfolded."""
        folding, position = self._model.folding, self._model.folding.position(number)
        if folding.is_unfolded(position):
            self._focus(number + 1)
        else:
            self.toggle(position)

    def unfold_all(self, number: int) -> None:
        """Unfold all that is inside a value."""
        self._change(self._unfolded_all(number))

    def _toggled(self, number: int) -> Iterator[Change]:
        folding, position = self._model.folding, self._model.folding.position(number)
        if position >= 0 and folding.can_unfold(position):
            is_unfolded = folding.is_unfolded(position)
            yield from [folding.fold(position)] if is_unfolded else folding.unfold(position)

    def _unfolded_all(self, number: int) -> Iterator[Change]:
        folding, position = self._model.folding, self._model.folding.position(number)
        if position >= 0:
            yield from folding.unfold_all(position)
