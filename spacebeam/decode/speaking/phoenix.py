"""Speaks Phoenix channels (version 2): joins a topic, pushes events, sends heartbeats.

https://hexdocs.pm/phoenix/writing_a_channels_client.html
"""

from __future__ import annotations

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.embedded import read_embedded
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.json_values import written
from spacebeam.decode.speaking.speaker import (
    ANSWERED,
    NOTHING,
    Call,
    Parameters,
    Payload,
    Reaction,
    Speaker,
    Verb,
    only_verb,
)

_HEARTBEAT_S = 30.0  # as Phoenix's own client; the server waits 60 seconds
_HEARTBEAT, _JOIN = "0", "1"  # references; calls have those from 2 on
_MAX_READ = 64 * 1024  # bytes of a message that may be a reply to these
_MAX_JOINED = 256  # topics


class PhoenixSpeaker(Speaker):
    """A call pushes an event to the joined topic, or to another: “room:lobby new_msg”."""

    name = "Phoenix"
    verbs = (Verb.CALL, Verb.SUBSCRIBE)

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self.heartbeat = _HEARTBEAT_S
        self._joined: dict[str, str] = {}  # topics with the references of their joins

    def opening(self) -> tuple[Payload, ...]:
        """Return the join of the topic, with the sign-in data as its payload."""
        self._joined = {}
        topic, auth = self.parameters.scope, self.parameters.auth
        return (self._join(topic, _JOIN, {} if auth is None else auth),) if topic else ()

    @property
    def is_ready_at_once(self) -> bool:
        """Whether there is no topic to join first."""
        return not self.parameters.scope

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Learn from the reply whether the topic is joined."""
        match _array(payload) if is_text else []:
            case [_, str(reference), str(topic), "phx_reply", dict(reply)]:
                if (reference, topic) == (_HEARTBEAT, "phoenix"):
                    return ANSWERED
                if (reference, topic) != (_JOIN, self.parameters.scope):
                    return NOTHING
                if reply.get("status") == "ok":
                    return Reaction(is_ready=True, is_own=True)
                return Reaction(refusal=_reason(reply.get("response")), is_own=True)
            case [str(reference), _, str(topic), "phx_error" | "phx_close", _]:
                is_own = (reference, topic) == (_JOIN, self.parameters.scope)
                return Reaction(refusal="the server has left the topic") if is_own else NOTHING
        return NOTHING

    def beat(self) -> Payload:
        """Return a heartbeat."""
        return _message(None, _HEARTBEAT, "phoenix", "heartbeat", {})

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return a push or a join; the payload is an object. Raises ValueError."""
        only_verb(call, self)
        if len(call.arguments) > 1:
            raise ValueError("the payload is one value")
        payload = call.arguments[0] if call.arguments else {}
        reference = str(number + 2)
        if call.verb is Verb.SUBSCRIBE:
            return (self._join(call.name, reference, payload),)
        topic, space, event = call.name.rpartition(" ")
        topic = topic if space else self.parameters.scope
        if not topic or not event:
            raise ValueError("enter a topic and an event, as in room:lobby new_msg")
        return (_message(self._joined.get(topic), reference, topic, event, payload),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the event or the join of a push."""
        if not isinstance(payload, str):
            return None
        match _array(payload.encode(errors="replace")):
            case [_, _, str(topic), "phx_join", value]:
                return Call(Verb.SUBSCRIBE, topic, (value,))
            case [_, _, str(topic), str(event), value] if topic != "phoenix":
                name = event if topic == self.parameters.scope else f"{topic} {event}"
                return Call(Verb.CALL, name, (value,))
        return None

    def _join(self, topic: str, reference: str, payload: Value) -> str:
        if len(self._joined) >= _MAX_JOINED:
            self._joined.pop(next(iter(self._joined)))
        self._joined[topic] = reference
        return _message(reference, reference, topic, "phx_join", payload)


def _message(join: str | None, reference: str, topic: str, event: str, payload: Value) -> str:
    return written([join, reference, topic, event, payload])


def _array(payload: bytes) -> list[Value]:
    """Return a message; an empty list if it is none or too long."""
    if len(payload) > _MAX_READ or payload[:1] != b"[":
        return []
    try:
        value = read_embedded(payload)
    except DecodeError:
        return []
    return value if isinstance(value, list) else []


def _reason(response: Value) -> str:
    reason = response.get("reason") if isinstance(response, dict) else None
    return reason if isinstance(reason, str) and reason else written_extended(response)
