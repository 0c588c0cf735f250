"""Values that JSON has no type for are written as objects, and read back."""

from __future__ import annotations

import math

import pytest

from spacebeam.decode.decoder import Value
from spacebeam.decode.extended_json import object_or_map, read_extended, written_extended


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"a": [b"\x00\xff\x80"]}, '{"a":[{"$bytes":"AP+A"}]}'),
        ([math.inf, -math.inf], '[{"$float":"Infinity"},{"$float":"-Infinity"}]'),
        ({"$tag": 32, "value": "http://a.test/"}, '{"$tag":32,"value":"http://a.test/"}'),
        ([1, 2.5, None, True, "é", 2**80], f'[1,2.5,null,true,"é",{2**80}]'),
    ],
)
def test_a_value_is_written_and_read_back(value: Value, text: str) -> None:
    assert written_extended(value) == text
    assert read_extended(text.encode()) == value


def test_not_a_number_is_read_back() -> None:
    value = read_extended(written_extended(math.nan).encode())
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"$bytes":"A"}', r"\$bytes is not Base64"),
        (b'{"$float":"1"}', r"\$float is NaN, Infinity or -Infinity"),
        (b"{", "Expecting property name"),
    ],
)
def test_what_is_wrong_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_extended(text)


def test_an_object_with_another_key_is_no_extension() -> None:
    assert read_extended(b'{"$bytes":"AP+A","more":1}') == {"$bytes": "AP+A", "more": 1}


def test_a_map_with_other_keys_is_a_list_of_pairs() -> None:
    assert object_or_map([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}
    assert object_or_map([("a", 1), ("a", 2)]) == {"$map": [["a", 1], ["a", 2]]}
    assert object_or_map([(1, "one")]) == {"$map": [[1, "one"]]}


def test_a_value_of_any_depth_is_written() -> None:
    value: Value = b"\xff"
    for _level in range(5000):
        value = [{"a": value}]
    written = written_extended(value)
    assert written == '[{"a":' * 5000 + '{"$bytes":"/w=="}' + "}]" * 5000


def test_a_text_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(ValueError, match="nested too deeply"):
        read_extended(b"[" * 5000 + b"]" * 5000)
