"""Finds the values of a tree at places of a message, such as those that violate a schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import suppress

from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.ui.inspector.folding import Change
from spacebeam.ui.inspector.json_tree_model import JsonTreeModel

Place = tuple[str | int, ...]  # keys and indexes


def marked(
    tree: JsonTree,
    model: JsonTreeModel,
    words: Mapping[Place, str],
    show: Callable[[Iterable[Change]], Iterator[None]],
) -> Iterator[None]:
    """Mark the values at places, and `show` the changes that unfold what is around them."""
    model.marks = yield from numbers_at(tree, words)
    for number in model.marks:
        yield from show(model.folding.reveal(number))


def numbers_at(tree: JsonTree, words: Mapping[Place, str]) -> Generator[None, None, dict[int, str]]:
    """Return the words of each value that has some, by its number; yield after each value seen.

    A place that is not there stands for the value around it that is.
    """
    found: dict[int, str] = {}
    for place, said in words.items():
        number = 0
        for step in place:
            inner = yield from _child(tree, number, step)
            if inner < 0:
                break
            number = inner
        if number < len(tree):
            found[number] = f"{found[number]}\n{said}" if number in found else said
    return found


def _child(tree: JsonTree, number: int, step: str | int) -> Generator[None, None, int]:
    """Return the number of a member or element; -1 if there is none."""
    if number >= len(tree):
        return -1
    is_array = tree.kind(number) is NodeKind.ARRAY
    for at, child in enumerate(tree.children(number)):
        if step == (at if is_array else _key(tree, child)):
            return child
        yield
    return -1


def _key(tree: JsonTree, number: int) -> str:
    with suppress(ValueError):
        return str(json.loads(tree.written_key(number)))
    return ""
