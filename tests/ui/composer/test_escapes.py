"""Escapes stand for characters that keyboards lack."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.ui.composer.draft_error import DraftError
from spacebeam.ui.composer.escapes import escaped, needs_escapes, resolved


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (r"CONNECT\n\n\0", "CONNECT\n\n\0"),
        (r"a\x1eb", "a\x1eb"),
        (r"\u001e\u{1e}\u{1F600}", "\x1e\x1e\U0001f600"),
        (r"\ud83d\ude00", "\U0001f600"),
        (r"a\\n", "a\\n"),
        (r"\t\r\a\b\e\f\v", "\t\r\a\b\x1b\f\v"),
        ('say "\\x41"', 'say "A"'),
        ("plain", "plain"),
    ],
)
def test_escapes_are_resolved(typed: str, text: str) -> None:
    assert resolved(typed, is_json=False) == text


def test_the_strings_of_json_keep_their_own_escapes() -> None:
    typed = r'{"a": "line\nbreak \" \x1e"}\x1e'
    assert resolved(typed, is_json=True) == typed.removesuffix(r"\x1e") + "\x1e"


@pytest.mark.parametrize(
    ("typed", "offset"),
    [
        (r"ab\q", 2),
        ("\\", 0),
        (r"\x1", 0),
        (r"\u{110000}", 0),
        (r"\u{}", 0),
        (r"a\ud800b", 1),
        (r"\ude00", 0),
    ],
)
def test_a_bad_escape_has_its_place(typed: str, offset: int) -> None:
    with pytest.raises(DraftError) as caught:
        resolved(typed, is_json=False)
    assert caught.value.offset == offset


def test_what_turns_the_order_of_letters_around_is_written_with_escapes() -> None:
    assert escaped("\N{RIGHT-TO-LEFT OVERRIDE}gnp\u2066") == r"\u{202e}gnp\u{2066}"
    assert escaped("שלום") == "שלום"


@given(st.text())
def test_every_text_can_be_written_with_escapes_that_the_field_can_hold(text: str) -> None:
    typed = escaped(text)
    assert resolved(typed, is_json=False) == text
    assert not needs_escapes(typed)
