"""Frames of STOMP, several in a payload and one over several payloads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.stomp import StompDecoder
from spacebeam.decode.unfinished import MAX_UNFINISHED
from tests.decode.reading import fresh, plain, read
from tests.decode.transcripts import Transcript

DECODER = StompDecoder()
NAMES = ("stomp", "stomp-badlogin", "stomp-binary", "stomp-error", "stomp-split")
KNOWN = Context("text", "received", "ws://localhost/ws", "v12.stomp")
MESSAGE = b"MESSAGE\nsubscription:s\nmessage-id:1\n\nhello\0"


@pytest.mark.parametrize("name", NAMES)
def test_a_real_connection_is_read(name: str) -> None:
    reading = read(name, DECODER)
    for expected in Transcript(name).expected:
        line, kind = expected["line"], expected["type"]
        (message,) = reading.messages[line]
        assert message.type == kind
        assert message.is_error is (kind == "ERROR")
        assert message.id == expected.get("id", "")
        if kind == "heart-beat":
            assert reading.values[line] == {"heart-beat": "\n"}
            continue
        value = reading.values[line]
        assert value == {"command": kind, **plain(expected["values"])}
        if kind != "ERROR":
            assert message.name == expected.get("name", expected.get("transaction", ""))
        if "pairs_with" in expected:
            assert reading.pairs[line, 0] == expected["pairs_with"]
    assert set(reading.confidences.values()) == {0.95}


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_can_be_read_from_the_middle(name: str) -> None:
    for begin in range(2, 60):
        reading = read(name, DECODER, begin)
        if begin < 30 and name == "stomp-split":
            assert reading.messages[37][0].name == "/queue/tx-split"


def test_a_refused_sign_in_answers_the_connect() -> None:
    reading = read("stomp-badlogin", DECODER)
    assert reading.pairs[3, 0] == 2
    assert reading.messages[3][0].name == "Bad CONNECT"


@pytest.mark.parametrize("name", NAMES)
def test_frames_can_be_written_again(name: str) -> None:
    for line in Transcript(name).lines():
        value = fresh(DECODER, line).value
        payload = DECODER.encode(value)
        assert fresh(DECODER, replace(line, payload=payload)).value == value


def test_several_frames_are_in_one_payload_however_it_is_cut() -> None:
    payload = (
        MESSAGE + b"\n\r\n" + MESSAGE.replace(b"hello", b"") + b"RECEIPT\nreceipt-id:7\n\n\0\n"
    )
    whole = DECODER.decode(payload, replace(KNOWN, memory={}))
    assert [message.type for message in whole.messages] == ["MESSAGE", "MESSAGE", "RECEIPT"]
    for size in (1, 2, 3, 7, 50):
        context = replace(KNOWN, memory={})
        messages = [
            message
            for at in range(0, len(payload), size)
            for message in DECODER.decode(payload[at : at + size], context).messages
            if message.type != "heart-beat"
        ]
        assert messages == list(whole.messages)


def test_a_part_says_how_much_of_the_frame_there_is() -> None:
    context = replace(KNOWN, memory={})
    begin = b"SEND\ncontent-length:9\n\n1234"
    assert DECODER.decode(begin, context).value == {
        "part": begin.decode(),
        "bytes": len(begin),
        "of": len(begin) + 6,
    }
    assert DECODER.summary(b"56789\0", context) == 'SEND "123456789"'
    assert DECODER.decode(b"5", context).messages == ()
    assert DECODER.decode(b"6789\0", context).messages[0].value == "123456789"


@pytest.mark.parametrize(
    ("version", "headers"),
    [
        ("1.2", {"a:b": "c\n\\\r", "x": "y"}),
        ("1.1", {"a:b": "c\n\\\r", "x": "y\r"}),
        ("1.0", {"a\\cb": "c\\n\\\\\\r", "x": "y\r"}),
    ],
)
def test_each_version_has_its_escapes(version: str, headers: dict[str, str]) -> None:
    context = replace(KNOWN, subprotocol="", memory={})
    DECODER.decode(f"CONNECTED\nversion:{version}\n\n\0".encode(), context)
    frame = b"MESSAGE\na\\cb:c\\n\\\\\\r\nx:y\r\n\n\0"
    value = DECODER.decode(frame, context).value
    assert value == {"command": "MESSAGE", "headers": headers, "body": ""}


def test_the_first_of_repeated_headers_counts_and_all_are_shown() -> None:
    decoded = DECODER.decode(b"SEND\ndestination:a\ndestination:b\n\n\0", replace(KNOWN, memory={}))
    assert decoded.messages[0].name == "a"
    assert isinstance(decoded.value, dict)
    assert decoded.value["headers"] == {"$map": [["destination", "a"], ["destination", "b"]]}
    assert DECODER.encode(decoded.value) == b"SEND\ndestination:a\ndestination:b\n\n\0"


def test_a_message_of_version_1_1_waits_for_its_acknowledgement_if_it_needs_one() -> None:
    sent = replace(KNOWN, direction="sent", subprotocol="v11.stomp", memory={})
    received = replace(sent, direction="received")
    DECODER.decode(b"SUBSCRIBE\nid:s\nack:client\ndestination:q\n\n\0", sent)
    assert DECODER.decode(MESSAGE, received).messages[0].asks == "ack 1"
    DECODER.decode(b"SUBSCRIBE\nid:t\ndestination:q\n\n\0", sent)
    other = DECODER.decode(MESSAGE.replace(b"subscription:s", b"subscription:t"), received)
    assert other.messages[0].asks == ""
    ack = DECODER.decode(b"ACK\nsubscription:s\nmessage-id:1\n\n\0", sent)
    assert ack.messages[0].answers == "ack 1"


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"SEND\nno colon\n\n\0", 5),
        (b"SEND\na:b\0", 8),
        (b"SEND\n\xff:b\n\n\0", 5),
        (b"SEND\ncontent-length:1\n\nabc\0", 24),
        (MESSAGE + b"hello", len(MESSAGE)),
        (b"SEND\n" + b"a:b\n" * 20_000, 64 * 1024),
    ],
)
def test_a_wrong_frame_is_refused_with_an_offset(payload: bytes, offset: int) -> None:
    context = replace(KNOWN, memory={})
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, context)
    assert caught.value.offset == offset
    assert DECODER.decode(MESSAGE, context).messages[0].value == "hello"


def test_an_unfinished_frame_is_limited() -> None:
    context = replace(KNOWN, memory={})
    DECODER.decode(b"SEND\ncontent-length:999999999999\n\n", context)
    piece = bytes(1024 * 1024)
    for _nth in range(15):
        DECODER.decode(piece, context)
    with pytest.raises(DecodeError, match=f"{MAX_UNFINISHED:,}"):
        DECODER.decode(piece, context)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"command": "HELLO"},
        {"command": "SEND", "headers": {"a": 1}},
        {"command": "SEND", "body": 1},
        {"command": "CONNECT", "headers": {"a:b": "c"}},
        {"command": "SEND", "headers": {"a": "\0"}},
        {"heart-beat": "x"},
    ],
)
def test_a_wrong_frame_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


def test_a_changed_body_has_its_length() -> None:
    value: Value = {"command": "SEND", "headers": {"content-length": "1"}, "body": "ü"}
    assert DECODER.encode(value) == b"SEND\ncontent-length:2\n\n\xc3\xbc\0"
    assert b"content-length:1\n" in DECODER.encode({"command": "SEND", "body": b"\0"})


@pytest.mark.parametrize(
    ("payload", "subprotocol", "name"),
    [
        (MESSAGE, "v12.stomp", "STOMP"),
        (b"\n", "v10.stomp", "STOMP"),
        (MESSAGE, "", "STOMP"),
        (MESSAGE[:-1], "", "Text"),
        (b"\n", "", "Text"),
        (b"ERROR\nsomething failed\n\n", "", "Text"),
        (b"SEND", "", "Text"),
        (b'{"a":1}', "v12.stomp", "JSON"),
    ],
)
def test_frames_are_recognised(payload: bytes, subprotocol: str, name: str) -> None:
    context = replace(KNOWN, subprotocol=subprotocol, memory={})
    assert REGISTRY.best(payload, context).name == name
