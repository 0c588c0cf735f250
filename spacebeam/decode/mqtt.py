"""MQTT 3.1.1 and 5.0 over WebSocket (MQTT 5.0, section 6): packets share and span payloads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import (
    Context,
    Data,
    Decoded,
    DecodeError,
    Message,
    MessageSpan,
    Value,
)
from spacebeam.decode.embedded import body_bytes, text_or_bytes
from spacebeam.decode.json_ranges import ranges_of_parts, whole_ranges
from spacebeam.decode.mqtt_packet import Fields, add_packet, check_beginning, read_head, read_packet
from spacebeam.decode.mqtt_writing import written_packet
from spacebeam.decode.structured import ConnectionDecoder, aside
from spacebeam.decode.unfinished import (
    MAX_IN_ROW,
    MAX_MESSAGES,
    MAX_UNFINISHED,
    Unfinished,
    has_enough,
)

_MAX_ALIASES = 256  # topics with an alias that are remembered in a direction
_MAX_ALIASED = 4096  # characters of such a topic
_MAX_NAME = 200  # characters of the topics of a subscription
_CONNECT = re.compile(rb"\x10[\x00-\xff]{1,4}?\x00(?:\x04MQTT[\x04\x05\x84]|\x06MQIsdp[\x03\x83])")
_JUDGED = 4096  # bytes
_SURE, _PROVEN = 0.95, 0.9
_FAILURE = 0x80  # reason codes from here on are errors


@dataclass(frozen=True, slots=True)
class _Stream:
    """The bytes of a direction that were not read, and the topics of its aliases."""

    received: Unfinished = field(default_factory=Unfinished)
    needed: int = 0  # bytes of the unfinished packet, as far as they are known
    is_sure: bool = False  # a packet was read, so the next one begins where it ended
    aliases: dict[int, str] = field(default_factory=dict)


class MqttDecoder(ConnectionDecoder):
    """Control packets of MQTT: several in a payload, or one over several payloads."""

    name = "MQTT"
    kinds = ("binary",)
    spans_payloads = True
    opening_bytes = b"\x10"

    def is_told(self, context: Context) -> bool:
        """Return whether the subprotocol is one of MQTT."""
        return "mqtt" in context.subprotocol

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 with the subprotocol, 0.9 for CONNECT and what follows it."""
        if context.kind != "binary":
            return 0
        sure = _SURE if "mqtt" in context.subprotocol else 0
        if not sure and self.name not in context.memory:
            return _PROVEN if payload[:1] == b"\x10" and _CONNECT.match(payload[:16]) else 0
        stream = context.memory.get(_key(context))
        if isinstance(stream, _Stream) and stream.received.size:
            return sure or _PROVEN
        return (sure or _PROVEN) if _is_packet(payload[:_JUDGED], can_be_cut=True) else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the packets that end in the payload. Raises DecodeError."""
        return self._decode(payload, context, MAX_MESSAGES)

    def decode_for_row(self, payload: Data, context: Context) -> Decoded:
        """Return the first packets. Raises DecodeError."""
        return self._decode(payload, context, MAX_IN_ROW)

    def _decode(self, payload: Data, context: Context, limit: int) -> Decoded:
        key = _key(context)
        stream = context.memory.pop(key, None)
        if not isinstance(stream, _Stream):
            stream = _Stream()
        if not stream.is_sure:
            if not stream.received.size and not _is_packet(payload, can_be_cut=True):
                return Decoded({"part": text_or_bytes(payload)})  # its beginning was not read
            is_connect = stream.received.data[:1] == b"\x10"
            if not is_connect and _is_packet(payload, can_be_cut=False):
                stream = replace(stream, received=Unfinished(), needed=0)
        known = stream.received.size
        try:
            return self._packets(stream, payload, context, limit)
        except DecodeError as error:
            if not stream.is_sure and known:  # what was before it was no packet
                return self._decode(payload, context, limit)
            offset = min(max(error.offset - known, 0), len(payload))
            raise DecodeError(str(error), offset) from None

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of the fields of whole packets. Raises DecodeError."""
        before = context.memory.get(_key(context))
        continues = isinstance(before, _Stream) and before.received.size > 0
        decoded = self.decode(payload, aside(context))
        if continues or decoded.span.is_unfinished or not decoded.messages:
            return whole_ranges(decoded.value, payload)
        return ranges_of_parts(decoded.value, payload, add_packet)

    def encode(self, value: Value) -> bytes:
        """Return packets, or a part of one. Raises ValueError."""
        match value:
            case list():
                return b"".join(map(self.encode, value))
            case {"part": part}:
                return body_bytes(part, "part")
        return written_packet(value)

    def _packets(self, stream: _Stream, payload: Data, context: Context, limit: int) -> Decoded:
        """Return the packets that end in the payload, and keep the beginning of another."""
        continues = stream.received.size > 0
        received, needed = stream.received.added(payload), stream.needed
        data, begin = received.data, 0
        values: list[Value] = []
        messages: list[Message] = []
        while begin < len(data) and needed <= len(data):
            if has_enough(len(messages), limit, begin):
                return Decoded(values, tuple(messages), MessageSpan(continues))
            head = read_head(data, begin)
            if head is None:
                needed = 0
                break
            if head.end > len(data):
                needed = head.end - begin
                break
            version = context.memory.get(self.name)
            fields, found = read_packet(data, head, version if isinstance(version, int) else 0)
            if found or self.name not in context.memory:
                context.memory[self.name] = found
            stream = replace(_with_alias(stream, fields), is_sure=True)
            values.append(fields)
            messages.append(_message(fields, stream))
            begin, needed = head.end, 0
        rest = len(data) - begin
        if needed > MAX_UNFINISHED:
            raise DecodeError(f"a packet of {needed:,} bytes in several messages", begin)
        if begin:
            received = Unfinished().added(data[begin:])
        if rest:
            _check_kept(received.data)
            part: dict[str, Value] = {"part": text_or_bytes(payload[-min(rest, len(payload)) :])}
            values.append(part | {"bytes": rest} | ({"of": needed} if needed else {}))
        context.memory[_key(context)] = replace(stream, received=received, needed=needed)
        if not values:
            return Decoded({"part": ""})
        span = MessageSpan(continues, rest > 0)
        return Decoded(values[0] if len(values) == 1 else values, tuple(messages), span)


