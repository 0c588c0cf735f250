"""Operations of NATS, several in a payload and one over several payloads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.nats import NatsDecoder
from spacebeam.decode.registry import REGISTRY
from tests.decode.reading import fresh, plain, read
from tests.decode.transcripts import Transcript

DECODER = NatsDecoder()
NAMES = ("nats", "nats-refused")
BINARY = Context("binary", "received", "ws://localhost/")
STREAM = (
    b'INFO {"server_id":"x"}\r\nMSG a.b 1 reply.to 5\r\nhel\r\n\r\n'
    b"HMSG a 2 35 37\r\nNATS/1.0 100 Idle\r\nA: b\r\nA: c:d\r\n\r\nhi\r\n"
    b"PING\r\n+OK\r\nmsg a 1 0\r\n\r\n-ERR 'no'\r\n"
)


@pytest.mark.parametrize("name", NAMES)
def test_a_real_connection_is_read(name: str) -> None:
    reading = read(name, DECODER)
    for expected in Transcript(name).expected:
        line, nth = expected["line"], expected.get("nth_in_message", 1) - 1
        if expected["type"].startswith("websocket"):
            continue
        message, value = reading.messages[line][nth], reading.values[line]
        operation = value[nth] if isinstance(value, list) else value
        assert isinstance(operation, dict)
        assert message.type == operation["op"] == expected["type"]
        assert message.name == expected.get("name", "")
        assert message.id == expected.get("id", expected.get("sid", ""))
        _check_fields(operation, plain(expected.get("values", {})))
        if "pairs_with" in expected:
            assert reading.pairs[line, nth] == expected["pairs_with"]
    assert min(reading.confidences.values()) >= 0.9


def _check_fields(operation: dict[str, Value], expected: dict[str, Any]) -> None:
    options = operation.get("options")
    found = options if isinstance(options, dict) else operation
    for key, wanted in expected.items():
        if key == "headers" and isinstance(wanted, list):
            headers = found[key]
            assert isinstance(headers, dict)
            assert headers.get("$map", [[*pair] for pair in headers.items()]) == wanted
        else:
            assert found[key] == wanted


def test_requests_are_paired_with_their_replies_on_both_sides() -> None:
    reading = read("nats", DECODER)
    assert reading.pairs[10, 0] == 9  # the worker's answer
    assert reading.pairs[11, 0] == 8  # and what came of it
    assert reading.messages[13][0].is_error  # 503: no responders


@pytest.mark.parametrize("name", NAMES)
def test_a_connection_can_be_read_from_the_middle(name: str) -> None:
    whole = read(name, DECODER)
    for begin in range(2, 36):
        reading = read(name, DECODER, begin)
        for line, messages in reading.messages.items():
            assert [one.type for one in messages] == [one.type for one in whole.messages[line]]


@pytest.mark.parametrize("name", NAMES)
def test_operations_can_be_written_again(name: str) -> None:
    for line in Transcript(name).lines():
        value = fresh(DECODER, line).value
        assert fresh(DECODER, replace(line, payload=DECODER.encode(value))).value == value


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_operations_are_read_however_they_are_cut(size: int) -> None:
    context = replace(BINARY, memory={})
    messages = [
        message
        for at in range(0, len(STREAM), size)
        for message in DECODER.decode(STREAM[at : at + size], context).messages
    ]
    kinds = ["INFO", "MSG", "HMSG", "PING", "+OK", "MSG", "-ERR"]
    assert [message.type for message in messages] == kinds
    assert [messages[1].value, messages[2].value, messages[6].value] == ["hel\r\n", "hi", "no"]


def test_the_rest_of_a_message_is_left_until_an_operation_begins() -> None:
    context = replace(BINARY, memory={})
    decoded = DECODER.decode(b"rest of it\r\nPING\r\nPO", context)
    assert [message.type for message in decoded.messages] == ["PING"]
    assert decoded.value == [{"part": "rest of it\r\n"}, {"op": "PING"}, {"part": "PO", "bytes": 2}]
    assert DECODER.decode(b"NG\r\n", context).messages[0].answers == "PING"


@pytest.mark.parametrize(
    ("payload", "offset"),
    [
        (b"PING\r\nHELLO\r\n", 6),
        (b"PUB a\r\n", 4),
        (b"PUB a x\r\n\r\n", 4),
        (b"PUB a 1\r\nabc\r\n", 10),
        (b"HPUB a 9 5\r\n", 5),
        (b"HPUB a 5 5\r\nhello\r\n", 12),
        (b"INFO []\r\n", 5),
        (b"INFO {\r\n", 6),
        (b"PING\r\nINFO " + b"x" * 70_000, 6 + 64 * 1024),
        (b"PUB a 99999999\r\nabc", 0),
    ],
)
def test_a_wrong_operation_is_refused_with_an_offset(payload: bytes, offset: int) -> None:
    context = replace(BINARY, memory={})
    with pytest.raises(DecodeError) as caught:
        DECODER.decode(payload, context)
    assert caught.value.offset == offset
    assert DECODER.decode(b"PING\r\n", context).messages[0].type == "PING"


def test_remembered_requests_are_bounded() -> None:
    context = replace(BINARY, memory={})
    for number in range(2000):
        DECODER.decode(b"PUB a r%d 0\r\n\r\n" % number, context)
    assert len(context.memory["NATS requests received"]) == 256  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        None,
        {"op": "HELLO"},
        {"op": "PUB"},
        {"op": "PUB", "subject": "a b"},
        {"op": "PUB", "subject": "a", "payload": 1},
        {"op": "HPUB", "subject": "a", "headers": {"a": "\r\n"}},
        {"op": "HPUB", "subject": "a", "headers": {"a": 1}},
        {"op": "UNSUB", "sid": "1", "max_msgs": "x"},
        {"op": "INFO", "options": []},
        {"op": "-ERR", "message": "\n"},
    ],
)
def test_a_wrong_operation_is_not_written(value: Value) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        DECODER.encode(value)


def test_sizes_are_those_of_what_is_written() -> None:
    value: Value = {"op": "HPUB", "subject": "a", "headers": {"b": "c"}, "payload": "ü"}
    assert DECODER.encode(value) == b"HPUB a 18 20\r\nNATS/1.0\r\nb: c\r\n\r\n\xc3\xbc\r\n"


@pytest.mark.parametrize(
    ("payload", "kind", "name"),
    [
        (b'INFO {"server_id":"x"}\r\n', "binary", "NATS"),
        (b'CONNECT {"verbose":false}\r\n', "text", "NATS"),
        (b"MSG a 1 2\r\nhi\r\n", "binary", "NATS"),
        (b"MSG a 1 3\r\nhi\r\n", "binary", "Hex"),
        (b"PING\r\n", "text", "Text"),
        (b"PUB quiz tonight\r\n", "text", "Text"),
    ],
)
def test_operations_are_recognised(payload: bytes, kind: str, name: str) -> None:
    assert REGISTRY.best(payload, replace(BINARY, kind=kind, memory={})).name == name
