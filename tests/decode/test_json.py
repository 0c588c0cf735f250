"""JSON, indented without being changed."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.json import indent, is_json

_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*"?)|\s+', re.DOTALL)

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
layouts = st.sampled_from((None, 0, 1, 4))


def without_space(text: str) -> str:
    """`text` with its strings and without the white space outside them."""
    return _STRING_OR_SPACE.sub(lambda match: match.group(1) or "", text)


def test_a_document_is_indented() -> None:
    text = '{"a":[1,{"b":null}],"empty":{},"none":[ ],"c":"x, {y}: \\"z\\""}'
    assert "".join(indent(text)) == (
        "{\n"
        '  "a": [\n'
        "    1,\n"
        "    {\n"
        '      "b": null\n'
        "    }\n"
        "  ],\n"
        '  "empty": {},\n'
        '  "none": [],\n'
        '  "c": "x, {y}: \\"z\\""\n'
        "}"
    )


@pytest.mark.parametrize(
    "text", ['{"a":1.0,"a":1.00}', "[1e400,-0,0.10]", '["\\u00e9","é","\\/"]', "[1,2", '{"a', "]}"]
)
def test_nothing_is_respelled_reordered_or_left_out(text: str) -> None:
    assert without_space("".join(indent(text))) == text


@given(document=documents, layout=layouts)
def test_the_tokens_stay_the_same(document: object, layout: int | None) -> None:
    text = json.dumps(document, indent=layout)
    shown = "".join(indent(text))
    assert without_space(shown) == without_space(text)
    assert json.loads(shown) == document


@given(document=documents, layout=layouts, place=st.integers(0, 10_000))
def test_a_document_may_be_cut_anywhere(document: object, layout: int | None, place: int) -> None:
    text = json.dumps(document, indent=layout)
    text = text[: place % (len(text) + 1)]
    assert without_space("".join(indent(text))) == without_space(text)


@given(st.text(alphabet='{}[],:"\\ \n\tan1é', max_size=40))
def test_what_is_no_json_does_no_harm(text: str) -> None:
    assert without_space("".join(indent(text))) == without_space(text)
    is_json(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", True),
        (' \r\n\t[1, "a"]\n', True),
        ("", False),
        ("1", False),
        ('"text"', False),
        ("null", False),
        ("{a: 1}", False),
        ("[1,]", False),
        ("[1] [2]", False),
        ("[" * 100_000, False),
        ("[" * 100_000 + "]" * 100_000, False),
    ],
)
def test_only_a_whole_object_or_array_counts_as_json(text: str, expected: bool) -> None:
    assert is_json(text) is expected
