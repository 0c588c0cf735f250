"""YAML as texts: read within limits, written for every reader alike, edited in place."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacebeam.exchange.opencollection import yaml_reading
from spacebeam.exchange.opencollection.yaml_editing import edited
from spacebeam.exchange.opencollection.yaml_reading import YamlError, YamlProblem, parse
from spacebeam.exchange.opencollection.yaml_writing import document, flat

_ODD = " \n\t\r:#-'\"{}[]|>&*!%@`,~?=.<01ney\x85\u2028\ufeff\x00\x7f"
TEXTS = st.text(
    st.sampled_from(_ODD) | st.characters(exclude_categories=["Cs"]), max_size=12
) | st.sampled_from(
    ["null", "Yes", "off", "1e5", "0o17", "12:30", "2001-01-01", "<<", "---", "..."]
)
VALUES = st.recursive(
    TEXTS | st.booleans() | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=5)


@given(DOCUMENTS)
@settings(max_examples=300, deadline=None)
def test_what_is_written_is_read_again(value: dict[str, Any]) -> None:
    assert parse(document(value)) == flat(value)


@given(DOCUMENTS, DOCUMENTS, st.integers(0, 9))
@settings(max_examples=300, deadline=None)
def test_a_changed_text_has_the_new_value(
    before: dict[str, Any], changes: dict[str, Any], removed: int
) -> None:
    wanted = {**before, **changes}
    if len(wanted) > removed:
        del wanted[list(wanted)[removed]]
    assert parse(edited(document(before), wanted)) == flat(wanted)


def test_no_text_becomes_something_else() -> None:
    text = "a: off\nb: 12:30\nc: 1_000\nd: 2001-01-01\ne: 0x10\nf: 1.10\ng: 'null'\nh: =\n"
    values = ["off", "12:30", "1_000", "2001-01-01", "0x10", "1.10", "null", "="]
    assert list(parse(text).values()) == values


@pytest.mark.parametrize(
    "text",
    ["1e5", "0o17", "0x10", "off", "Yes", "null", "~", "12:30", "1_000", ".inf", "a: b", "#"],
)
def test_a_text_that_looks_like_something_else_is_quoted(text: str) -> None:
    assert document({"a": text}) == f'a: "{text}"\n'


COMMENTED = """\
# Ours
info:
    name: Feed   # the good one
    type: websocket

websocket:
    url: "wss://a.example"  # behind the proxy
    headers:
    # for the gateway
    - name: X-One
      value: '1'  # one
    - {name: X-Two, value: two}

    message:
        type: text
        data: >-
            folded
            text
# the end
"""


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        (lambda it: it["info"].update(name="Other"), {"    name: Other   # the good one"}),
        (
            lambda it: it["websocket"].update(url="wss://b.example/{{x}}"),
            {"    url: wss://b.example/{{x}}  # behind the proxy"},
        ),
        (
            lambda it: it["websocket"]["headers"][0].update(value="2"),
            {'      value: "2"  # one'},
        ),
        (
            lambda it: it["websocket"]["headers"].append({"name": "X-Three", "value": "3"}),
            {"    - name: X-Three", '      value: "3"'},
        ),
        (lambda it: it["info"].pop("type"), set()),
        (
            lambda it: it["websocket"]["message"].update(data="a\nb"),
            {"        data: |-", "          a", "          b"},
        ),
        (lambda it: it.update(docs="Words"), {"docs: Words"}),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_lines_of_a_changed_value_change(
    change: Any, lines: set[str], newline: str
) -> None:
    wanted: Any = parse(COMMENTED)
    change(wanted)
    after = edited(COMMENTED.replace("\n", newline), wanted)
    assert after.count(newline) == after.count("\n")
    before, now = COMMENTED.split("\n"), after.split(newline)
    assert set(now) - set(before) == lines
    assert comments(after) == comments(COMMENTED)
    assert parse(after) == flat(wanted)


def comments(text: str) -> list[str]:
    return [line.partition("#")[2] for line in text.splitlines() if "#" in line]


def test_a_text_with_the_same_value_is_the_same_text() -> None:
    assert edited(COMMENTED, parse(COMMENTED)) == COMMENTED


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)
    ]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("data", "problem", "line"),
    [
        (bomb(9), YamlProblem.TOO_LARGE, 6),
        ("a: " + "[" * 100, YamlProblem.TOO_DEEP, 1),
        ("\n".join(" " * level + "a:" for level in range(100)), YamlProblem.TOO_DEEP, 65),
        (b"a: 1\nb: \xff", YamlProblem.NOT_UTF8, 2),
        (b"\xff\xfea\x00:\x00", YamlProblem.NOT_UTF8, 1),
        ("a: 1\nb: \x00", YamlProblem.SYNTAX, 0),
        ("a: b: c", YamlProblem.SYNTAX, 1),
        ("a: [1\nb: 2", YamlProblem.SYNTAX, 2),
        ("a:\n\t- b", YamlProblem.SYNTAX, 2),
        ("a: 1\na: 2", YamlProblem.DUPLICATE_KEY, 2),
        ("? [a]\n: 1", YamlProblem.ODD_KEY, 1),
        ("a: *b", YamlProblem.UNKNOWN_ALIAS, 1),
        ("a: &b [*b]", YamlProblem.UNKNOWN_ALIAS, 1),
        ("a: 1\n---\nb: 2", YamlProblem.SEVERAL_DOCUMENTS, 2),
        ("- a", YamlProblem.NO_MAPPING, 1),
        ("words", YamlProblem.NO_MAPPING, 1),
    ],
)
def test_a_hostile_or_broken_text_is_refused_with_its_place(
    data: str | bytes, problem: YamlProblem, line: int
) -> None:
    with pytest.raises(YamlError) as caught:
        parse(data)
    assert (caught.value.problem, caught.value.line) == (problem, line)


def test_a_file_over_the_limit_is_not_parsed() -> None:
    with pytest.raises(YamlError) as caught:
        parse(b"a" * (yaml_reading.MAX_FILE + 1))
    assert caught.value.problem is YamlProblem.TOO_LARGE


def test_tags_make_no_objects() -> None:
    text = "a: !!python/object/apply:os.system ['true']\nb: !!binary AAEC\nc: !x y"
    assert parse(text) == {"a": ["true"], "b": "AAEC", "c": "y"}


def test_aliases_are_their_values() -> None:
    assert parse("a: &x {b: c}\nd: *x") == {"a": {"b": "c"}, "d": {"b": "c"}}


def test_a_byte_order_mark_is_no_text() -> None:
    assert parse("\ufeffa: b".encode()) == {"a": "b"}
