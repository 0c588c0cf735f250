"""Which protocol a connection speaks, and that most speak none."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.known import MAX_ASKED, PROTOCOLS, Protocols
from spacebeam.decode.registry import REGISTRY
from tests.decode.transcripts import WIRE, Transcript

REQUEST: Value = {"jsonrpc": "2.0", "method": "sum", "params": [1], "id": 1}
OTHERS: tuple[Value, ...] = (
    {"id": 1, "type": "trade", "price": 1.5},
    {"id": 1, "method": "subscribe", "params": ["trades"]},
    {"id": 1, "result": None},
    {"id": 1, "error": {"code": 1, "message": "no"}},
    {"type": "subscribe", "id": "1"},
    {"type": "ping"},
    {"type": "welcome"},
    {"type": "result", "id": 1, "success": True, "result": None},
    {"type": "event", "id": 1, "event": {"a": 1}},
    {"type": "event", "method": "update", "params": {}},
    {"op": "subscribe", "args": ["trades"]},
    {"op": 1, "d": None},
    {"event": "subscribed", "channel": "trades", "chanId": 5},
    {"event": "message", "topic": "a", "payload": {}, "ref": None},
    {"command": "subscribe", "identifier": "trades"},
    {"channel": "trades", "data": [1, 2]},
    {"header": {"id": 1}, "content": {}},
    {"connect": {}, "id": 1},
    {"push": {"channel": "a"}},
    {},
    [],
    [2, "id", "name", {}],
    [5, [1.5, 2.5]],
    [36, 1, 2, {}],
    [35, 2],
    ["1", "2", "topic", "event", {}],
    [None, None, "topic", "event", {}],
    [0, "trade", {"price": 1}, "x", None],
    "text",
    55.49,
    None,
    True,
    b"bytes",
)


def _messages(protocols: Protocols, value: Value, context: Context) -> list[str]:
    return [message.type for message in protocols.messages(value, context)]


def test_the_protocol_that_was_found_stays() -> None:
    context = Context(direction="sent")
    assert PROTOCOLS.find({"n": 1}, context) is None
    found = PROTOCOLS.find(REQUEST, context)
    assert found is not None
    assert found.name == "JSON-RPC 2.0"
    assert PROTOCOLS.find([2, "1", "BootNotification", {}], context) is found
    assert PROTOCOLS.find(REQUEST, Context()) is found  # of another connection: looked for again


SPOKEN = {
    "actioncable": "Action Cable",
    "actioncable-refused": "Action Cable",
    "cdp": "Chrome DevTools Protocol",
    "cdp-puppeteer": "Chrome DevTools Protocol",
    "centrifugo": "Centrifugo",
    "discord-zlib-stream": "Discord gateway",
    "graphql-transport-ws": "GraphQL over WebSocket",
    "graphql-transport-ws-close4500": "GraphQL over WebSocket",
    "graphql-transport-ws-refused": "GraphQL over WebSocket",
    "graphql-ws-legacy": "GraphQL over WebSocket (legacy)",
    "graphql-ws-legacy-refused": "GraphQL over WebSocket (legacy)",
    "home-assistant": "Home Assistant",
    "home-assistant-refused": "Home Assistant",
    "jsonrpc": "JSON-RPC 2.0",
    "jupyter-legacy": "Jupyter",
    "jupyter-v1": "Jupyter",
    "ocpp16": "OCPP",
    "ocpp201": "OCPP",
    "phoenix": "Phoenix channels",
    "wamp-cbor": "WAMP",
    "wamp-json": "WAMP",
    "wamp-msgpack": "WAMP",
    "wamp-refused": "WAMP",
    "webdriver-bidi": "WebDriver BiDi",
}


@pytest.mark.parametrize("name", sorted(path.stem for path in WIRE.glob("*.jsonl")))
def test_each_transcript_is_of_its_protocol_from_its_first_value_and_others_are_of_none(
    name: str,
) -> None:
    for line in Transcript(name).lines():
        _decoder, decoded = REGISTRY.decoded(line.payload, line.context)
        found = PROTOCOLS.find(decoded.value, line.context)
        assert (found.name if found else None) == SPOKEN.get(name)


@pytest.mark.parametrize("name", sorted(SPOKEN))
def test_showing_a_message_changes_nothing_of_what_is_remembered(name: str) -> None:
    for line in Transcript(name).lines():
        aside = replace(line.context, memory=dict(line.context.memory))
        shown, read = [
            PROTOCOLS.messages(REGISTRY.decoded(line.payload, context)[1].value, context)
            for context in (aside, line.context)
        ]
        assert shown == read


@pytest.mark.parametrize("name", ["jsonrpc", "ocpp201", "phoenix", "wamp-json", "cdp-puppeteer"])
def test_values_alone_are_proof_enough(name: str) -> None:
    memory: dict[str, object] = {}
    for line in Transcript(name).lines():
        context = Context(line.context.kind, line.context.direction, memory=memory)
        _decoder, decoded = REGISTRY.decoded(line.payload, context)
        found = PROTOCOLS.find(decoded.value, context)
    assert found is not None
    assert found.name == SPOKEN[name]


def test_no_protocol_is_claimed_for_what_many_feeds_say() -> None:
    for value in OTHERS:
        context = Context(direction="received", endpoint="wss://feed.test/ws/v1")
        assert PROTOCOLS.find(value, context) is None, value


def test_every_protocol_bears_every_value() -> None:
    more: tuple[Value, ...] = (*OTHERS, [{}], [[]], {"type": {}}, {"id": []}, REQUEST)
    for protocol in PROTOCOLS.protocols:
        for value in more:
            for direction in ("sent", "received"):
                context = Context(direction=direction)
                assert 0 <= protocol.confidence(value, context) <= 1
                assert isinstance(protocol.messages(value, context), tuple)


def test_names_are_different() -> None:
    names = [protocol.name for protocol in PROTOCOLS.protocols]
    assert len(set(names)) == len(names)


class _Counting:
    """A protocol that is never sure."""

    name = "Counting"

    def __init__(self, confidence: float) -> None:
        self.asked = 0
        self._confidence = confidence

    def confidence(self, _value: Value, _context: Context) -> float:
        self.asked += 1
        return self._confidence

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        return (Message("value", value),)


def test_the_search_ends_after_a_hundred_values_and_a_guess_is_not_believed() -> None:
    counting = _Counting(0.45)
    protocols, context = Protocols((counting,)), Context()
    for _value in range(MAX_ASKED * 3):
        assert _messages(protocols, {"n": 1}, context) == []
    assert counting.asked == MAX_ASKED


def test_the_surest_protocol_is_taken() -> None:
    sure, surer = _Counting(0.6), _Counting(0.8)
    assert Protocols((sure, surer, sure)).find(None, Context()) is surer


class _Failing(_Counting):
    """A protocol with a fault."""

    name = "Failing"

    def __init__(self, fails_at_once: bool) -> None:
        super().__init__(0.95)
        self._fails_at_once = fails_at_once

    def confidence(self, value: Value, context: Context) -> float:
        if self._fails_at_once:
            raise KeyError("secret")
        return super().confidence(value, context)

    def messages(self, value: Value, _context: Context) -> tuple[Message, ...]:
        raise KeyError(value)


@pytest.mark.parametrize("fails_at_once", [False, True])
def test_a_failing_protocol_is_reported_once_without_the_value(
    caplog: pytest.LogCaptureFixture, fails_at_once: bool
) -> None:
    protocols, context = Protocols((_Failing(fails_at_once), _Counting(0.5))), Context()
    with caplog.at_level(logging.ERROR):
        for _value in range(3):
            expected = ["value"] if fails_at_once else []
            assert _messages(protocols, "secret", context) == expected
    assert [record.getMessage() for record in caplog.records] == [
        "The protocol Failing failed: KeyError"
    ]
