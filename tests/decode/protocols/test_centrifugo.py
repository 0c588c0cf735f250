"""Centrifugo: commands, replies and pushes, several in a payload."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.centrifugo import Centrifugo
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

NAME = "centrifugo"
ENDPOINT = "wss://a.test/connection/websocket"


def test_every_expected_message() -> None:
    found = heard(NAME, Centrifugo())
    for expected in expectations(NAME):
        one = at(found, expected)
        assert one.message.type == expected["type"]
        assert one.message.id == str(expected.get("id", ""))
        assert one.message.value == expected["values"]
        assert one.name == expected.get("name", "")
        assert one.pairs_with == expected.get("pairs_with")
        assert one.message.is_error == (expected["type"] == "error reply")


def test_it_can_be_opened_in_the_middle() -> None:
    opens_in_the_middle(NAME, Centrifugo())


def test_empty_objects_are_pings_of_the_server_and_pongs() -> None:
    found = {one.line: one for one in heard(NAME, Centrifugo())}
    assert [found[line].message.type for line in (21, 22, 23, 26)] == [
        "ping",
        "pong",
        "ping",
        "pong",
    ]
    assert (found[22].pairs_with, found[26].pairs_with) == (21, 23)


def test_the_client_is_the_side_that_is_welcomed() -> None:
    memory: dict[str, object] = {}
    sent = Context(direction="sent", endpoint=ENDPOINT, memory=memory)
    received = Context(direction="received", endpoint=ENDPOINT, memory=memory)
    welcome: Value = {"id": 1, "connect": {"client": "c", "version": "1"}}
    assert Centrifugo().messages(welcome, sent)[0].type == "reply connect"
    said = Centrifugo().messages({"id": 2, "publish": {"channel": "news"}}, received)[0]
    assert (said.type, said.name) == ("command publish", "news")


@pytest.mark.parametrize(
    ("value", "endpoint", "confidence"),
    [
        ({"id": 1, "connect": {"client": "c", "version": "1"}}, "", 0.9),
        ({"id": 1, "connect": {}}, "", 0),
        ({"id": 1, "connect": {}}, ENDPOINT, 0.95),
        ([{"push": {"channel": "a", "pub": {}}}], ENDPOINT, 0.95),
        ({"push": {"channel": "a", "pub": {}}}, "", 0),
        ({}, ENDPOINT, 0),
        ({"id": 1, "subscribe": "a"}, ENDPOINT, 0),
        ([], ENDPOINT, 0),
    ],
)
def test_what_is_proof(value: Value, endpoint: str, confidence: float) -> None:
    assert Centrifugo().confidence(value, Context(endpoint=endpoint)) == confidence
