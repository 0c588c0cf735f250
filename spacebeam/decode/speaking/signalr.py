"""Speaks SignalR in JSON: the handshake record, pings, invocations and streams.

ASP.NET Core, docs/specs/HubProtocol.md
"""

from __future__ import annotations

from spacebeam.decode.decoder import Value
from spacebeam.decode.signalr import END, SignalRDecoder
from spacebeam.decode.speaking.graphql import object_in
from spacebeam.decode.speaking.speaker import (
    NOTHING,
    Call,
    Parameters,
    Payload,
    Reaction,
    Speaker,
    Verb,
    only_verb,
)

_HEARTBEAT_S = 15.0  # as SignalR's own client; the server waits 30 seconds
_INVOCATION, _STREAM, _PING, _CLOSE = 1, 4, 6, 7
_MAX_RECORDS = 100  # of a message that are looked at
_VERBS = {Verb.EMIT: _INVOCATION, Verb.CALL: _INVOCATION, Verb.SUBSCRIBE: _STREAM}
_CODEC = SignalRDecoder()


class SignalRSpeaker(Speaker):
    """Emit invokes a method without an answer, Call with one; Subscribe begins a stream."""

    name = "SignalR"
    verbs = (Verb.EMIT, Verb.CALL, Verb.SUBSCRIBE)

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self.heartbeat = _HEARTBEAT_S
        self._is_accepted = False

    def opening(self) -> tuple[Payload, ...]:
        """Return the request of the handshake."""
        self._is_accepted = False
        return (_record({"protocol": "json", "version": 1}),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Learn from the first record whether the server accepts; a ping needs no answer."""
        if payload[-1:] != bytes((END,)):
            return NOTHING
        parts = payload[:-1].split(bytes((END,)), _MAX_RECORDS)
        begins, self._is_accepted = not self._is_accepted, True
        first = object_in(parts[0])
        if begins and isinstance(error := first.get("error"), str):
            return Reaction(refusal=error, is_own=True)
        rest = parts[1:] if begins else parts
        records = [object_in(one) for one in rest[:_MAX_RECORDS]]
        closes = [one for one in records if one.get("type") == _CLOSE]
        refusal = "the server closes the connection" if closes else ""
        if closes and isinstance(error := closes[0].get("error"), str):
            refusal = error
        is_own = all(one.get("type") == _PING for one in records)
        return Reaction(is_ready=begins, refusal=refusal, is_own=is_own)

    def beat(self) -> Payload:
        """Return a ping."""
        return _record({"type": _PING})

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return an invocation. Raises ValueError."""
        only_verb(call, self)
        record: dict[str, Value] = {"type": _VERBS[call.verb]}
        if call.verb is not Verb.EMIT:
            record["invocationId"] = str(number)
        record |= {"target": call.name, "arguments": list(call.arguments)}
        return (_record(record),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the invocation of a record."""
        if not isinstance(payload, str) or not payload.endswith(chr(END)):
            return None
        record = object_in(payload[:-1].encode(errors="replace"))
        match record:
            case {"type": 1 | 4 as kind, "target": str(name), "arguments": list(arguments)}:
                verb = Verb.CALL if "invocationId" in record else Verb.EMIT
                return Call(Verb.SUBSCRIBE if kind == _STREAM else verb, name, tuple(arguments))
        return None


def _record(value: dict[str, Value]) -> str:
    return _CODEC.encode(value).decode()
