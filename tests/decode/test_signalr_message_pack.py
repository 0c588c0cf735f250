"""Messages of SignalR in MessagePack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.signalr import SignalRDecoder
from spacebeam.decode.signalr_message_pack import SignalRMessagePackDecoder
from tests.decode.reading import plain
from tests.decode.transcripts import Transcript

DECODER = SignalRMessagePackDecoder()
HANDSHAKE = SignalRDecoder()
NAME = "signalr-msgpack"
BINARY = Context("binary", "received", "ws://localhost/hub")
UPLOADS = (37, 41)  # lines whose messages are of the side that invoked: they answer nothing
CALL = bytes.fromhex("0c 95 01 80 a1 30 a3 41 64 64 92 28 02")


def test_a_real_connection_is_read() -> None:
    values, messages, asked = {}, {}, {}
    for line in Transcript(NAME).lines():
        decoder = REGISTRY.best(line.payload, line.context)
        assert decoder.name in (DECODER.name, HANDSHAKE.name)
        assert decoder.confidence(line.payload, line.context) == 0.95
        decoded = decoder.decode(line.payload, line.context)
        values[line.number], messages[line.number] = decoded.value, decoded.messages
        for message in decoded.messages:
            asked[message.asks] = line.number
    for expected in Transcript(NAME).expected:
        line_number, nth = expected["line"], expected.get("nth_in_message", 1) - 1
        message, value = messages[line_number][nth], values[line_number]
        record = value[nth] if isinstance(value, list) else value
        assert isinstance(record, dict)
        assert message.type == expected["type"]
        assert message.id == expected.get("id", "")
        assert record.get("type") == expected.get("type_code")
        assert plain(expected["values"]).items() <= record.items()
        assert message.is_error is (expected["values"].get("error") is not None)
        assert message.name == expected.get("name", "Sum" if line_number in UPLOADS else "")
        if "pairs_with" in expected and line_number not in UPLOADS:
            assert asked[message.answers] == expected["pairs_with"]


def test_values_that_json_does_not_have_are_kept() -> None:
    results = [one.payload for one in Transcript(NAME).lines() if b"\xa3bin" in one.payload]
    (message,) = DECODER.decode(results[-1], BINARY).messages
    assert message.value == {
        "bin": b"\x00\x01\xff",
        "when": {"$timestamp": "2026-01-02T03:04:05.678Z"},
    }


def test_a_connection_can_be_read_from_the_middle_and_written_again() -> None:
    for line in Transcript(NAME).lines():
        if line.number <= 3:
            continue
        alone = replace(line.context, memory={})
        value = DECODER.decode(line.payload, alone).value
        assert DECODER.decode(DECODER.encode(value), replace(alone, memory={})).value == value


@pytest.mark.parametrize(
    "record",
    [
        [3, {}, "1", 9],
        [1, {}, "1", "a", [], [], 7],
        ["x"],
        [12, {"a": 1}],
    ],
)
def test_messages_of_unknown_forms_are_shown_as_they_are(record: list[Value]) -> None:
    payload = DECODER.encode([record])
    decoded = DECODER.decode(payload, replace(BINARY, memory={}))
    assert decoded.value == [record]
    assert DECODER.encode(decoded.value) == payload


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"\x05\x91\x06", 0),
        (b"\x80", 1),
        (b"\xff\xff\xff\xff\xff\xff", 0),
        (b"\x02\x91\x06\x01\x06", 4),
        (b"\x02\x91\x06\x00", 4),
        (b"\x02\x91\x06\x02\x92\x06", 6),
        (b"\x02\x91\x06" * 100_001, 300_001),
    ],
)
def test_wrong_messages_are_refused_with_an_offset(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, replace(BINARY, memory={}))
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "value", [None, {}, {"type": 1}, {"type": 2, "item": 1}, {"type": 3, "invocationId": 1}]
)
def test_a_wrong_message_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("payload", "memory", "name"),
    [
        (b"\x02\x91\x06", {"SignalR": "messagepack"}, "SignalR MessagePack"),
        (b"{}\x1e", {"SignalR": "messagepack"}, "SignalR"),
        (CALL, {}, "SignalR MessagePack"),
        (CALL + CALL, {}, "SignalR MessagePack"),
        (CALL[:-1], {}, "Hex"),
        (b"\x02\x91\x06", {}, "Hex"),
    ],
)
def test_messages_are_recognised(payload: bytes, memory: dict[str, object], name: str) -> None:
    assert REGISTRY.best(payload, replace(BINARY, memory=memory)).name == name
