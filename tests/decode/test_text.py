"""Text rendered in pieces."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import MAX_SPAN
from spacebeam.decode.text import TextRendering
from spacebeam.decode.visible import lines

FAMILY = "👩\u200d👩🏽\u200d👧"


def rendered(payload: bytes) -> str:
    return "".join(span.text for span in TextRendering(payload))


@pytest.mark.parametrize("text", ["é" * 5000, "a€😀" * 3000, (FAMILY + " ") * 1000])
def test_a_character_between_two_pieces_is_decoded(text: str) -> None:
    assert rendered(text.encode()) == text


@given(st.binary(max_size=100), st.integers(1000, 1030))
def test_pieces_are_the_same_text_as_the_whole(end: bytes, size: int) -> None:
    payload = b"x" * size + end * 3
    assert rendered(payload) == lines(payload.decode(errors="replace"))


@pytest.mark.parametrize("byte", [b"\x80", b"\xf0", b"\xc2\x80", b"\xe2\x80\x8b", b"\x1b"])
def test_the_size_of_a_piece_is_limited_and_a_copy_continues(byte: bytes) -> None:
    rendering = TextRendering(byte * 10_000)
    assert len(next(rendering).text) <= MAX_SPAN
    other = copy.copy(rendering)
    assert [span.text for span in rendering] == [span.text for span in other]
    assert rendering.offset == len(byte) * 10_000


def test_control_characters_are_visible_and_line_feeds_break_lines() -> None:
    assert rendered(b"one\ntwo\x1b[2J\x00a\xffb") == "one\ntwo␛[2J␀a\ufffdb"
