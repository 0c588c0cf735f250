"""JSON, indented without being changed."""

from __future__ import annotations

import copy
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import MAX_SPAN, Span, Style
from spacebeam.decode.json_layout import MAX_LEVELS, JsonRendering

MIB = 1024 * 1024
_STRING_OR_SPACE = re.compile(r'("(?:[^"\\]|\\.)*+"?+)|[ \t\r\n]+', re.DOTALL)

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
layouts = st.sampled_from((None, 0, 1, 4))


def spans(text: str | bytes) -> list[Span]:
    return list(JsonRendering(text.encode() if isinstance(text, str) else text))


def indented(text: str | bytes) -> str:
    """Return the document as it is shown, without what is not part of it."""
    return "".join(span.text for span in spans(text) if span.style is not Style.OFFSET)


def without_space(text: str) -> str:
    """Return `text` without the white space outside its strings."""
    return _STRING_OR_SPACE.sub(lambda match: match.group(1) or "", text)


def nested(levels: int, inner: str = "1") -> str:
    return "[" * levels + inner + "]" * levels


def test_a_document_is_indented() -> None:
    text = '{"a":[1,{"b":null}],"empty":{},"none":[ ],"c":"x, {y}: \\"z\\""}'
    assert indented(text) == (
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


def test_each_part_has_its_style() -> None:
    shown = spans('{"a" : ["b",-1.50e3,true,null,NaN]}')
    assert [(span.text.strip(), span.style) for span in shown if span.text.strip(" \n{}[],:")] == [
        ('"a"', Style.KEY),
        ('"b"', Style.STRING),
        ("-1.50e3", Style.NUMBER),
        ("true", Style.LITERAL),
        ("null", Style.LITERAL),
        ("NaN", Style.PLAIN),
    ]
    assert {span.style for span in shown if span.text.strip(" \n") in tuple("{}[],:")} == {
        Style.PUNCTUATION
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1.0,"a":1.00}',
        "[1e400,-0,0.10]",
        '["\\u00e9","é","\\/"]',
        "[1,2",
        '{"a',
        "]}",
        '["\\',
        '["a\\',
        '["' + "x" * 5000 + '\\"' + "é" * 5000 + '"]',
        '["' + "\\\\" * 5000 + '"]',
        "[" + "1" * 5000 + "]",
        "[\u00a01]",
    ],
)
def test_no_token_is_changed_reordered_or_left_out(text: str) -> None:
    assert without_space(indented(text)) == without_space(text)


@given(document=documents, layout=layouts)
def test_the_tokens_stay_the_same(document: object, layout: int | None) -> None:
    text = json.dumps(document, indent=layout)
    shown = indented(text)
    assert without_space(shown) == without_space(text)
    assert json.loads(shown) == document


@given(document=documents, layout=layouts, place=st.integers(0, 10_000))
def test_a_document_can_be_divided_anywhere(
    document: object, layout: int | None, place: int
) -> None:
    text = json.dumps(document, indent=layout)
    text = text[: place % (len(text) + 1)]
    assert without_space(indented(text)) == without_space(text)


@given(st.text(alphabet='{}[],:"\\ \n\tan1é', max_size=40))
def test_text_that_is_not_json_is_shown(text: str) -> None:
    assert without_space(indented(text)) == without_space(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"a":1}\n{"b":2}', '{\n  "a": 1\n}\n{\n  "b": 2\n}'),
        ("[1 2]", "[\n  1 2\n]"),
        ("[] []", "[]\n[]"),
    ],
)
def test_values_separated_by_white_space_stay_separate(text: str, shown: str) -> None:
    assert indented(text) == shown


def test_a_byte_order_mark_is_not_shown() -> None:
    assert indented(b"\xef\xbb\xbf[]") == "[]"


def test_invalid_utf8_is_replaced_and_control_characters_visible() -> None:
    assert indented(b'["\xff\x1b"]') == '[\n  "\ufffd␛"\n]'


def test_below_the_deepest_indented_level_a_value_stays_on_its_line() -> None:
    text = nested(MAX_LEVELS) + "," + nested(MAX_LEVELS + 3, '{"a":1},2')
    shown = indented(f"[{text}]")
    assert without_space(shown) == f"[{text}]"
    assert max(len(line) - len(line.lstrip()) for line in shown.split("\n")) == 2 * MAX_LEVELS
    assert '[[[[{"a": 1}, 2]]]]' in shown
    marks = [span.text for span in spans(text) if span.style is Style.OFFSET]
    assert marks == [f" ⟨{MAX_LEVELS + 1} levels⟩ "]
    assert shown.endswith("\n  ]\n]")


def test_any_depth_is_rendered_in_text_of_the_same_order() -> None:
    text = "[" * 300_000
    shown = indented(text)
    assert without_space(shown) == text
    assert len(shown) < len(text) + 3000


@pytest.mark.parametrize(
    "text",
    [
        '["' + "\u200b" * 30_000 + '"]',
        "[" + "9" * MIB + "]",
        "{" * MIB + "}" * MIB,
        "[" + " " * MIB,
    ],
)
def test_the_size_of_a_span_and_its_source_is_limited(text: str) -> None:
    rendering = JsonRendering(text.encode())
    last = 0
    for span in rendering:
        assert len(span.text) <= MAX_SPAN
        assert rendering.offset - last <= 128 * 1024
        last = rendering.offset
    assert last == len(text.encode())


@given(document=documents, steps=st.integers(0, 30))
def test_a_copy_of_a_layout_continues_at_the_same_position(document: object, steps: int) -> None:
    rendering = JsonRendering(json.dumps([document]).encode())
    for _step in range(steps):
        next(rendering, None)
    other = copy.copy(rendering)
    assert list(rendering) == list(other)
