"""Speaks GraphQL over WebSocket: graphql-transport-ws, and the older graphql-ws.

https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md,
https://github.com/apollographql/subscriptions-transport-ws/blob/master/PROTOCOL.md
"""

from __future__ import annotations

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.embedded import read_embedded
from spacebeam.decode.json_values import written
from spacebeam.decode.speaking.speaker import (
    ANSWERED,
    NOTHING,
    Call,
    Payload,
    Reaction,
    Speaker,
    Verb,
    only_verb,
)

_MAX_READ = 64 * 1024  # bytes of a message that may be the protocol's own


class GraphQlSpeaker(Speaker):
    """An operation is a document with its variables; what it gives comes with its id."""

    name = "GraphQL"
    verbs = (Verb.CALL,)
    has_name = False
    has_document = True
    begins = "subscribe"  # the type of a message that begins an operation

    def opening(self) -> tuple[Payload, ...]:
        """Return connection_init, with the sign-in data as its payload."""
        message: dict[str, Value] = {"type": "connection_init"}
        if self.parameters.auth is not None:
            message["payload"] = self.parameters.auth
        return (written(message),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Answer a ping; connection_ack means that the server has accepted."""
        message = object_in(payload) if is_text else {}
        match message.get("type"):
            case "connection_ack":
                return Reaction(is_ready=True, is_own=True)
            case "ping":
                answer = {**message, "type": "pong"}
                return Reaction((written(answer),), is_own=True)
            case "pong":
                return ANSWERED
        return NOTHING

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return the beginning of an operation, whatever its kind is. Raises ValueError."""
        only_verb(call, self)
        if not call.name.strip():
            raise ValueError("enter a document of GraphQL")
        payload: dict[str, Value] = {"query": call.name}
        if call.arguments:
            [variables, *rest] = call.arguments
            if rest or not isinstance(variables, dict):
                raise ValueError("the variables are one object of JSON")
            payload["variables"] = variables
        return (written({"id": str(number + 1), "type": self.begins, "payload": payload}),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the operation that a message begins."""
        if not isinstance(payload, str):
            return None
        match object_in(payload.encode(errors="replace")):
            case {"type": self.begins, "payload": dict(sent)}:
                query, variables = sent.get("query"), sent.get("variables")
                if isinstance(query, str) and sent.keys() <= {"query", "variables"}:
                    return Call(Verb.CALL, query, () if variables is None else (variables,))
        return None


class GraphQlWsSpeaker(GraphQlSpeaker):
    """The protocol of subscriptions-transport-ws: the server keeps the connection alive."""

    name = "GraphQL (graphql-ws)"
    begins = "start"

    def opening(self) -> tuple[Payload, ...]:
        """Return connection_init, with the sign-in data as its payload."""
        self._is_accepted = False
        return super().opening()

    def closing(self) -> tuple[Payload, ...]:
        """Return connection_terminate."""
        return (written({"type": "connection_terminate", "payload": None}),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Learn whether the server accepts; a keep-alive needs no answer."""
        message = object_in(payload) if is_text else {}
        match message.get("type"):
            case "connection_ack":
                self._is_accepted = True
                return Reaction(is_ready=True, is_own=True)
            case "connection_error" if not self._is_accepted:  # later it is about a message
                return Reaction(refusal=_reason(message.get("payload")), is_own=True)
            case "ka":
                return ANSWERED
        return NOTHING


def _reason(payload: Value) -> str:
    """Return why a server refuses the client."""
    reason = payload.get("message") if isinstance(payload, dict) else payload
    return reason if isinstance(reason, str) and reason else "the server gives no reason"


def object_in(payload: bytes) -> dict[str, Value]:
    """Return the object of a JSON text that is not long; an empty one for anything else."""
    if len(payload) > _MAX_READ or payload[:1] != b"{":
        return {}
    try:
        value = read_embedded(payload)
    except DecodeError:
        return {}
    return value if isinstance(value, dict) else {}
