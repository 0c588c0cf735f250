"""GraphQL over WebSocket: `graphql-transport-ws`, and the older `graphql-ws`.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md,
https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from spacebeam.decode.decoder import Context, Message, Value
from spacebeam.decode.protocols.keys import (
    MAX_TEXT,
    inner_value,
    key,
    recent,
    remember,
    text,
    written_id,
)

_MAX_QUERY = 16 * 1024  # characters in which the operation is looked for
# Strings and comments are skipped. Strings that do not end are read to the end: in linear time.
_TOKEN = re.compile(r'#[^\n\r]*|"""[\s\S]*?(?:"""|\Z)|"(?:\\.|[^"\\\n\r])*"?|[{}()]|@?[_A-Za-z]\w*')
_OPENINGS, _CLOSINGS, _SKIPPED = ("{", "("), ("}", ")"), '#"@'
_KINDS = ("query", "mutation", "subscription")


@dataclass(frozen=True)
class GraphQL:
    """One of both protocols: operations by id, whose results are a stream."""

    name: str
    subprotocol: str
    begins: str  # the type of a message that begins an operation
    types: frozenset[str]  # all
    asks: dict[str, str]  # keys of messages that belong to no operation, by type
    answers: dict[str, str]

    def confidence(self, value: Value, context: Context) -> float:
        """Return 0.95 for a message if the subprotocol says so, and 0.9 for an operation."""
        if not isinstance(value, dict):
            return 0
        kind = value.get("type")
        if not isinstance(kind, str) or kind not in self.types:
            return 0
        if context.subprotocol == self.subprotocol:
            return 0.95
        return 0.9 if kind == self.begins and _query(value) and "id" in value else 0

    def messages(self, value: Value, context: Context) -> tuple[Message, ...]:
        """Return the message; an operation is named by its kind and name: “query Hello”."""
        if not isinstance(value, dict):
            return ()
        kind, payload = value.get("type"), value.get("payload")
        if not isinstance(kind, str) or kind not in self.types:
            return ()
        identifier = value.get("id")
        written = written_id(identifier)
        if kind in (self.begins, "connection_init"):
            remember(context, self.name, "client", context.direction)
        if kind == self.begins:
            name = operation(payload) if isinstance(payload, dict) else ""
            return (Message(kind, payload, name, written, asks=key("id", identifier)),)
        if identifier is None or kind in self.asks:
            asks, answers = self.asks.get(kind, ""), self.answers.get(kind, "")
            is_error = kind in ("connection_error", "error")
            return (Message(kind, payload, asks=asks, answers=answers, is_error=is_error),)
        is_error = kind == "error" or (isinstance(payload, dict) and bool(payload.get("errors")))
        client = recent(context, self.name).get("client") or "sent"
        answers = "" if context.direction == client else key("id", identifier)
        is_last = not answers or kind in ("complete", "error")
        return (Message(kind, payload, "", written, "", answers, is_last, is_error),)


# The protocol of the library graphql-ws. Data may follow the client's `complete`.
GRAPHQL_TRANSPORT_WS = GraphQL(
    "GraphQL over WebSocket",
    "graphql-transport-ws",
    "subscribe",
    frozenset(
        (
            "connection_init",
            "connection_ack",
            "ping",
            "pong",
            "subscribe",
            "next",
            "error",
            "complete",
        )
    ),
    {"connection_init": "connection", "ping": "ping"},
    {"connection_ack": "connection", "pong": "ping"},
)
# The protocol of the library subscriptions-transport-ws.
GRAPHQL_WS = GraphQL(
    "GraphQL over WebSocket (legacy)",
    "graphql-ws",
    "start",
    frozenset(
        (
            "connection_init",
            "connection_ack",
            "connection_error",
            "connection_terminate",
            "ka",
            "start",
            "start_ack",
            "stop",
            "data",
            "error",
            "complete",
        )
    ),
    {"connection_init": "connection"},
    {"connection_ack": "connection", "connection_error": "connection"},
)


def _query(value: dict[str, Value]) -> bool:
    payload = value.get("payload")
    return isinstance(payload, dict) and isinstance(payload.get("query"), str)


def operation(payload: dict[str, Value]) -> str:
    """Return the kind and name of a payload's operation: “subscription Tick”, “query”.

    Of several in the document it is the one that `operationName` says, or the first. Empty if there
    is none. AWS AppSync has the payload as a text of JSON in `data`.
    """
    if "query" not in payload and isinstance(data := inner_value(text(payload.get("data"))), dict):
        payload = data
    wanted = text(payload.get("operationName"))
    for kind, name in _definitions(text(payload.get("query"))[:_MAX_QUERY]):
        if kind in _KINDS and (not wanted or name == wanted):
            return f"{kind} {name[:MAX_TEXT]}".strip()
    return ""


def _definitions(document: str) -> Iterator[tuple[str, str]]:
    """Yield the keyword and name of each definition of a GraphQL document, valid or not."""
    depth = 0
    words: list[str] = []  # the keyword and name of the definition that begins
    for found in _TOKEN.finditer(document):
        token = found.group()
        if token in _OPENINGS:
            if not depth and token == "{":
                yield (words or ["query"])[0], words[1] if len(words) > 1 else ""
                words = []
            elif not depth and len(words) == 1:
                words.append("")  # variables of an operation without a name
            depth += 1
        elif token in _CLOSINGS:
            depth -= 1
        elif not depth and token[0] not in _SKIPPED and len(words) < 2:
            words.append(token)
