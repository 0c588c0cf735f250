"""The times in a tree, as they are in the person's zone."""

from __future__ import annotations

from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.moments import moment_of
from spacebeam.wording.moments import local_words

_SECOND = 19  # characters of a time without its fraction and zone


def local_time(tree: JsonTree, number: int) -> str:
    """Return a value that is surely a time in the person's zone; "" for others.

    A text that says the same is not repeated.
    """
    moment = moment_of(tree, number)
    if moment is None:
        return ""
    words = local_words(*moment)
    written = tree.head(number, _SECOND).upper().replace("T", " ")
    return "" if words[:_SECOND] == written else words
