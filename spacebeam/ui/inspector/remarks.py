"""What is said beside a value: a time in the person's zone, what a picture or a sound is."""

from __future__ import annotations

from spacebeam.decode.binary_values import head_of
from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.decode.moments import moment_of
from spacebeam.wording.media import media_words
from spacebeam.wording.moments import local_words

_SECOND = 19  # characters of a time without its fraction and zone


def remark(tree: JsonTree, number: int) -> str:
    """Return what is said beside a value; "" for most."""
    if tree.kind(number) is NodeKind.OBJECT:  # `$bytes`
        return media_words(head_of(tree, number))
    return local_time(tree, number)


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
