"""Frames of SockJS, and what their messages have inside."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.sockjs import SockJsDecoder
from tests.decode.reading import fresh, plain, read
from tests.decode.transcripts import Transcript

DECODER = SockJsDecoder()
TEXT = Context("text", "received", "ws://localhost/echo/072/hejzbqbf/websocket")
TYPES = {"array of messages": "message", "messages": "message"}  # of the messages inside
CONNECTED = "CONNECTED\nversion:1.2\n\n\0"


def test_a_real_connection_is_read() -> None:
    reading = read("sockjs", DECODER)
    for expected in Transcript("sockjs").expected:
        if expected["type"].startswith("websocket"):
            continue
        line, kind = expected["line"], expected["type"]
        (message,) = reading.messages[line]
        assert message.type == TYPES.get(kind, kind)
        value = reading.values[line]
        assert isinstance(value, dict)
        for key, wanted in plain(expected.get("values", {})).items():
            found = value[key]
            if isinstance(found, list):  # a message that is itself JSON is decoded
                wanted = [json.loads(one) if one[:1] == "{" else one for one in wanted]
            assert found == wanted
    assert set(reading.confidences.values()) == {0.95}


def test_a_connection_can_be_read_from_the_middle() -> None:
    whole = read("sockjs", DECODER)
    for begin in range(2, 16):
        reading = read("sockjs", DECODER, begin)
        assert all(reading.messages[line] == whole.messages[line] for line in reading.messages)


def test_frames_can_be_written_again() -> None:
    for line in Transcript("sockjs").lines():
        value = fresh(DECODER, line).value
        assert fresh(DECODER, replace(line, payload=DECODER.encode(value))).value == value


def test_frames_of_stomp_are_decoded_inside_with_what_they_refer_to() -> None:
    received = replace(TEXT, memory={})
    sent = replace(received, direction="sent")
    DECODER.decode(json.dumps(["CONNECT\naccept-version:1.2\n\n\0"]).encode(), sent)
    answer = DECODER.decode(b"a" + json.dumps([CONNECTED, "\n"]).encode(), received)
    assert [message.type for message in answer.messages] == ["CONNECTED", "heart-beat"]
    assert answer.messages[0].answers == "CONNECT"
    frame: Value = {"command": "CONNECTED", "headers": {"version": "1.2"}, "body": ""}
    assert answer.value == {"frame": "a", "messages": [frame, {"heart-beat": "\n"}]}
    assert json.loads(DECODER.encode(answer.value)[1:]) == [CONNECTED, "\n"]


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"", 0),
        (b"x", 0),
        (b"oo", 1),
        (b"a{}", 1),
        (b"a[1]", 1),
        (b'a["', 2),
        (b"c[]", 1),
        (b'c["a","b"]', 1),
        (b"a" + b"[" * 300 + b"]" * 300, 1),
        (b"[" + b'"",' * 100_001 + b'""]', 0),
    ],
)
def test_a_wrong_frame_is_refused_with_an_offset(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, replace(TEXT, memory={}))
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "value",
    [None, {}, {"frame": "x"}, {"messages": 1}, {"messages": [b"bytes"]}],
)
def test_a_wrong_frame_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("payload", "endpoint", "name"),
    [
        (b"o", TEXT.endpoint, "SockJS"),
        (b'a["b"]', TEXT.endpoint + "?token=1", "SockJS"),
        (b'["b"]', TEXT.endpoint, "SockJS"),
        (b"[1]", TEXT.endpoint, "JSON"),
        (b"other", TEXT.endpoint, "Text"),
        (b"o", "ws://localhost/websocket", "Text"),
        (b'a["b"]', "ws://localhost/", "Text"),
    ],
)
def test_frames_are_recognised_by_the_endpoint(payload: bytes, endpoint: str, name: str) -> None:
    context = replace(TEXT, endpoint=endpoint, memory={})
    assert REGISTRY.best(payload, context).name == name
