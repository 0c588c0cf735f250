"""Speaks MQTT 5: as 3.1.1, with properties, reason codes and the server's keep-alive.

https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html
"""

from __future__ import annotations

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.embedded import encoded
from spacebeam.decode.extended_json import read_extended
from spacebeam.decode.mqtt_packet import Fields
from spacebeam.decode.speaking.mqtt import (
    KEEPALIVE_S,
    REFUSALS,
    UNSUPPORTED_VERSION,
    MqttSpeaker,
)
from spacebeam.decode.speaking.speaker import Call, Parameters, Payload

_RECEIVE_MAXIMUM = 100  # publications that the server sends before the first is acknowledged
_UNSUPPORTED = "it does not support MQTT 5; choose MQTT, which is 3.1.1"
_PUBLISHED = (  # the properties that a publication may be given
    *("payloadFormatIndicator", "messageExpiryInterval", "contentType", "responseTopic"),
    *("correlationData", "userProperties"),
)
_REASONS = {  # section 2.4, as far as CONNACK and DISCONNECT have them
    0x80: "unspecified error",
    0x81: "malformed packet",
    0x82: "protocol error",
    0x83: "implementation specific error",
    UNSUPPORTED_VERSION: _UNSUPPORTED,
    0x85: "client identifier not valid",
    0x86: "bad user name or password",
    0x87: "not authorized",
    0x88: "server unavailable",
    0x89: "server busy",
    0x8A: "banned",
    0x8B: "server shutting down",
    0x8C: "bad authentication method",
    0x8D: "keep alive timeout",
    0x8E: "session taken over",
    0x8F: "topic filter invalid",
    0x90: "topic name invalid",
    0x93: "receive maximum exceeded",
    0x94: "topic alias invalid",
    0x95: "packet too large",
    0x96: "message rate too high",
    0x97: "quota exceeded",
    0x98: "administrative action",
    0x99: "payload format invalid",
    0x9A: "retain not supported",
    0x9B: "QoS not supported",
    0x9C: "use another server",
    0x9D: "server moved",
    0x9E: "shared subscriptions not supported",
    0x9F: "connection rate exceeded",
    0xA0: "maximum connect time",
    0xA1: "subscription identifiers not supported",
    0xA2: "wildcard subscriptions not supported",
}


class Mqtt5Speaker(MqttSpeaker):
    """Publishes and subscribes as MQTT 3.1.1 does; a publication may have properties."""

    name = "MQTT 5"
    level = 5

    def __init__(self, parameters: Parameters) -> None:
        super().__init__(parameters)
        self._limits: Fields = {}  # properties of CONNACK

    def opening(self) -> tuple[Payload, ...]:
        """Return CONNECT; the server says in its answer how often it wants a ping."""
        self.heartbeat, self._limits = 0.0, {}
        return super().opening()

    def written(self, call: Call, number: int) -> tuple[Payload, ...]:
        """Return PUBLISH or SUBSCRIBE; a JSON object of properties may follow a body too.

        Raises ValueError, also for what the server has said that it does not take.
        """
        payloads = super().written(call, number)
        largest = self._limits.get("maximumPacketSize")
        if isinstance(largest, int) and any(len(one) > largest for one in payloads):
            raise ValueError(f"the server takes packets of up to {largest:,} bytes")
        return payloads

    def completed(self, packet: Fields) -> Fields:
        """Return a packet with its properties; the session ends with the connection."""
        if packet["type"] == "CONNECT":
            session: Fields = {"sessionExpiryInterval": 0, "receiveMaximum": _RECEIVE_MAXIMUM}
            return packet | {"properties": session}
        return {"properties": {}} | packet

    def refusal_of(self, packet: Fields) -> str:
        """Return the reason of CONNACK or DISCONNECT in words; learn what the server takes."""
        kind, code = packet.get("type"), packet.get("reasonCode", 0)
        properties = packet.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        if kind == "CONNACK" and code == 0:
            self._limits = properties
            keepalive = properties.get("serverKeepAlive", KEEPALIVE_S)
            self.heartbeat = keepalive / 2 if isinstance(keepalive, int) else 0.0
            return ""
        if kind not in ("CONNACK", "DISCONNECT"):
            return ""
        words = _REASONS.get(code) if isinstance(code, int) else None
        words = words or ("unknown reason code" if code else "the server closes the connection")
        told = [properties.get("reasonString"), properties.get("serverReference")]
        texts = [one for one in told if isinstance(one, str) and one]
        return f"{words} ({', '.join(texts)})" if texts else words

    def refusal_of_other_version(self, payload: bytes) -> str:
        """Return why a CONNACK that has the form of MQTT 3.1.1 refuses the client."""
        if payload[:2] != b"\x20\x02" or len(payload) != 4:
            return ""
        code = payload[3]
        return REFUSALS[code] if code > 1 and code in REFUSALS else _UNSUPPORTED

    def options(self, words: list[Value]) -> Fields:
        """Return flags and properties of a publication. Raises ValueError."""
        objects = [one for one in words if isinstance(one, str) and one.startswith("{")]
        fields = super().options([one for one in words if one not in objects])
        highest, wanted = self._limits.get("maximumQoS", 2), fields["qos"]
        if isinstance(highest, int) and isinstance(wanted, int) and wanted > highest:
            raise ValueError(f"the server takes no QoS above {highest}")
        if fields["retain"] and self._limits.get("retainAvailable") is False:
            raise ValueError("the server retains no messages")
        return fields | ({"properties": _properties(objects)} if objects else {})


def _properties(objects: list[str]) -> Fields:
    """Return the properties that a JSON object has. Raises ValueError."""
    if len(objects) > 1:
        raise ValueError("the properties are one object of JSON")
    try:
        properties = read_extended(encoded(objects[0]))
    except (DecodeError, RecursionError):
        properties = None
    if not isinstance(properties, dict):
        raise ValueError("the properties are one object of JSON")
    if wrong := [one for one in properties if one not in _PUBLISHED]:
        raise ValueError(f"{wrong[0]} is none of {', '.join(_PUBLISHED)}")
    return properties
