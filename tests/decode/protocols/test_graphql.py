"""Both protocols of GraphQL over WebSocket, and operations of a document."""

from __future__ import annotations

import pytest

from spacebeam.decode.decoder import Context, Value
from spacebeam.decode.protocols.graphql import (
    GRAPHQL_TRANSPORT_WS,
    GRAPHQL_WS,
    GraphQL,
    operation,
)
from tests.decode.protocols.heard import at, expectations, heard, opens_in_the_middle

TRANSPORT = GRAPHQL_TRANSPORT_WS
LEGACY = GRAPHQL_WS
TRANSCRIPTS = [
    ("graphql-transport-ws", TRANSPORT),
    ("graphql-transport-ws-close4500", TRANSPORT),
    ("graphql-transport-ws-refused", TRANSPORT),
    ("graphql-ws-legacy", LEGACY),
    ("graphql-ws-legacy-refused", LEGACY),
]


@pytest.mark.parametrize(("name", "protocol"), TRANSCRIPTS)
def test_every_expected_message(name: str, protocol: GraphQL) -> None:
    found = heard(name, protocol)
    for expected in expectations(name):
        one = at(found, expected)
        message = one.message
        assert message.type == expected["type"]
        assert message.value == expected.get("values")
        assert message.id == expected.get("id", "")
        assert message.is_error == (
            "error" in message.type or "errors" in (expected.get("values") or {})
        )
        words = f"{expected.get('operation', '')} {expected.get('name', '')}".strip()
        if "operation" in expected:
            assert message.name == words
        if message.type in ("complete", "stop") and one.direction == "sent":
            # A client ends what it asked for itself: that is no answer.
            begun = next(begin for begin in found if begin.line == expected["pairs_with"])
            assert (begun.message.id, message.answers) == (message.id, "")
            continue
        assert one.pairs_with == expected.get("pairs_with")
        if "nth_result" in expected:
            answers = [other for other in found if other.question is one.question]
            assert answers.index(one) == expected["nth_result"] - 1
            assert not message.is_last


@pytest.mark.parametrize(("name", "protocol"), TRANSCRIPTS)
def test_it_can_be_opened_in_the_middle(name: str, protocol: GraphQL) -> None:
    opens_in_the_middle(name, protocol)


def test_data_after_the_clients_complete_belongs_to_the_operation() -> None:
    found = {one.line: one for one in heard("graphql-transport-ws", TRANSPORT)}
    assert found[38].pairs_with == 30  # the client's complete is in line 37
    assert found[44].pairs_with == 32


def test_data_after_stop_and_before_the_servers_complete_belongs_to_the_operation() -> None:
    found = {one.line: one for one in heard("graphql-ws-legacy", LEGACY)}
    assert [found[line].pairs_with for line in (38, 39, 44, 45)] == [30, 30, 31, 31]


@pytest.mark.parametrize(
    ("query", "wanted", "words"),
    [
        ("{ a }", None, "query"),
        ("query{a}", None, "query"),
        ("query ($n: Int = 1) { a }", None, "query"),
        ("mutation @d(x: {query: 1}) { a }", None, "mutation"),
        ("query A { a } mutation B($b: In = {c: [1]}) { b }", "B", "mutation B"),
        ("query A { a } mutation B { b }", None, "query A"),
        ("query A { a }", "C", ""),
        ("fragment query on X { a } subscription S { ...query }", None, "subscription S"),
        ('# query No { a }\nsubscription S { a(s: "} query Q {") }', None, "subscription S"),
        ('query A { a(s: """ " } \n mutation M { """) } query B { a }', "B", "query B"),
        ("{ hello ", None, "query"),
        ("query", None, ""),
        ("", None, ""),
        ("}}}}{", None, ""),
        ('"' * 100_000, None, ""),
        ('"\\' * 100_000, None, ""),
        ('"""\\' * 100_000, None, ""),
        (5, None, ""),
    ],
)
def test_the_operation_of_a_document(query: Value, wanted: Value, words: str) -> None:
    assert operation({"query": query, "operationName": wanted}) == words


def test_an_operation_of_appsync_is_a_text_of_json() -> None:
    data = '{"query":"subscription OnAdd { added { id } }","variables":{}}'
    start: Value = {"id": "1", "type": "start", "payload": {"data": data, "extensions": {}}}
    context = Context("text", "sent", subprotocol="graphql-ws")
    assert LEGACY.messages(start, context)[0].name == "subscription OnAdd"
    assert operation({"data": "{" + data}) == operation({"data": {}}) == ""
    error: Value = {"type": "error", "payload": {"errors": []}}
    assert LEGACY.messages(error, context)[0].is_error


def test_without_the_subprotocol_only_an_operation_is_proof() -> None:
    subscribe: Value = {"id": "1", "type": "subscribe", "payload": {"query": "{ a }"}}
    start: Value = {"id": "1", "type": "start", "payload": {"query": "{ a }"}}
    assert TRANSPORT.confidence(subscribe, Context()) == 0.9
    assert LEGACY.confidence(subscribe, Context()) == 0
    assert (TRANSPORT.confidence(start, Context()), LEGACY.confidence(start, Context())) == (0, 0.9)
    others: list[Value] = [
        {"type": "subscribe", "channel": "trades"},
        {"type": "subscribe", "id": "1", "payload": {"channel": "trades"}},
        {"type": "ping"},
        {"type": "error", "id": 1, "payload": "no"},
        {"type": {"query": 1}},
    ]
    for value in others:
        assert TRANSPORT.confidence(value, Context()) == LEGACY.confidence(value, Context()) == 0
    assert TRANSPORT.messages({"type": ["next"]}, Context()) == ()
