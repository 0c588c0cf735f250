"""Text in a terminal's columns."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from spacebeam.cli.columns import broken, cells


def test_wide_characters_take_two_columns_and_accents_none() -> None:
    assert [cells(text) for text in ("ab", "漢字", "é", "e\u0301", "")] == [2, 4, 1, 1, 0]


def test_lines_are_broken_at_spaces() -> None:
    assert list(broken("one two three four", 8, 10)) == ["one two", "three four"]


def test_long_words_are_broken_anywhere() -> None:
    assert list(broken("a" * 10, 4, 3)) == ["aaaa", "aaa", "aaa"]
    assert list(broken("漢字漢", 5, 5)) == ["漢字", "漢"]


def test_nothing_is_one_empty_piece() -> None:
    assert list(broken("", 5, 5)) == [""]


@given(st.text(st.characters(categories=("L", "N", "Zs", "Mn"))), st.integers(2, 9))
def test_every_piece_fits_and_no_character_is_lost(text: str, room: int) -> None:
    pieces = list(broken(text, room, room))
    assert all(cells(piece) <= room for piece in pieces)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
