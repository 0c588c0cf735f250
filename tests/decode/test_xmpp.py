"""Elements of XMPP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.xmpp import XmppDecoder
from tests.decode.reading import fresh, read
from tests.decode.transcripts import Transcript

DECODER = XmppDecoder()
NAMES = ("xmpp", "xmpp-refused")
TEXT = Context("text", "received", "ws://localhost/xmpp-websocket", "xmpp")


@pytest.mark.parametrize("name", NAMES)
def test_a_real_connection_is_read(name: str) -> None:
    reading = read(name, DECODER)
    for expected in Transcript(name).expected:
        line = expected["line"]
        (message,) = reading.messages[line]
        assert message.type == expected["type"]
        assert message.id == expected.get("id", "")
        _check_element(reading.values[line], expected["values"])
        if "pairs_with" in expected:
            assert reading.pairs[line, 0] == expected["pairs_with"]
    assert set(reading.confidences.values()) == {0.95}


def _check_element(value: Value, expected: dict[str, Any]) -> None:
    assert isinstance(value, dict)
    names = expected.get("children_names")
    if names is None:
        assert value == expected
        return
    children = value["children"]
    assert isinstance(children, list)
    assert [child["name"] for child in children if isinstance(child, dict)] == names


def test_a_message_carries_its_body() -> None:
    reading = read("xmpp", DECODER)
    assert reading.summaries[18] == 'message chat "héllo 🎉 <b>not markup</b> & more"'
    assert reading.messages[8][0].value == "dj1MWEw0VmpZMDZFYUJVdGNTOFBUVktLL3FrbGM9"


def test_the_sign_in_and_stream_management_are_paired() -> None:
    reading = read("xmpp", DECODER)
    assert [reading.pairs[line, 0] for line in (3, 6, 7, 8)] == [2, 5, 6, 7]
    assert reading.pairs[17, 0] == 15
    refused = read("xmpp-refused", DECODER)
    assert refused.pairs[8, 0] == 7
    assert refused.messages[8][0].is_error
    assert reading.messages[21][0].is_error


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_can_be_read_from_the_middle(name: str) -> None:
    whole = read(name, DECODER)
    for begin in range(2, 50, 3):
        reading = read(name, DECODER, begin)
        assert all(reading.values[line] == whole.values[line] for line in reading.values)


@pytest.mark.parametrize("name", NAMES)
def test_elements_can_be_written_again(name: str) -> None:
    for line in Transcript(name).lines():
        value = fresh(DECODER, line).value
        assert fresh(DECODER, replace(line, payload=DECODER.encode(value))).value == value


@pytest.mark.parametrize(
    "payload",
    [
        b"<a>one<b/>two<c x='1'>three</c></a>",
        b"<a x='&lt;&quot;&apos;&#10;'>&amp;&#13;&#x1F389;</a>",
        b"<p:a xmlns:p='u' xmlns:q='v' q:x='1' p:y='2'><b/></p:a>",
        b"<a xmlns='u'><b xmlns=''/><c xmlns='w'><d/></c></a>",
        b"<a>" + b"long text" * 5000 + b"<!-- cut --> more</a>",
        b"<?xml version='1.0'?><a><!-- no part of it --></a>",
    ],
)
def test_mixed_texts_and_namespaces_can_be_written_again(payload: bytes) -> None:
    value = DECODER.decode(payload, replace(TEXT, memory={})).value
    again = DECODER.encode(value)
    assert DECODER.decode(again, replace(TEXT, memory={})).value == value


def test_a_long_text_is_one_text() -> None:
    value = DECODER.decode(b"<a>" + b"x" * 50_000 + b"</a>", replace(TEXT, memory={})).value
    assert value == {"name": "a", "text": "x" * 50_000}


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"", 0),
        (b"<a>", 3),
        (b"<a></b>", 5),
        (b"<a/><b/>", 4),
        (b"<a>\xff</a>", 3),
        (b"<a>&unknown;</a>", 3),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", 12),
        (b"<a>" * 200, 378),
        (b"<a>" + b"<b/>" * 100_001 + b"</a>", 399_999),
    ],
)
def test_a_wrong_document_is_refused_with_an_offset(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, replace(TEXT, memory={}))
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"name": "a b"},
        {"name": "a", "xmlns": 1},
        {"name": "a", "text": "\0"},
        {"name": "a", "attributes": {"b": 1}},
        {"name": "a", "attributes": {"b c": "1"}},
        {"name": "a", "children": [1]},
        {"name": "a", "children": 1},
    ],
)
def test_a_wrong_element_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("payload", "subprotocol", "name"),
    [
        (b"<a xmlns='urn:xmpp:sm:3' h='1'/>", "xmpp", "XMPP"),
        (b'<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="a"/>', "", "XMPP"),
        (b"<iq type='get' xmlns='jabber:client'/>", "", "XMPP"),
        (b"<iq type='get'/>", "", "XML"),
        (b"<html></html>", "", "XML"),
        (b"hello", "xmpp", "Text"),
    ],
)
def test_elements_are_recognised(payload: bytes, subprotocol: str, name: str) -> None:
    context = replace(TEXT, subprotocol=subprotocol, memory={})
    assert REGISTRY.best(payload, context).name == name
