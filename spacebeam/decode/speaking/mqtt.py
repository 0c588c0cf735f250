"""Speaks MQTT 3.1.1: CONNECT, PINGREQ, PUBLISH and SUBSCRIBE, and acknowledges what comes.

https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
"""

from __future__ import annotations

import uuid

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.mqtt import MqttDecoder
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

_KEEPALIVE_S = 60  # the server waits one and a half times as long
_CODEC = MqttDecoder()
_REFUSALS = {
    1: "unacceptable protocol version",
    2: "identifier rejected",
    3: "server unavailable",
    4: "bad user name or password",
    5: "not authorized",
}
_OWN = frozenset(
    ("CONNACK", "PINGRESP", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBACK", "UNSUBACK")
)
_FLAGS = ("qos=0", "qos=1", "retain")  # that may follow a body


class MqttSpeaker(Speaker):
    """Publish sends a body to a topic; Subscribe asks for what fits a filter, as “home/#”."""

    name = "MQTT"
    verbs = (Verb.PUBLISH, Verb.SUBSCRIBE)
    has_bodies = True

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self.heartbeat = _KEEPALIVE_S / 2
        self._client = f"spacebeam-{uuid.uuid4().hex[:12]}"  # 23 characters at most (3.1.3.1)
        self._context = Context("binary", "received", subprotocol="mqtt")

    def opening(self) -> tuple[Payload, ...]:
        """Return CONNECT, with user and password if there are any."""
        self._context = Context("binary", "received", subprotocol="mqtt")
        packet: dict[str, Value] = {"type": "CONNECT", "clean": True, "clientId": self._client}
        packet |= {"keepalive": _KEEPALIVE_S, "protocolVersion": 4, "protocolId": "MQTT"}
        if self.parameters.user:
            packet |= {"username": self.parameters.user, "password": self.parameters.password}
        return (_CODEC.encode(packet),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Acknowledge messages, and learn from CONNACK whether the server accepts."""
        if is_text:
            return NOTHING
        try:
            value = _CODEC.decode(payload, self._context).value
        except DecodeError:
            return NOTHING
        packets = [one for one in _listed(value) if isinstance(one, dict)]
        answers = tuple(_CODEC.encode(one) for one in map(_answer, packets) if one is not None)
        codes = [one.get("returnCode") for one in packets if one.get("type") == "CONNACK"]
        refusal = _refusal(codes[0]) if codes else ""
        is_own = bool(packets) and all(one.get("type") in _OWN for one in packets)
        return Reaction(answers, bool(codes) and not refusal, refusal, is_own)

    def beat(self) -> Payload:
        """Return PINGREQ."""
        return _CODEC.encode({"type": "PINGREQ"})

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return PUBLISH or SUBSCRIBE; `qos=1` and `retain` may follow a body.

        Raises ValueError.
        """
        only_verb(call, self)
        if not call.name:
            raise ValueError("enter a topic")
        identifier = number % 0xFFFF + 1
        if call.verb is Verb.SUBSCRIBE:
            asked: list[Value] = [{"topic": call.name, "qos": 1}]
            packet: dict[str, Value] = {"type": "SUBSCRIBE", "subscriptions": asked}
            return (_CODEC.encode(packet | {"messageId": identifier}),)
        if set(call.name) & set("+#"):
            raise ValueError("a topic has no wildcard; only a filter has")
        body, *flags = call.arguments or ("",)
        if wrong := [one for one in flags if one not in _FLAGS]:
            raise ValueError(f"{written_extended(wrong[0])} is none of {', '.join(_FLAGS)}")
        packet = {"type": "PUBLISH", "topic": call.name, "payload": body}
        packet |= {"qos": int("qos=1" in flags), "retain": "retain" in flags}
        return (_CODEC.encode(packet | ({"messageId": identifier} if packet["qos"] else {})),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the call of a packet; of a publication, the one without flags."""
        if not isinstance(payload, bytes):
            return None
        try:
            value = _CODEC.decode(payload, Context("binary", "sent", subprotocol="mqtt")).value
        except DecodeError:
            return None
        match value:
            case {"type": "PUBLISH", "topic": str(name), "payload": str(body), "qos": 0, **others}:
                return None if others.get("retain") else Call(Verb.PUBLISH, name, (body,))
            case {"type": "SUBSCRIBE", "subscriptions": [{"topic": str(name), "qos": 1}]}:
                return Call(Verb.SUBSCRIBE, name)
        return None


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _answer(packet: dict[str, Value]) -> dict[str, Value] | None:
    """Return the acknowledgement of a packet; None if it needs none."""
    identifier = packet.get("messageId")
    match packet.get("type"), packet.get("qos"):
        case "PUBLISH", 1:
            return {"type": "PUBACK", "messageId": identifier}
        case "PUBLISH", 2:
            return {"type": "PUBREC", "messageId": identifier}
        case "PUBREL", _:
            return {"type": "PUBCOMP", "messageId": identifier}
    return None


def _refusal(code: Value) -> str:
    """Return why a return code refuses; an empty text for 0."""
    if code == 0:
        return ""
    known = _REFUSALS.get(code) if isinstance(code, int) else None
    return known or "unknown return code"
