"""Speaks MQTT 3.1.1: CONNECT, PINGREQ, PUBLISH and SUBSCRIBE, and acknowledges what comes.

`mqtt5.py` has what MQTT 5 does in another way.

https://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
"""

from __future__ import annotations

import uuid

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.mqtt import MqttDecoder
from spacebeam.decode.mqtt_packet import Fields
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

KEEPALIVE_S = 60  # the server waits one and a half times as long
CODEC = MqttDecoder()
UNSUPPORTED_VERSION = 0x84  # a reason code of MQTT 5
REFUSALS = {
    1: "it does not support MQTT 3.1.1; choose MQTT 5",
    2: "identifier rejected",
    3: "server unavailable",
    4: "bad user name or password",
    5: "not authorized",
}
_OWN = frozenset(
    ("CONNACK", "PINGRESP", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "SUBACK", "UNSUBACK")
)
_QOS = {"qos=0": 0, "qos=1": 1, "qos=2": 2}
_FLAGS = (*_QOS, "retain")  # that may follow a body
_FAILURE = 0x80  # codes of acknowledgements from here on are errors


class MqttSpeaker(Speaker):
    """Publish sends a body to a topic; Subscribe asks for what fits a filter, as “home/#”."""

    name = "MQTT"
    verbs = (Verb.PUBLISH, Verb.SUBSCRIBE)
    has_bodies = True
    level = 4  # the protocol's version, as packets have it

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self.heartbeat = KEEPALIVE_S / 2
        self._client = f"spacebeam-{uuid.uuid4().hex[:12]}"  # 23 characters at most (3.1.3.1)
        self._context = self._new_context("received")

    def opening(self) -> tuple[Payload, ...]:
        """Return CONNECT, with user and password if there are any."""
        self._context = self._new_context("received")
        packet: dict[str, Value] = {"type": "CONNECT", "clean": True, "clientId": self._client}
        packet |= {"keepalive": KEEPALIVE_S, "protocolVersion": self.level, "protocolId": "MQTT"}
        if self.parameters.user:
            packet |= {"username": self.parameters.user, "password": self.parameters.password}
        return (CODEC.encode(self.completed(packet)),)

    def react(self, payload: bytes, *, is_text: bool) -> Reaction:
        """Acknowledge messages, and learn from CONNACK whether the server accepts."""
        if is_text:
            return NOTHING
        try:
            value = CODEC.decode(payload, self._context).value
        except DecodeError:
            refusal = self.refusal_of_other_version(payload)
            return Reaction(refusal=refusal, is_own=True) if refusal else NOTHING
        packets = [one for one in _listed(value) if isinstance(one, dict)]
        answers = tuple(CODEC.encode(one) for one in map(_answer, packets) if one is not None)
        refusal = next(filter(None, map(self.refusal_of, packets)), "")
        is_accepted = any(one.get("type") == "CONNACK" for one in packets) and not refusal
        return Reaction(answers, is_accepted, refusal, bool(packets) and all(map(_is_own, packets)))

    def beat(self) -> Payload:
        """Return PINGREQ."""
        return CODEC.encode({"type": "PINGREQ"})

    def closing(self) -> tuple[Payload, ...]:
        """Return DISCONNECT: without it the server would publish the client's will (3.14)."""
        return (CODEC.encode({"type": "DISCONNECT"}),)

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return PUBLISH or SUBSCRIBE; `qos=1`, `qos=2` and `retain` may follow a body.

        Raises ValueError.
        """
        only_verb(call, self)
        if not call.name:
            raise ValueError("enter a topic")
        return (CODEC.encode(self.completed(self._packet(call, number % 0xFFFF + 1))),)

    def call_in(self, payload: Payload) -> Call | None:
        """Return the call of a packet that `written` returns for it without flags."""
        if not isinstance(payload, bytes):
            return None
        try:
            value = CODEC.decode(payload, self._new_context("sent")).value
        except DecodeError:
            return None
        match value:
            case {"type": "PUBLISH", "topic": str(name), "payload": str(body)}:
                call, number = Call(Verb.PUBLISH, name, (body,)), 1
            case {
                "type": "SUBSCRIBE",
                "messageId": int(number),
                "subscriptions": [{"topic": str(name)}],
            }:
                call = Call(Verb.SUBSCRIBE, name)
            case _:
                return None
        same = CODEC.encode(self.completed(self._packet(call, number)))
        return call if name and same == payload else None

    # What the versions differ in

    def completed(self, packet: Fields) -> Fields:
        """Return a packet with what the version adds to it."""
        return packet

    def refusal_of(self, packet: Fields) -> str:
        """Return why a received packet refuses the client; an empty text if it does not."""
        code = packet.get("returnCode", 0) if packet.get("type") == "CONNACK" else 0
        known = REFUSALS.get(code) if isinstance(code, int) else None
        return (known or "unknown return code") if code else ""

    def refusal_of_other_version(self, payload: bytes) -> str:
        """Return why a CONNACK that has the form of MQTT 5 refuses the client."""
        has_form = payload[:1] == b"\x20" and payload[1:2] > b"\x02" and len(payload) > 3
        return REFUSALS[1] if has_form and payload[3] == UNSUPPORTED_VERSION else ""

    def options(self, words: list[Value]) -> Fields:
        """Return the fields of what follows a publication's body. Raises ValueError."""
        if wrong := [one for one in words if one not in _FLAGS]:
            raise ValueError(f"{written_extended(wrong[0])} is none of {', '.join(_FLAGS)}")
        return {"qos": max(map(_qos, words), default=0), "retain": "retain" in words}

    def _packet(self, call: Call, identifier: int) -> Fields:
        """Return PUBLISH or SUBSCRIBE. Raises ValueError."""
        if call.verb is Verb.SUBSCRIBE:
            asked: list[Value] = [{"topic": call.name, "qos": 1}]
            return {"type": "SUBSCRIBE", "messageId": identifier, "subscriptions": asked}
        if set(call.name) & set("+#"):
            raise ValueError("a topic has no wildcard; only a filter has")
        body, *words = call.arguments or ("",)
        packet = {"type": "PUBLISH", "topic": call.name, "payload": body} | self.options(words)
        return packet | ({"messageId": identifier} if packet["qos"] else {})

    def _new_context(self, direction: str) -> Context:
        memory: dict[str, object] = {CODEC.name: self.level}
        return Context("binary", direction, subprotocol="mqtt", memory=memory)


def _listed(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _qos(word: Value) -> int:
    return _QOS.get(word, 0) if isinstance(word, str) else 0


def _is_own(packet: Fields) -> bool:
    """Return whether a packet is the protocol's own, and tells of no failure."""
    kind = packet.get("type")
    return kind == "CONNACK" or (kind in _OWN and not _has_failed(packet))


def _has_failed(packet: Fields) -> bool:
    granted, reason = packet.get("granted"), packet.get("reasonCode")
    codes = [*(granted if isinstance(granted, list) else []), reason]
    return any(isinstance(one, int) and one >= _FAILURE for one in codes)


def _answer(packet: Fields) -> Fields | None:
    """Return the acknowledgement of a packet; None if it needs none."""
    identifier = packet.get("messageId")
    match packet.get("type"), packet.get("qos"):
        case "PUBLISH", 1:
            return {"type": "PUBACK", "messageId": identifier}
        case "PUBLISH", 2:
            return {"type": "PUBREC", "messageId": identifier}
        case "PUBREC", _ if not _has_failed(packet):
            return {"type": "PUBREL", "messageId": identifier}
        case "PUBREL", _:
            return {"type": "PUBCOMP", "messageId": identifier}
    return None
