"""Answers in any encoding, as text."""

from __future__ import annotations

import pytest

from spacebeam.net.answer_text import body_text, head_text


def test_a_head_is_utf_8_or_else_latin_1() -> None:
    assert head_text("Não".encode()) == "Não"
    assert head_text("Não".encode("latin-1")) == "Não"
    assert head_text(bytes(range(0x80, 0x100)))


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        ("olá".encode(), None, "olá"),
        ("olá".encode("latin-1"), None, "olá"),
        ("temporário não".encode("latin-1"), "text/plain", "temporário não"),
        ("你好".encode("gbk"), "text/html; charset=GBK", "你好"),
        ("你好".encode("gbk"), "text/html;charset='gb2312'", "你好"),
        ('<meta charset="gbk">你好'.encode("gbk"), "text/html", '<meta charset="gbk">你好'),
        ("привет".encode("koi8-r"), 'text/plain; Charset="KOI8-R"', "привет"),
        ("olá".encode(), "text/plain; charset=nonsense", "olá"),
        ("olá".encode(), "text/plain; charset=base64", "olá"),
        ("olá".encode(), "text/plain; charset=punycode", "olá"),
        ("olá".encode(), "text/plain; charset=ascii", "olá"),
        ("olá".encode("latin-1"), "text/plain; charset=utf-8", "ol\ufffd"),
        ("日本語".encode()[:-1], None, "日本"),  # cut inside a character
        (b"\x93quoted\x94 \x80 5", None, "“quoted” € 5"),
        (b"", None, ""),
    ],
)
def test_a_body_is_in_its_charset_or_utf_8_or_windows_1252(
    body: bytes, content_type: str | None, text: str
) -> None:
    assert body_text(body, content_type) == text


@pytest.mark.parametrize(
    "charset", ["", "gbk", "utf-16", "utf-7", "unicode_escape", "idna", "x" * 99]
)
def test_no_bytes_are_an_error(charset: str) -> None:
    assert body_text(bytes(range(256)) * 4, f"text/plain; charset={charset}")
