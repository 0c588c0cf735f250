"""Records of SignalR in JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.signalr import SignalRDecoder
from tests.decode.reading import fresh, plain, read
from tests.decode.transcripts import Transcript

DECODER = SignalRDecoder()
NAME = "signalr-json"
TEXT = Context("text", "received", "ws://localhost/hub")
UPLOADS = (36, 39)  # lines whose records are of the side that invoked: they answer nothing


def test_a_real_connection_is_read() -> None:
    reading = read(NAME, DECODER)
    for expected in Transcript(NAME).expected:
        line, nth = expected["line"], expected.get("nth_in_message", 1) - 1
        message, value = reading.messages[line][nth], reading.values[line]
        record = value[nth] if isinstance(value, list) else value
        assert isinstance(record, dict)
        assert message.type == expected["type"]
        assert message.id == expected.get("id", "")
        assert record.get("type") == expected.get("type_code")
        assert plain(expected["values"]).items() <= record.items()
        assert message.is_error is ("error" in expected["values"])
        if "name" in expected:
            assert message.name == expected["name"]
        if line in UPLOADS:
            assert (message.name, message.answers) == ("Sum", "")
        elif "pairs_with" in expected:
            assert reading.pairs[line, nth] == expected["pairs_with"]
    assert set(reading.confidences.values()) == {0.95}


def test_a_stream_has_several_answers() -> None:
    reading = read(NAME, DECODER)
    items = [message for line in (27, 28) for message in reading.messages[line]]
    assert [(one.type, one.value, one.is_last) for one in items] == [
        ("StreamItem", 0, False),
        ("StreamItem", {"nr": 1}, False),
        ("StreamItem", "zwei", False),
        ("Completion", None, True),
    ]
    assert {reading.pairs[line, nth] for line in (27, 28) for nth in (0, 1)} == {26}
    assert reading.messages[33][0].type == "CancelInvocation"


def test_a_connection_can_be_read_from_the_middle() -> None:
    whole = read(NAME, DECODER)
    for begin in range(2, 50):
        reading = read(NAME, DECODER, begin)
        for line, messages in reading.messages.items():
            assert [one.type for one in messages] == [one.type for one in whole.messages[line]]
        assert min(reading.confidences.values()) >= 0.9


def test_records_can_be_written_again() -> None:
    for line in Transcript(NAME).lines():
        value = fresh(DECODER, line).value
        payload = DECODER.encode(value)
        assert payload == line.payload or b"\\" in payload
        assert fresh(DECODER, replace(line, payload=payload)).value == value
    assert DECODER.encode({"type": 1, "a": "\x1e\ud800"}) == (
        b'{"type":1,"a":"\\u001e\\ud800"}\x1e'
    )


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"", 0),
        (b"{}", 2),
        (b"{}\x1e[]\x1e", 3),
        (b"{}\x1e\x1e", 3),
        (b'{}\x1e{"a"}\x1e', 7),
        (b"\xff\x1e", 0),
        (b"[" * 300 + b"]" * 300 + b"\x1e", 0),
        (b"{}\x1e" * 100_001, 300_000),
    ],
)
def test_wrong_records_are_refused_with_an_offset(payload: bytes, offset: int) -> None:
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, replace(TEXT, memory={}))
    assert caught.value.offset == offset


@pytest.mark.parametrize(
    "record", [b'{"type":[]}', b'{"type":99,"target":1}', b'{"type":3,"invocationId":7}', b"{}"]
)
def test_records_of_unknown_types_are_shown(record: bytes) -> None:
    (message,) = DECODER.decode(record + b"\x1e", replace(TEXT, memory={})).messages
    assert message.type in ("unknown", "99", "Completion", "handshake response")


def test_remembered_streams_are_bounded() -> None:
    context = replace(TEXT, memory={})
    for number in range(2000):
        record = b'{"type":1,"target":"t","streamIds":["%d"]}\x1e' % number
        DECODER.decode(record, context)
    assert len(context.memory["SignalR received"]) == 256  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, [1], {"a": b"bytes"}])
def test_a_wrong_record_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("payload", "name"),
    [
        (b'{"protocol":"json","version":1}\x1e', "SignalR"),
        (b"{}\x1e", "SignalR"),
        (b'{"type":6}\x1e', "SignalR"),
        (b'{"a":6}\x1e', "Text"),
        (b'{"type":6}', "JSON"),
        (b"hello\x1e", "Text"),
    ],
)
def test_records_are_recognised(payload: bytes, name: str) -> None:
    assert REGISTRY.best(payload, replace(TEXT, memory={})).name == name
