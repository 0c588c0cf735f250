"""XML as indented text."""

from __future__ import annotations

import copy
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import MAX_SPAN, Style
from spacebeam.decode.xml_layout import XmlRendering


def shown(text: str) -> str:
    return "".join(span.text for span in XmlRendering(text.encode()))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("<a/>", ["<a/>"]),
        ("<a><b>1</b><c/></a>", ["<a>", "  <b>1</b>", "  <c/>", "</a>"]),
        (
            "\ufeff\n<a >\n\n<b  c = '1'\n d=\"2\" /></a >\n",
            ["<a>", "  <b c= '1' d=\"2\"/>", "</a>"],
        ),
        ("<a></a>", ["<a></a>"]),
        (
            '<?xml version="1.0"?><!DOCTYPE a><!-- c --><a><!----><b/></a>',
            [
                '<?xml version="1.0"?>',
                "<!DOCTYPE a>",
                "<!-- c -->",
                "<a>",
                "  <!---->",
                "  <b/>",
                "</a>",
            ],
        ),
        (
            "<a><p>Hello <b>big <i>x</i></b> <b>you</b>\n</p><q/></a>",
            ["<a>", "  <p>Hello <b>big <i>x</i></b> <b>you</b>", "</p>", "  <q/>", "</a>"],
        ),
        ("<a><![CDATA[<b>]]]><b/></a>", ["<a><![CDATA[<b>]]]><b/></a>"]),
        ("<a><b><c>", ["<a>", "  <b>", "    <c>"]),
        ("<a b='1", ["<a b='1"]),
        ("<a <b>", ["<a ", "<b>"]),
        ("</a></b>x", ["</a>", "</b>x"]),
    ],
)
def test_elements_are_indented_unless_they_are_beside_text(text: str, lines: list[str]) -> None:
    assert shown(text).split("\n") == lines


def test_parts_have_their_colours() -> None:
    spans = [span for span in XmlRendering(b'<a b="1">x</a><!-- c -->') if span.text]
    assert [(span.text, span.style) for span in spans] == [
        ("<", Style.PUNCTUATION),
        ("a", Style.KEY),
        (" ", Style.PLAIN),
        ("b", Style.LITERAL),
        ("=", Style.PUNCTUATION),
        ('"', Style.STRING),
        ('1"', Style.STRING),
        (">", Style.PUNCTUATION),
        ("x", Style.PLAIN),
        ("</", Style.PUNCTUATION),
        ("a", Style.KEY),
        (">", Style.PUNCTUATION),
        ("\n<!--", Style.PUNCTUATION),
        (" c -->", Style.PUNCTUATION),
    ]


_parts = st.sampled_from(
    (
        *("<a>", "</a>", "<b c='1'/>", "<!--", "-->", "<![CDATA[", "]]>", "<?p", "?>", "&lt;"),
        *(" ", "\n", "x", "é", '"', "'", "=", "<", ">", "/", "x" * 3000),
    )
)


@given(st.lists(_parts).map("".join))
def test_any_text_is_shown_whole_but_for_white_space(text: str) -> None:
    spans = list(XmlRendering(text.encode()))
    assert all(len(span.text) <= MAX_SPAN for span in spans)
    words = re.sub(r"\s", "", "".join(span.text for span in spans))
    assert words == re.sub(r"\s", "", text)


def test_a_copy_goes_on_from_the_same_place() -> None:
    rendering = XmlRendering(b"<a>" + b"<b c='1'>x</b>" * 5 + b"</a>")
    while rendering.offset < 30:
        next(rendering)
    again = copy.copy(rendering)
    assert [span.text for span in rendering] == [span.text for span in again]


def test_long_parts_are_shown_in_pieces() -> None:
    for opening, ending in (("<a b='", "'/>"), ("<!--", "-->"), ("<", "/>"), ("<a>", "</a>")):
        text = opening + "é" * 5000 + ending
        assert shown(text) == text
    assert shown("<a>" + " " * 200_000 + "<b/></a>") == "<a>\n  <b/>\n</a>"
