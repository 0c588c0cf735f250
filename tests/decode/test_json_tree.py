"""The tree has every value where it is in the document, as it was written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode import json_tree
from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.search.json_path import compile_path

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(min_size=1), inner),
    max_leaves=20,
)


def tree(document: bytes) -> JsonTree:
    made = JsonTree(document)
    for _step in made.read():
        pass
    return made


def rows(made: JsonTree) -> list[tuple[int, str, str]]:
    """Return depth, label and text of every value."""
    nodes = [made.node(number) for number in range(len(made))]
    return [(node.depth, node.label, node.text) for node in nodes]


def test_values_are_numbered_in_their_order() -> None:
    made = tree(b' {"a": [1.50, "x\\u0041"], "b c":{}, "a":null}\n')
    assert rows(made) == [
        (0, "", '{"a": [1.50, "x\\u0041"], "b c":{}, "a":null}'),
        (1, "a", '[1.50, "x\\u0041"]'),
        (2, "0", "1.50"),
        (2, "1", '"x\\u0041"'),
        (1, "b c", "{}"),
        (1, "a", "null"),
    ]
    assert [made.parent(number) for number in range(6)] == [-1, 0, 1, 1, 0, 0]
    assert list(made.children(0)) == [1, 4, 5]
    assert [made.count(number) for number in (0, 1, 4)] == [3, 2, 0]
    assert made.at_depth[:4] == [1, 3, 2, 0]
    assert made.is_complete


def test_a_value_has_a_path_and_a_text() -> None:
    made = tree('{"items":[{"id":"a\\nb"}],"with space":{"é\\"":7}}'.encode())
    assert [made.path(number) for number in range(len(made))] == [
        "",
        "items",
        "items[0]",
        "items[0].id",
        '"with space"',
        '"with space"."é\\""',
    ]
    assert made.text(3) == "a\nb"
    assert made.text(2) == '{"id":"a\\nb"}'
    assert made.text(5) == "7"


def test_types_are_told_apart() -> None:
    made = tree(b'[{},[],"",-1,0,true,null,NaN,nul]')
    kinds = [made.node(number).kind for number in range(1, len(made))]
    literal, invalid = NodeKind.LITERAL, NodeKind.INVALID
    number, text = NodeKind.NUMBER, NodeKind.STRING
    expected = [NodeKind.OBJECT, NodeKind.ARRAY, text, number, number]
    assert kinds == [*expected, literal, literal, invalid, invalid]


@given(VALUES, st.sampled_from([None, 2]), st.booleans())
def test_every_path_leads_to_its_value(value: Any, indent: int | None, is_ascii: bool) -> None:
    document = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    made = tree(document.encode(errors="surrogatepass"))
    for number in range(len(made)):
        path = made.path(number)
        found = compile_path(path).find(value) if path else value
        written = json.loads(made.written(number))
        assert written == found
        assert made.text(number) == found or not isinstance(found, str)


@pytest.mark.parametrize("size", [10, 100, 70_000, 200_000])
@pytest.mark.parametrize("step", [300, 64 * 1024])
def test_long_texts_keys_numbers_and_spaces_are_read_in_steps(
    monkeypatch: pytest.MonkeyPatch, size: int, step: int
) -> None:
    monkeypatch.setattr(json_tree, "_MAX_STEP", step)
    text, digits, space = '\\"' * size, "7" * size, " " * size
    document = f'{{{space}"{text}"{space[:200]}: "{text}",{space}"n":[{digits}{space},1]{space}}}'
    made = tree(document.encode())
    assert len(made) == 5
    assert made.text(1) == '"' * size
    assert made.text(3) == digits
    assert [made.path(number) for number in (2, 4)] == ["n", "n[1]"]
    assert compile_path(made.path(1)).keys == ('"' * size,)
    assert len(made.node(1).label) <= 201


def test_any_depth_is_read() -> None:
    made = tree(b'{"a":' * 100_000)
    assert len(made) == 100_000
    assert made.depth(99_999) == 99_999
    assert made.after(0) == made.after(5) == 100_000


@given(st.binary(max_size=60) | st.text('{}[],:"\\ 1te', max_size=60).map(str.encode))
def test_what_is_not_json_does_no_harm(document: bytes) -> None:
    made = tree(document)
    for number in range(len(made)):
        made.node(number)
        made.path(number)
        made.text(number)
        assert number < made.after(number) <= len(made)
        assert all(made.parent(child) == number for child in made.children(number))


def test_a_document_of_too_many_values_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_tree, "MAX_NODES", 100)
    made = tree(b"[" + b"1," * 200 + b"1]")
    assert len(made) == 100
    assert not made.is_complete
    assert made.count(0) == 99


def test_hostile_labels_and_texts_are_visible() -> None:
    made = tree('{"\\u202ea\\u0000":"\u202e\u0007"}'.encode())
    node = made.node(1)
    assert node.label == "⟨202E⟩a␀"
    assert node.text == '"⟨202E⟩␇"'
