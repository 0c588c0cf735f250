"""Keys are found in JSON without reading it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.json_keys import MAX_KEY, keys


# Of a character, JSON in ASCII may have two escapes, which are 12 bytes.
@given(st.dictionaries(st.text(min_size=1, max_size=5), st.integers()), st.booleans())
def test_all_keys_are_found(value: dict[str, int], is_ascii: bool) -> None:
    text = json.dumps([value], ensure_ascii=is_ascii)
    assert set(keys(text.encode())) == set(value)


def test_values_and_long_keys_are_left_out() -> None:
    payload = json.dumps({"a": "b", "x" * (MAX_KEY + 1): ["c"], "d": {"e": 1}}).encode()
    assert list(keys(payload)) == ["a", "d", "e"]


def test_what_is_cut_or_no_json_does_no_harm() -> None:
    assert list(keys(b'{"a": 1, "b')) == ["a"]
    assert list(keys(b'\xff\xfe"\xff": "\\q": ')) == []
