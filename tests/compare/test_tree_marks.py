"""The values of a JSON tree that differ from an earlier message's."""

from __future__ import annotations

from spacebeam.compare.difference import differences
from spacebeam.compare.tree_marks import TreeMarks
from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.json_values import read_json
from spacebeam.wording.differences import tree_mark_words


def marked(before: bytes, after: bytes) -> dict[str, str]:
    """Return the words beside the values, by their paths."""
    tree = JsonTree(after)
    for _step in tree.read():
        pass
    marks = TreeMarks(tree, differences(read_json(before), read_json(after)))
    for _step in marks.read():
        pass
    return {tree.path(number): tree_mark_words(mark) for number, mark in marks.marks.items()}


def test_values_are_marked_with_what_they_were() -> None:
    before = b'{"a": 1, "b": {"c": 2, "d": 3, "e": 4}, "f": 5}'
    after = b'{"a": 9, "b": {"c": 2, "x": [1]}, "f": 5}'
    assert marked(before, after) == {
        "": "changed inside",
        "a": "was 1",
        "b": "changed inside, without d, e",
        "b.x": "new",
    }
    assert marked(before, before) == {}


def test_elements_are_marked_where_they_are_now() -> None:
    before = b'[{"id": 1, "n": 1}, {"id": 2, "n": 2}]'
    after = b'[{"id": 3, "n": 3}, {"id": 2, "n": 5}]'
    assert marked(before, after) == {
        "": "changed inside, without [id=1]",
        "[0]": "new",
        "[1]": "changed inside",
        "[1].n": "was 2",
    }


def test_of_repeated_keys_the_last_one_is_marked() -> None:
    tree = JsonTree(b'{"a": 1, "a": 2}')
    for _step in tree.read():
        pass
    marks = TreeMarks(tree, differences({"a": 1}, {"a": 2}))
    for _step in marks.read():
        pass
    assert sorted(marks.marks) == [0, 2]


def test_many_removed_members_are_told_shortly() -> None:
    many = b"{" + b",".join(b'"%d":1' % number for number in range(99)) + b"}"
    assert marked(many, b"{}") == {"": "without 0, 1, 2, 3, 4, …"}
