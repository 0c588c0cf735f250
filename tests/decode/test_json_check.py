"""The first mistake in a JSON text is found with its place, in steps."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.json_check import Flaw, JsonCheck, Mistake

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def checked(text: str, between: re.Pattern[str] | None = None) -> Flaw | None:
    check = JsonCheck(text, between)
    for _step in check.read():
        pass
    return check.flaw


@given(_VALUES, st.sampled_from((None, 2)))
def test_valid_json_has_no_flaw(value: object, indent: int | None) -> None:
    assert checked(json.dumps(value, indent=indent)) is None
    assert checked(json.dumps(value, indent=indent, ensure_ascii=False)) is None


@given(st.text(alphabet='{}[],:"\\ \n01.-+eEtrufalsn\x00\t'))
def test_what_python_refuses_has_a_flaw_and_nothing_else_has(text: str) -> None:
    def refuse(_constant: str) -> None:
        raise ValueError

    try:
        json.loads(text, parse_constant=refuse)
    except ValueError:
        is_valid = False
    else:
        is_valid = True
    flaw = checked(text)
    assert (flaw is None) == is_valid
    assert flaw is None or 0 <= flaw.offset <= len(text)


@pytest.mark.parametrize(
    ("text", "mistake", "offset"),
    [
        ('{"a": 1 "b": 2}', Mistake.NO_COMMA_IN_OBJECT, 8),
        ("[1 2]", Mistake.NO_COMMA_IN_ARRAY, 3),
        ('{"a": 1,}', Mistake.EXTRA_COMMA, 7),
        ("[1, ]", Mistake.EXTRA_COMMA, 2),
        ("[1,, 2]", Mistake.NO_VALUE, 3),
        ('{"a" 1}', Mistake.NO_COLON, 5),
        ('{"a", "b"}', Mistake.NO_COLON, 4),
        ("{a: 1}", Mistake.NO_KEY, 1),
        ("{'a': 1}", Mistake.SINGLE_QUOTE, 1),
        ('["a\n"]', Mistake.NO_QUOTE, 3),
        ('["a\tb"]', Mistake.CONTROL_CHARACTER, 3),
        ('["\\x41"]', Mistake.BAD_ESCAPE, 2),
        ('["\\u12"]', Mistake.SHORT_ESCAPE, 2),
        ("[01]", Mistake.BAD_NUMBER, 1),
        ("[.5]", Mistake.BAD_NUMBER, 1),
        ("[0E]", Mistake.BAD_NUMBER, 1),
        ("[1.E]", Mistake.BAD_NUMBER, 1),
        ("[NaN]", Mistake.BAD_WORD, 1),
        ("[True]", Mistake.BAD_WORD, 1),
        ("{} {}", Mistake.EXTRA_TEXT, 3),
        ("[1}", Mistake.NO_COMMA_IN_ARRAY, 2),
    ],
)
def test_a_mistake_is_named_and_has_its_place(text: str, mistake: Mistake, offset: int) -> None:
    flaw = checked(text)
    assert flaw is not None
    assert (flaw.mistake, flaw.offset, flaw.is_at_end) == (mistake, offset, False)


@pytest.mark.parametrize("text", ["{", '{"a', '{"a"', '{"a":', '{"a": 1', "[", "[1,", '["\\', "tr"])
def test_what_is_only_incomplete_is_told_from_a_mistake(text: str) -> None:
    flaw = checked(text + "  ")
    assert flaw is not None
    assert flaw.is_at_end


def test_several_documents_may_be_parted() -> None:
    between = re.compile(r"\\x1e")
    assert checked('{"a": "\\\\x1e"}\\x1e{}\\x1e', between) is None
    assert checked("\\x1e", between) is None
    flaw = checked("{}\\x1e{a}", between)
    assert flaw is not None
    assert flaw.offset == 7
    assert checked("[1\\x1e]", between) is not None


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{"id": 1, "name": "x"}] * 20_000),
        json.dumps("a" * 1_000_000),
        json.dumps("\n" * 500_000),
        "[" * 100_000 + "]" * 100_000,
    ],
)
def test_a_long_text_is_checked_in_many_steps(text: str) -> None:
    check = JsonCheck(text)
    assert sum(1 for _step in check.read()) > 20
    assert check.flaw is None
