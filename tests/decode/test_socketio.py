"""Packets of Socket.IO, among them events whose attachments are messages of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.socketio import MAX_ATTACHMENTS, SocketIoDecoder
from tests.decode.reading import plain, read
from tests.decode.transcripts import Transcript

DECODER = SocketIoDecoder()
NAMES = ("socketio", "socketio-upgrade", "socketio-refused", "socketio2", "socketio2-refused")
TEXT = Context("text", "received", "ws://localhost/socket.io/?EIO=4&transport=websocket")


@pytest.mark.parametrize("name", NAMES)
def test_a_real_connection_is_read(name: str) -> None:
    reading = read(name, DECODER)
    ends = {  # of packets with attachments, which the transcripts name by the first of their lines
        one["frames"][0]: one["line"] for one in Transcript(name).expected if "frames" in one
    }
    for expected in Transcript(name).expected:
        protocol, _, kind = expected["type"].partition(" ")
        if protocol == "websocket":
            continue
        line = expected["line"]
        if kind.startswith("BINARY header"):
            assert reading.messages[line] == []
            continue
        _check(reading.messages[line][0], reading.values[line], kind, expected)
        if "pairs_with" in expected:
            assert reading.pairs[line, 0] == ends.get(
                expected["pairs_with"], expected["pairs_with"]
            )
    assert all(confidence == 0.95 for confidence in reading.confidences.values())


def _check(message: Any, value: Any, kind: str, expected: dict[str, Any]) -> None:
    assert message.type.removeprefix("BINARY_") == kind.removeprefix("BINARY_")
    assert value["type"] == message.type
    assert message.is_error is (kind in ("CONNECT_ERROR", "ERROR"))
    if "namespace" in expected:
        assert value["nsp"] == expected["namespace"]
    if "values" in expected:
        assert message.value == plain(expected["values"])
    assert message.id == str(expected.get("id", ""))
    if "name" in expected:
        assert message.name == expected["name"]


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_can_be_read_from_the_middle(name: str) -> None:
    for begin in range(2, 40):
        reading = read(name, DECODER, begin)
        assert None not in reading.values.values()


def test_an_upgrade_from_polling_is_a_probe_and_its_answer() -> None:
    reading = read("socketio-upgrade", DECODER)
    assert [reading.messages[line][0].type for line in (2, 3, 4)] == ["ping", "pong", "upgrade"]
    assert reading.pairs[3, 0] == 2
    assert reading.summaries[2] == "ping probe" or reading.summaries[2] == 'ping "probe"'


@pytest.mark.parametrize("name", NAMES)
def test_packets_can_be_written_again(name: str) -> None:
    for line in Transcript(name).lines():
        alone = replace(line.context, memory={})
        value = DECODER.decode(line.payload, alone).value
        again = DECODER.encode(value)
        assert DECODER.decode(again, replace(alone, memory={})).value == value


@pytest.mark.parametrize(
    ("value", "payload"),
    [
        ({"type": "EVENT", "nsp": "/", "data": ["a", "\ud800"]}, b'42["a","\\ud800"]'),
        ({"type": "EVENT", "id": 3, "nsp": "/x", "data": ["a"]}, b'42/x,3["a"]'),
        ({"type": "CONNECT", "nsp": "/"}, b"40"),
        ({"type": "ping", "data": "probe"}, b"2probe"),
    ],
)
def test_a_packet_is_written_as_the_protocol_says(value: Value, payload: bytes) -> None:
    assert DECODER.encode(value) == payload


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"type": "HELLO"},
        {"type": "EVENT", "data": []},
        {"type": "EVENT", "data": ["a"], "id": True},
        {"type": "EVENT", "data": ["a", b"bytes"]},
        {"type": "EVENT", "data": ["a"], "nsp": "x"},
        {"type": "BINARY_EVENT", "data": ["a"]},
        {"type": "pong", "data": "other"},
    ],
)
def test_a_wrong_packet_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"", 0),
        (b"9", 0),
        (b"4", 1),
        (b"42", 2),
        (b"42[]", 2),
        (b'42["a"', 6),
        (b'410["a"]', 3),
        (b"41[1]", 2),
        (b"2x", 1),
        (b"0[]", 1),
        (b'42["a",' + b"[" * 257 + b"]" * 257 + b"]", 2),
        (b"42" + b"[" * 100_000, 100_002),
        (b'451025-["a"]', 2),
    ],
)
def test_a_wrong_packet_is_refused_with_an_offset(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, replace(TEXT, memory={}))
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "data",
    [
        b'{"_placeholder":true,"num":1}',
        b'{"_placeholder":true,"num":0},{"_placeholder":true,"num":0}',
    ],
)
def test_a_packet_is_refused_that_places_its_attachment_wrongly(data: bytes) -> None:
    context = replace(TEXT, memory={})
    DECODER.decode(b'451-["a",' + data + b"]", context)
    with pytest.raises(DecodeError, match="no attachment"):
        DECODER.decode(b"\x01", replace(context, kind="binary"))


def test_attachments_are_limited() -> None:
    context = replace(TEXT, memory={})
    DECODER.decode(f'45{MAX_ATTACHMENTS}-["a"]'.encode(), context)
    binary = replace(context, kind="binary")
    for _nth in range(16):
        DECODER.decode(bytes(1024 * 1024 - 2), binary)
    with pytest.raises(DecodeError, match="16,777,216"):
        DECODER.decode(bytes(1024), binary)
    assert DECODER.decode(b"later", binary).value == b"later"


@pytest.mark.parametrize(
    ("payload", "endpoint", "name"),
    [
        (b'42["a"]', TEXT.endpoint, "Socket.IO"),
        (b"2", TEXT.endpoint, "Socket.IO"),
        (b"hello", TEXT.endpoint, "Text"),
        (b'{"a":1}', TEXT.endpoint, "JSON"),
        (b'0{"sid":"x","upgrades":[],"pingInterval":1}', "", "Socket.IO"),
        (b'42["a"]', "", "Socket.IO"),  # a guess
        (b"2", "", "Text"),
        (b"55.49", "", "Text"),
        (b"42[1,2]", "", "Text"),
        (b"40{}", "", "Text"),
    ],
)
def test_packets_are_recognised_by_the_endpoint(payload: bytes, endpoint: str, name: str) -> None:
    context = replace(TEXT, endpoint=endpoint, memory={})
    best = REGISTRY.best(payload, context)
    assert best.name == name
    assert REGISTRY.is_guess(best, payload, context) is (
        name == "Socket.IO" and payload == b'42["a"]' and not endpoint
    )


def test_showing_an_attachment_does_not_count_it() -> None:
    context = replace(TEXT, memory={})
    DECODER.decode(b'451-["a",{"_placeholder":true,"num":0}]', context)
    binary = replace(context, kind="binary")
    assert DECODER.summary(b"\x01", binary) == 'BINARY_EVENT a [{"$bytes":"AQ=="}]'
    assert DECODER.decode(b"\x01", binary).messages[0].value == [b"\x01"]