def _key(context: Context) -> str:
    return "MQTT received" if context.direction == "received" else "MQTT sent"


def _check_kept(data: Data) -> None:
    """Refuse the beginning of a packet that cannot be one. Raises DecodeError."""
    head = read_head(data, 0)
    if head is not None:
        check_beginning(data, head)


def _is_packet(payload: Data, *, can_be_cut: bool) -> bool:
    """Return whether a payload is packets, or begins like one if it can be cut."""
    begin = 0
    try:
        while begin < len(payload):
            head = read_head(payload, begin)
            if head is None or head.end > len(payload):
                if head is not None and begin == 0:
                    check_beginning(payload, head)
                return can_be_cut
            if begin == 0:
                read_packet(payload, head, 0)
            begin = head.end
    except DecodeError:
        return False
    return bool(payload)


def _with_alias(stream: _Stream, fields: Fields) -> _Stream:
    """Remember the topic of an alias (MQTT 5.0, section 3.3.2.3.4)."""
    match fields:
        case {"type": "PUBLISH", "topic": str(topic), "properties": {"topicAlias": int(alias)}}:
            if topic and len(topic) <= _MAX_ALIASED:
                others = [pair for pair in stream.aliases.items() if pair[0] != alias]
                return replace(stream, aliases=dict([*others[1 - _MAX_ALIASES :], (alias, topic)]))
    return stream


def _message(fields: Fields, stream: _Stream) -> Message:
    """Return the message of a packet."""
    kind, number = str(fields["type"]), fields.get("messageId")
    identifier = "" if number is None else str(number)
    is_error = _is_error(fields)
    asks, answers = _ASKS.get(kind, ""), _ANSWERS.get(kind, "")
    if kind == "PUBREC" and is_error:
        asks = ""
    if kind == "PUBLISH" and not number:
        asks = ""
    hidden = (
        ("type", "messageId") if fields.get("properties") else ("type", "messageId", "properties")
    )
    value: Value = {key: one for key, one in fields.items() if key not in hidden}
    return Message(
        kind,
        fields["payload"] if kind == "PUBLISH" else value,
        _name(fields, stream),
        identifier,
        f"{asks} {identifier}".strip() if asks else "",
        f"{answers} {identifier}".strip() if answers else "",
        is_last=kind != "PUBREC" or is_error,
        is_error=is_error,
    )


# PUBREC and PUBCOMP answer the PUBLISH of quality of service 2; PUBREL answers the PUBREC.
_ASKS = {"CONNECT": "CONNECT", "PINGREQ": "PINGREQ", "PUBLISH": "PUBLISH", "PUBREC": "PUBREC"}
_ASKS |= {"SUBSCRIBE": "SUBSCRIBE", "UNSUBSCRIBE": "UNSUBSCRIBE"}
_ANSWERS = {"CONNACK": "CONNECT", "PINGRESP": "PINGREQ", "SUBACK": "SUBSCRIBE"}
_ANSWERS |= {"UNSUBACK": "UNSUBSCRIBE", "PUBACK": "PUBLISH", "PUBREC": "PUBLISH"}
_ANSWERS |= {"PUBREL": "PUBREC", "PUBCOMP": "PUBLISH"}


def _is_error(fields: Fields) -> bool:
    reason = fields.get("reasonCode", 0)
    codes = fields.get("granted", [])
    return (
        (isinstance(reason, int) and reason >= _FAILURE)
        or bool(fields.get("returnCode"))
        or (isinstance(codes, list) and any(isinstance(c, int) and c >= _FAILURE for c in codes))
    )


def _name(fields: Fields, stream: _Stream) -> str:
    """Return the topic, or the topics of a subscription."""
    match fields:
        case {"topic": "", "properties": {"topicAlias": int(alias)}}:
            return stream.aliases.get(alias, "")
        case {"topic": str(topic)}:
            return topic
        case {"subscriptions": list(listed)}:
            topics = [one["topic"] for one in listed[:_MAX_NAME] if isinstance(one, dict)]
            return ", ".join(map(str, topics))[:_MAX_NAME]
        case {"unsubscriptions": list(listed)}:
            return ", ".join(map(str, listed[:_MAX_NAME]))[:_MAX_NAME]
    return ""
