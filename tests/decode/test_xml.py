"""XML: the payloads that are, the tree, and the document that is written of one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.xml import XmlDecoder

XML = XmlDecoder()
TEXT = Context("text")
BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;&b;&b;&b;</a>'


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("<a/>", 0.85),
        ('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>é</a>\n', 0.85),
        ("<!-- a comment --><a b='1'>text</a>", 0.85),
        ('<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://a.test/svg11.dtd"><svg/>', 0.85),
        ("<stream:stream to='a'><x:y/></stream:stream>", 0.85),
        ("<a>" + "<b/>" * 5000 + "</a>", 0.45),
        ("<a>" + "<b></c>" * 5000 + "</a>", 0),
        ("", 0),
        ("<", 0),
        ("< a >", 0),
        ("<3", 0),
        ("<a>", 0),
        ("<a><b></a>", 0),
        ("<a/><b/>", 0),
        ("<a/> and so on", 0),
        ("<!DOCTYPE html><html><br></html>", 0),
        ("<p>a &nbsp; b</p>", 0),
        ("<a>" * 300 + "</a>" * 300, 0),
        (BOMB, 0),
        ("text <a/>", 0),
    ],
)
def test_only_a_well_formed_document_is_xml_and_a_long_one_is_guessed(
    text: str, confidence: float
) -> None:
    assert XML.confidence(text.encode(), TEXT) == confidence


def test_the_beginning_of_a_document_is_guessed_without_the_rest() -> None:
    assert XML.confidence("<a><b>é".encode()[:-1], Context("text", is_cut=True)) == 0.45
    assert XML.confidence(b"\xff<a/>", TEXT) == 0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("<a/>", {"a": ""}),
        ("<a>text</a>", {"a": "text"}),
        ("<a> </a>", {"a": " "}),
        ("<a b='1'/>", {"a": {"@b": "1"}}),
        ("<a b='1'>x &lt; y &#233;</a>", {"a": {"@b": "1", "#text": "x < y é"}}),
        ("<a>\n  <b>1</b>\n  <c/>\n</a>", {"a": {"b": "1", "c": ""}}),
        ("<a><b>1</b><c/><b>2</b></a>", {"a": {"b": ["1", "2"], "c": ""}}),
        ("<a>Hello <b>you</b>!</a>", {"a": {"b": "you", "#text": "Hello !"}}),
        ("<a><![CDATA[<b>&]]>amp;</a>", {"a": "<b>&amp;"}),
        ("<a:b:c><_1.-·é/></a:b:c>", {"a:b:c": {"_1.-·é": ""}}),
        (
            "<x:a xmlns:x='urn:x' x:b='1'><x:c/></x:a>",
            {"x:a": {"@xmlns:x": "urn:x", "@x:b": "1", "x:c": ""}},
        ),
        ("<?pi 1?><!-- c --><a><!-- c --><?pi?></a>", {"a": ""}),
        ("<!DOCTYPE a [<!ATTLIST a b CDATA 'no'>]><a/>", {"a": ""}),
    ],
)
def test_a_document_is_a_tree_that_can_be_written(text: str, value: Value) -> None:
    assert XML.decode(text.encode(), TEXT).value == value
    assert XML.decode(XML.encode(value), TEXT).value == value


_texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"))


@given(_texts, _texts)
def test_any_text_can_be_written(attribute: str, text: str) -> None:
    value: Value = {"a": {"@b": attribute + "\t\n\r\"'", "#text": text + "\r\n]]>&"}}
    assert XML.decode(XML.encode(value), TEXT).value == value


def test_long_documents_of_any_shape_are_read() -> None:
    value = XML.decode(b"<a>" + b"<b>1</b>" * 100_000 + b"</a>", TEXT).value
    assert isinstance(value, dict)
    assert value == {"a": {"b": ["1"] * 100_000}}


@pytest.mark.parametrize(
    ("text", "offset", "reason"),
    [
        ("<a><b></a>", 8, "mismatched tag"),
        ("<a>", 3, "no element found"),
        ("", 0, "no element found"),
        ("<a>\0</a>", 3, "not well-formed"),
        ("<a>é&x;</a>", 5, "undefined entity"),
        (BOMB, 24, "entities"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&x;</a>', 43, "entities"),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 51, "entities"),
        ("<a>" * 300, 256 * 3, "256 levels"),
        ("<a>" + "<b/>" * 600_000, 499_999 * 4 + 3, "elements"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, offset: int, reason: str) -> None:
    with pytest.raises(DecodeError, match=reason) as caught:
        XML.decode(text.encode(), TEXT)
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {},
        {"a": "", "b": ""},
        {"a": ["1", "2"]},
        {"a": 1},
        {"a b": ""},
        {"1": ""},
        {"a×": ""},
        {"": ""},
        {"a": {"@b c": "1"}},
        {"a": {"@b": 1}},
        {"a": {"b": None}},
        {"a": "\0"},
        {"a": "\ud800"},
        {"a><b": ""},
    ],
)
def test_what_has_no_document_is_refused(value: Value) -> None:
    with pytest.raises(ValueError, match=r"XML|element"):
        XML.encode(value)


def test_a_value_that_is_too_deep_is_refused() -> None:
    value: Value = ""
    for _level in range(5000):
        value = {"a": value}
    with pytest.raises(ValueError, match="256 levels"):
        XML.encode(value)
