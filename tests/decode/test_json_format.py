"""JSON is indented and compacted without a token being changed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.json_format import MAX_LEVELS, compact, indented

_VALUES = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(_VALUES, st.sampled_from((None, 1)), st.booleans())
def test_it_is_laid_out_as_python_does_it(
    value: object, indent: int | None, is_ascii: bool
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    assert "".join(compact(text)) == json.dumps(value, separators=(",", ":"), ensure_ascii=is_ascii)
    assert "".join(indented(text)) == json.dumps(value, indent=2, ensure_ascii=is_ascii)


@pytest.mark.parametrize(
    "token",
    ["1.50", "1E+2", "-0", "12345678901234567890.10", r'"\u00e9\/"', '{"a":1,"a":2}', '"\u2028"'],
)
def test_tokens_stay_as_they_were_written(token: str) -> None:
    assert "".join(compact(f"[ {token} ]")) == f"[{token}]"
    assert "".join(compact("".join(indented(f"[{token}]")))) == f"[{token}]"


@pytest.mark.parametrize("text", [json.dumps("é\n" * 50_000), json.dumps("\\" * 50_000)])
def test_a_long_string_is_unchanged(text: str) -> None:
    assert "".join(indented(text)) == text


def test_deep_json_does_not_become_much_longer() -> None:
    text = "[" * 10_000 + "]" * 10_000
    shown = "".join(indented(text))
    assert len(shown) < len(text) + 4 * MAX_LEVELS**2 + 100
    assert "".join(compact(shown)) == text


def test_escapes_between_documents_stay() -> None:
    assert "".join(compact(r'{"a": 1}\x1e {}\x1e')) == r'{"a":1}\x1e{}\x1e'
