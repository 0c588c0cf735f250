"""JSON of any depth and number length is read as Python's json reads it, written and compared."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import DecodeError
from spacebeam.decode.json_values import _read_deep, begins_like_json, read_json, same, written

DEPTH = 100_000
LONG = "7" * 100_000  # digits

documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)
layouts = st.sampled_from((None, 0, 1, "\t"))
# Texts of JSON's characters are sometimes JSON and often incomplete.
alphabet = st.text(alphabet='{}[],:"\\ \n\t-+01.eEtrufalsn\u00e9\ufeff\x01', max_size=24)


def _read_deeply(text: str) -> object:
    """Return what the reader for deep values finds in a text that is one value."""
    value, end = _read_deep(text, 0)
    assert end == len(text)
    return value


def outcome(text: str) -> str:
    """Return the value that Python's json finds in a text, as `repr` has it, or "error"."""
    try:
        return repr(json.loads(text))
    except ValueError:
        return "error"


def read(payload: bytes) -> str:
    """Return the same from the reader, and check that errors are inside the payload."""
    try:
        return repr(read_json(payload))
    except DecodeError as error:
        found = error
    assert 0 <= found.offset <= len(payload)
    assert str(found)
    return "error"


@given(document=documents, layout=layouts)
def test_a_document_is_read_as_python_reads_it(document: object, layout: Any) -> None:
    text = json.dumps(document, indent=layout, ensure_ascii=layout is None)
    assert read(text.encode()) == outcome(text) == repr(_read_deeply(text))
    assert read(f"\ufeff \r\n{text}\t ".encode()) == outcome(text)


@given(alphabet)
def test_any_text_is_read_as_python_reads_it(text: str) -> None:
    expected = outcome(text.removeprefix("\ufeff"))
    assert read(text.encode()) == expected
    assert read(f'[{{"a":{text}'.encode()) == outcome(f'[{{"a":{text}')


@given(document=documents, place=st.integers(0, 10_000))
def test_a_document_can_be_divided_anywhere(document: object, place: int) -> None:
    whole = json.dumps([document], ensure_ascii=False).encode(errors="surrogatepass")
    payload = whole[: place % len(whole)]
    assert read(payload) == "error"
    if payload:
        assert begins_like_json(payload)


@given(document=documents, text=alphabet)
def test_deep_values_are_read_as_others_are(document: object, text: str) -> None:
    for inner in (json.dumps(document), text):
        found, deep = outcome(inner), read(b"[" * 1100 + inner.encode() + b"]" * 1100)
        assert deep == "error" or "[" * 1100 in deep
        # A text such as `],[` is no value, but may be part of one.
        assert found == "error" or deep == f"{'[' * 1100}{found}{']' * 1100}"


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"b":2,"a":3}',
        '["\\ud800", "\\udc00\\ud800", "\\ud83d\\ude80"]',
        "[NaN,Infinity,-Infinity,-0,-0.0,1e999]",
        '{"":{"":[[],{}]}}',
    ],
)
def test_values_that_python_allows_are_read(text: str) -> None:
    assert read(text.encode()) == outcome(text) == repr(_read_deeply(text))


@pytest.mark.parametrize(
    "text",
    [
        "[" * DEPTH + "]" * DEPTH,
        '{"a":' * DEPTH + "null" + "}" * DEPTH,
        '[{"a":"x","b":' * DEPTH + "1.5" + ',"c":[]},{}]' * DEPTH,
    ],
)
def test_deep_values_are_read_written_and_compared(text: str) -> None:
    value, again = read_json(text.encode()), read_json(f" {text} ".encode())
    assert written(value) == text
    assert same(value, again)
    assert not same(value, read_json(f"[{text}]".encode()))


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        (" ", 1),
        ("hello", 0),
        ("\u00a01", 0),
        ('{"é":1} 2', 9),
        ('["é" 1]', 6),
        ("[1" * DEPTH, 2),
        ("[" * DEPTH, DEPTH),
        ("[" * DEPTH + "]" * DEPTH + "]", 2 * DEPTH),
        ("[" * DEPTH + "}", DEPTH),
        ("[" * DEPTH + "{1", DEPTH + 1),
        ("[" * DEPTH + '{"é"1', DEPTH + 5),
        ("[" * DEPTH + '["é",', DEPTH + 6),
        ("[" * DEPTH + "1 2", DEPTH + 2),
    ],
)
def test_an_error_has_its_offset_in_bytes(text: str, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        read_json(text.encode())
    assert caught.value.offset == offset


def test_bytes_that_are_not_utf_8_are_an_error_at_the_first_of_them() -> None:
    with pytest.raises(DecodeError, match="UTF-8") as caught:
        read_json(b'{"a":"\xed\xa0\x80"}')
    assert caught.value.offset == 6


@pytest.mark.parametrize("depth", [0, 1100])
def test_a_number_may_have_any_length(depth: int) -> None:
    texts = (LONG, f"-{LONG}", f"{LONG}.5", f"1e-{LONG}", f"0.{LONG}")
    value: Any = read_json(f"{'[' * depth}[{','.join(texts)}]{']' * depth}".encode())
    for _level in range(depth):
        (value,) = value
    assert value == [Decimal(LONG), Decimal(f"-{LONG}"), float("inf"), 0.0, float(f"0.{LONG}")]
    assert written(value[:2]) == f"[{LONG},-{LONG}]"


def test_a_long_integer_is_equal_to_the_same_integer() -> None:
    value = read_json(b"1" + b"0" * 5000)
    assert same(value, 10**5000)
    assert not same(value, 10**5000 + 1)
    assert written(10**5000) == written(value) == "1" + "0" * 5000


@given(documents)
def test_a_value_is_written_as_python_writes_it(document: Any) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    assert written(document) == text
    assert written([document, 10**5000]) == f"[{text},1{'0' * 5000}]"


def test_bytes_are_not_written() -> None:
    with pytest.raises(ValueError, match="bytes"):
        written([b"x"])


@given(documents, documents)
def test_a_value_equals_itself_after_a_round_trip_and_equality_is_symmetric(
    one: Any, other: Any
) -> None:
    constants: list[str] = []  # not the texts and keys that read “NaN”
    json.loads(written(one), parse_constant=constants.append)
    assert same(one, json.loads(written(one))) is ("NaN" not in constants)
    assert same(one, other) is same(other, one)


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (None, False, False),
        ({"a": [1]}, {"a": [1.0]}, True),
        ({"a": [1]}, {"a": [True]}, False),
        ({"a": 1}, {"b": 1}, False),
        ([1], [1, 2], False),
        ([], {}, False),
    ],
)
def test_values_are_compared_as_json(one: Any, other: Any, are_same: bool) -> None:
    assert same(one, other) is are_same
    assert same(other, one) is are_same


@pytest.mark.parametrize(
    "head",
    [
        b"hello",
        b"55.49",
        b"",
        b"{a: 1, and so on}",
        b'["\xff and so on',
        b"[1] 2",
        b"[info] it began to rain",
    ],
)
def test_other_texts_do_not_look_like_the_beginning_of_json(head: bytes) -> None:
    assert not begins_like_json(head)
