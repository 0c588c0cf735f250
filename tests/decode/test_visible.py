"""Control characters made visible."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.visible import escaped, lines, one_line, set_pictures


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("grüße 🚀 文", "grüße 🚀 文"),
        ("a\nb\tc\r", "a␊b␉c␍"),
        ("\x00\x1b[31m\x7f", "␀␛[31m␡"),
        ("\x9b31m", "⟨009B⟩31m"),
        ("user\u202etxt.exe", "user⟨202E⟩txt.exe"),
        ("\u2066\u2069\u200b\u200f\ufeff\u061c", "⟨2066⟩⟨2069⟩⟨200B⟩⟨200F⟩⟨FEFF⟩⟨061C⟩"),
        ("\u2028\u2029", "⟨2028⟩⟨2029⟩"),
        ("👩\u200d👩🏽\u200d👧 ❤\ufe0f\u200d🔥", "👩\u200d👩🏽\u200d👧 ❤\ufe0f\u200d🔥"),
        ("a\u200db👩\u200d\u200d👧\n👩\u200d", "a⟨200D⟩b👩⟨200D⟩⟨200D⟩👧␊👩⟨200D⟩"),
    ],
)
def test_control_characters_become_symbols(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_line_feeds_and_tabs_stay_with_lines() -> None:
    assert lines("a\n\tb\r\n\x1b") == "a\n\tb␍\n␛"


@given(st.text() | st.text("\u200d\u2066👩\n"))
def test_any_visible_text_has_no_control_characters(text: str) -> None:
    shown = one_line(text)
    assert not any(unicodedata.category(character) in ("Cc", "Zl", "Zp") for character in shown)
    assert not any(
        unicodedata.bidirectional(character) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI")
        for character in shown
    )
    assert len(shown.splitlines()) <= 1
    assert set(lines(text)) - set(shown) <= {"\n", "\t"}


@given(st.binary() | st.text("\\nx0\u200d\u2028👩\n").map(str.encode))
def test_escaped_bytes_are_visible_and_can_be_read_back(payload: bytes) -> None:
    written = escaped(payload)
    assert one_line(written) == written
    assert len(written.splitlines()) <= 1
    assert _read_back(written) == payload


def _read_back(written: str) -> bytes:
    names = {"n": b"\n", "r": b"\r", "t": b"\t", "\\": b"\\"}

    def payload(match: re.Match[str]) -> bytes:
        plain, byte, short, long, name = match.groups()
        if plain:
            return plain.encode()
        return (
            bytes.fromhex(byte) if byte else names.get(name) or chr(int(short or long, 16)).encode()
        )

    piece = r"([^\\])|\\x(..)|\\u(....)|\\U(.{8})|\\([nrt\\])"
    assert re.fullmatch(f"(?:{piece})*", written)
    return b"".join(payload(match) for match in re.finditer(piece, written))


def test_code_points_take_the_place_of_pictures_that_no_font_has() -> None:
    set_pictures(False)
    try:
        assert one_line("a\nb\tc\r\0\x1b\x7f") == "a\u21b5b\u21e5c⟨000D⟩⟨0000⟩⟨001B⟩⟨007F⟩"
        assert lines("a\n\tb\r") == "a\n\tb⟨000D⟩"
    finally:
        set_pictures(True)
    assert one_line("\n") == "\u240a"
