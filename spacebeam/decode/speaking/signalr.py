"""Speaks SignalR in JSON: the handshake record, pings, invocations and streams.

`signalr_message_pack.py` has the same in MessagePack.

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
_INVOCATION, _STREAM, PING, CLOSE = 1, 4, 6, 7
MAX_RECORDS = 100  # of a message that are looked at
_VERBS = {Verb.EMIT: _INVOCATION, Verb.CALL: _INVOCATION, Verb.SUBSCRIBE: _STREAM}
_CODEC = SignalRDecoder()

Record = dict[str, Value]


class SignalRSpeaker(Speaker):
    """Emit invokes a method without an answer, Call with one; Subscribe begins a stream."""

    name = "SignalR"
    verbs = (Verb.EMIT, Verb.CALL, Verb.SUBSCRIBE)
    protocol = "json"  # as the handshake calls it

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self.heartbeat = _HEARTBEAT_S
        self._is_accepted = False

    def opening(self) -> tuple[Payload, ...]:
        """Return the request of the handshake, which is JSON in every protocol."""
        self._is_accepted = False
        return (_CODEC.encode({"protocol": self.protocol, "version": 1}).decode(),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Learn from the first record whether the server accepts; a ping needs no answer."""
        begins = not self._is_accepted
        if begins:
            answer, end, payload = payload.partition(bytes((END,)))
            if not end:
                return NOTHING
            self._is_accepted = True
            if isinstance(error := object_in(answer).get("error"), str):
                return Reaction(refusal=error, is_own=True)
            if not payload:
                return Reaction(is_ready=True, is_own=True)
        records = self.records(payload, is_text=is_text)
        closes = [one for one in records if one.get("type") == CLOSE]
        refusal = "the server closes the connection" if closes else ""
        if closes and isinstance(error := closes[0].get("error"), str):
            refusal = error
        is_own = bool(records) and all(one.get("type") == PING for one in records)
        return Reaction((), begins and not refusal, refusal, is_own)

    def beat(self) -> Payload:
        """Return a ping."""
        return self.encoded({"type": PING})

    def closing(self) -> tuple[Payload, ...]:
        """Return a close message."""
        return (self.encoded({"type": CLOSE}),)

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return an invocation. Raises ValueError."""
        only_verb(call, self)
        record: dict[str, Value] = {"type": _VERBS[call.verb]}
        if call.verb is not Verb.EMIT:
            record["invocationId"] = str(number)
        record |= {"target": call.name, "arguments": list(call.arguments)}
        return (self.encoded(record),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the invocation of a record."""
        record = self.record_in(payload)
        match record:
            case {"type": 1 | 4 as kind, "target": str(name), "arguments": list(arguments)}:
                verb = Verb.CALL if "invocationId" in record else Verb.EMIT
                return Call(Verb.SUBSCRIBE if kind == _STREAM else verb, name, tuple(arguments))
        return None

    # What the protocols differ in

    def encoded(self, record: Record) -> Payload:
        """Return a record as it is sent. Raises ValueError."""
        return _CODEC.encode(record).decode()

    def records(self, payload: bytes, *, is_text: bool) -> list[Record]:
        """Return the first records of a message; none of one that has no records."""
        if payload[-1:] != bytes((END,)):
            return []
        parts = payload[:-1].split(bytes((END,)), MAX_RECORDS)
        return [object_in(one) for one in parts[:MAX_RECORDS]]

    def record_in(self, payload: Payload) -> Record:
        """Return the only record of a sent message; an empty one if it is none."""
        if not isinstance(payload, str) or not payload.endswith(chr(END)):
            return {}
        return object_in(payload[:-1].encode(errors="replace"))
