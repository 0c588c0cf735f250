"""Phoenix channels, in JSON of both versions and in bytes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.phoenix_binary import PhoenixBinaryDecoder
from spacebeam.decode.protocols.phoenix import Phoenix
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle, values
from tests.decode.transcripts import Line

NAME = "phoenix"
JOIN: Value = ["1", "2", "room:a", "phx_join", {}]


def _read(line: Line) -> Value:
    if line.context.kind == "text":
        return values(line)
    return PhoenixBinaryDecoder().decode(line.payload, line.context).value


def _plain(expected: Any) -> Any:
    if isinstance(expected, dict):
        if "bytes_base64" in expected:
            return base64.b64decode(expected["bytes_base64"])
        return {name: _plain(one) for name, one in expected.items()}
    return expected


def test_every_expected_message() -> None:
    found = heard(NAME, Phoenix(), read=_read)
    for expected in expectations(NAME):
        one = at(found, expected)
        message = one.message
        assert message.type == expected["type"].removesuffix(" (binary)")
        assert message.name == f"{expected['topic']} {expected['name']}"
        assert message.id == (expected["id"] or "")
        assert message.value == _plain(expected["values"])
        assert one.pairs_with == expected.get("pairs_with")


def test_it_can_be_opened_in_the_middle() -> None:
    opens_in_the_middle(NAME, Phoenix(), _read)


def test_refused_joins_and_crashes_are_errors() -> None:
    errors = [one.line for one in heard(NAME, Phoenix(), read=_read) if one.message.is_error]
    assert errors == [7, 22, 32]


def _say(value: Value) -> Message:
    return Phoenix().messages(value, Context())[0]


def test_version_1_says_the_same_with_objects() -> None:
    join = _say({"topic": "room:a", "event": "phx_join", "payload": {}, "ref": "1"})
    assert (join.type, join.name, join.id) == ("push", "room:a phx_join", "1")
    ok: Value = {"status": "ok", "response": {}}
    reply = _say({"topic": "room:a", "event": "phx_reply", "payload": ok, "ref": "1"})
    assert (reply.type, reply.value, reply.answers) == ("reply", ok, join.asks)
    said = _say({"topic": "room:a", "event": "new", "payload": 1, "ref": None, "join_ref": "1"})
    assert (said.type, said.asks, said.answers) == ("push", "", "")


def test_the_same_reference_in_another_topic_is_another() -> None:
    assert _say(["1", "2", "a", "x", {}]).asks != _say(["1", "2", "b", "x", {}]).asks


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        (JOIN, "", 0.9),
        ([None, "5", "phoenix", "heartbeat", {}], "", 0.9),
        (["1", "2", "room:a", "new_msg", {}], "", 0),
        (["1", "2", "room:a", "new_msg", {}], "wss://a.test/socket/websocket?vsn=2.0.0", 0.95),
        (["1", "2", "room:a", "new_msg", {}], "wss://a.test/socket/websocket", 0),
        ({"topic": "a", "event": "new", "payload": {}, "ref": None}, "", 0),
        ({"topic": "a", "event": "phx_join", "payload": {}, "ref": "1"}, "", 0.9),
        ({"topic": "a", "event": "phx_join", "payload": {}, "ref": "1", "more": 1}, "", 0),
        ([1, 2, "room:a", "phx_join", {}], "", 0),
        (["1", "2", ["room:a"], "phx_join", {}], "", 0),
        (["1", "2", "room:a", "phx_join"], "wss://a.test/socket/websocket?vsn=2.0.0", 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert Phoenix().confidence(value, Context(endpoint=endpoint)) == confidence
