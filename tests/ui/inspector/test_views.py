"""The ways a payload is read, as text in pieces."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Kind
from spacebeam.ui.inspector.views import (
    CLOSE,
    EVENT,
    HEX,
    JSON,
    MAX_LINE,
    TEXT,
    PayloadView,
    broken,
    views_for,
)


def read(view: PayloadView, payload: bytes) -> str:
    return "".join(view.render(payload))


@pytest.mark.parametrize(
    ("kind", "payload", "views"),
    [
        (Kind.TEXT, b"hello", [TEXT, HEX]),
        (Kind.TEXT, b' {"a": 1}', [JSON, TEXT, HEX]),
        (Kind.TEXT, b'{"a": 1', [TEXT, HEX]),
        (Kind.TEXT, b"1", [TEXT, HEX]),
        (Kind.BINARY, b"\x00\x01", [HEX, TEXT]),
        (Kind.BINARY, b"[1, 2]", [JSON, TEXT, HEX]),
        (Kind.BINARY, b"[\xff", [HEX, TEXT]),
        (Kind.TEXT, b"", [TEXT, HEX]),
        (Kind.PING, b"now", [HEX, TEXT]),
        (Kind.CLOSE, b"\x03\xe8", [CLOSE, HEX]),
        (Kind.EVENT, b"{}", [EVENT, TEXT]),
    ],
)
def test_the_view_that_fits_a_payload_best_comes_first(
    kind: Kind, payload: bytes, views: list[PayloadView]
) -> None:
    assert views_for(kind, payload) == views


def test_a_cut_json_document_is_still_read_as_json() -> None:
    payload = b'[{"name": "' + b"x" * 300_000
    assert views_for(Kind.TEXT, payload)[0] is JSON
    assert read(JSON, payload).startswith('[\n  {\n    "name": "xxx')


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_indented_json_means_the_same(value: object) -> None:
    assert json.loads(read(JSON, json.dumps([value]).encode())) == [value]


@pytest.mark.parametrize("text", ["é" * 5000, "a€😀" * 3000])
def test_a_letter_that_lies_on_the_border_of_two_pieces_is_kept(text: str) -> None:
    assert read(TEXT, text.encode()) == text


def test_bytes_that_are_no_utf8_are_replaced() -> None:
    assert read(TEXT, b"a\xffb") == "a\ufffdb"


def test_control_characters_are_seen_and_line_feeds_obeyed() -> None:
    assert read(TEXT, b"one\ntwo\x1b[2J\x00") == "one\ntwo␛[2J␀"


def test_a_close_frame_is_its_code_in_words_and_the_reason() -> None:
    assert read(CLOSE, b"\x03\xe9restart\x07") == "1001 going away: restart␇"
    assert read(CLOSE, b"\x03\xe8") == "1000 normal closure"


def test_hex_is_a_line_for_sixteen_bytes() -> None:
    first, second = read(HEX, bytes(range(0x41, 0x41 + 17))).split("\n")
    assert first.startswith("00000000  41 42")
    assert first.endswith("ABCDEFGHIJKLMNOP")
    assert second.startswith("00000010  51")


@given(st.lists(st.text(alphabet="ab\n", max_size=5000), max_size=6))
def test_long_lines_are_broken_and_nothing_is_lost(pieces: list[str]) -> None:
    shown = "".join(broken(iter(pieces)))
    assert max(map(len, shown.split("\n"))) <= MAX_LINE
    assert shown.replace("\n", "") == "".join(pieces).replace("\n", "")


def test_a_line_of_just_the_greatest_length_is_left_alone() -> None:
    line = "x" * MAX_LINE
    assert "".join(broken([line, "\n", line])) == f"{line}\n{line}"


@pytest.mark.parametrize("view", [TEXT, JSON, HEX])
def test_a_long_payload_comes_in_pieces(view: PayloadView) -> None:
    pieces = view.render(b"[1]" * 200_000)
    assert len(next(pieces)) < 64 * 1024
