"""One control packet of MQTT 3.1, 3.1.1 and 5.0 as a value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from spacebeam.decode.byte_ranges import ByteRanges, Range
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.embedded import body_bytes, text_or_bytes
from spacebeam.decode.mqtt_properties import FieldReader

TYPES = (
    *("", "CONNECT", "CONNACK", "PUBLISH", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP"),
    *(
        "SUBSCRIBE",
        "SUBACK",
        "UNSUBSCRIBE",
        "UNSUBACK",
        "PINGREQ",
        "PINGRESP",
        "DISCONNECT",
        "AUTH",
    ),
)
CODES = {name: code for code, name in enumerate(TYPES) if name}
FLAGS = {"PUBREL": 2, "SUBSCRIBE": 2, "UNSUBSCRIBE": 2}  # reserved bits of the first byte
ACKNOWLEDGEMENTS = ("PUBACK", "PUBREC", "PUBREL", "PUBCOMP")
PROTOCOLS = {("MQTT", 4), ("MQTT", 5), ("MQIsdp", 3)}
_GRANTED_3 = (0, 1, 2, 0x80)

Fields = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Head:
    """The fixed header of a packet."""

    type: str
    flags: int
    body: int  # offset
    end: int  # offset of the next packet


def read_head(data: Data, begin: int) -> Head | None:
    """Return the fixed header there, or None if it is not complete. Raises DecodeError."""
    first = data[begin]
    kind, flags = TYPES[first >> 4], first & 15
    is_published = kind == "PUBLISH"
    if not kind or (not is_published and flags != FLAGS.get(kind, 0)):
        raise DecodeError("no packet of MQTT begins like this", begin)
    if is_published and (flags & 6 == 6 or flags & 14 == 8):
        raise DecodeError("wrong flags of PUBLISH", begin)
    size = data[begin + 1 : begin + 5]
    for count, byte in enumerate(size, 1):
        if byte < 0x80:
            reader = FieldReader(size, 0, count)
            body = begin + 1 + count
            return Head(kind, flags, body, body + reader.variable())
    if len(size) == 4:
        raise DecodeError("the length of a packet has more than four bytes", begin + 1)
    return None


def check_beginning(data: Data, head: Head) -> None:
    """Refuse a packet of which not all is at hand if it cannot be one. Raises DecodeError."""
    size = head.end - head.body
    if head.type in ("PUBLISH", "CONNECT") and len(data) >= head.body + 2:
        length = int.from_bytes(data[head.body : head.body + 2], "big")
        if length > size - 2 or (head.type == "CONNECT" and length not in (4, 6)):
            raise DecodeError("a field is longer than its packet", head.body)
    if head.type not in ("PUBLISH", "CONNECT") and size < _LEAST.get(head.type, 0):
        raise DecodeError("a packet is too short", head.body)
    if head.type in ("PINGREQ", "PINGRESP") and size:
        raise DecodeError(f"{head.type} has no such data", head.body)


_LEAST = {"CONNACK": 2, "SUBSCRIBE": 5, "SUBACK": 3, "UNSUBSCRIBE": 4, "UNSUBACK": 2}
_LEAST |= dict.fromkeys(ACKNOWLEDGEMENTS, 2)


def read_packet(data: Data, head: Head, version: int) -> tuple[Fields, int]:
    """Return a whole packet and the protocol version: 3, 4, 5, or 0 where it stays unknown.

    Where the version is not known, what can only be one of them is read as that. Raises
    DecodeError.
    """
    fields: Fields = {"type": head.type}
    if version:
        version = _read_body(data, head, version, fields)
        return fields, version
    versions = [one for one in (4, 5) if _can_be(data, head, one)]
    if len(versions) == 1 and head.type not in ("PINGREQ", "PINGRESP"):
        return fields, _read_body(data, head, versions[0], fields)
    _read_body(data, head, _likely_version(data, head, versions), fields)
    return fields, 5 if fields.get("properties") else 0


def add_packet(found: ByteRanges, data: Data, begin: int, fields: Fields) -> int:
    """Add the ranges of a whole packet's values; return where the next packet begins.

    What has no bytes by itself, as a property or a part of a list, has those of the packet.
    """
    head = read_head(data, begin)
    assert head is not None
    whole, first = (begin, head.end), (begin, begin + 1)
    known: dict[str, Range] = {"type": first, "messageId": (head.body, head.body + 2)}
    if head.type == "PUBLISH":
        topic_end = head.body + 2 + int.from_bytes(data[head.body : head.body + 2], "big")
        known = dict.fromkeys(("type", "retain", "qos", "dup"), first)
        known |= {"topic": (head.body, topic_end), "messageId": (topic_end, topic_end + 2)}
        known["payload"] = (head.end - len(body_bytes(fields["payload"])), head.end)
    found.add(whole)
    for key, value in fields.items():
        found.add_all(value, known.get(key, whole))
    return head.end


def _can_be(data: Data, head: Head, version: int) -> bool:
    try:
        _read_body(data, head, version, {"type": head.type})
    except DecodeError:
        return False
    return True


def _likely_version(data: Data, head: Head, versions: list[int]) -> int:
    """Return the version to read a packet by that both allow, or none."""
    if head.type == "PUBLISH" and 5 in versions:
        fields: Fields = {}
        _read_body(data, head, 4, fields)
        payload = fields["payload"]
        # No text begins with NUL, so it is the length of no properties.
        begins_with_nul = isinstance(payload, bytes) and payload[:1] == b"\0"
        _read_body(data, head, 5, fields)
        return 5 if begins_with_nul or fields["properties"] else 4
    return 4


def _read_body(data: Data, head: Head, version: int, fields: Fields) -> int:
    """Add the fields of a packet; return the protocol version. Raises DecodeError."""
    reader = FieldReader(data, head.body, head.end)
    if head.type == "CONNECT":
        version = _read_connect(reader, fields)
    elif head.type in ACKNOWLEDGEMENTS:
        _read_acknowledgement(reader, fields, version)
    elif head.type == "PUBLISH":
        _read_publish(reader, fields, version, head.flags)
    elif read := _READERS.get(head.type):
        read(reader, fields, version)
    if reader.rest:
        raise DecodeError(f"unexpected bytes after {head.type}", reader.offset)
    return version


def _read_connect(reader: FieldReader, fields: Fields) -> int:
    begin = reader.offset
    name, version = reader.text(), reader.number(1)
    if (name, version & 0x7F) not in PROTOCOLS:  # the first bit is set by bridges
        raise DecodeError("an unknown version of MQTT", begin)
    flags = reader.number(1)
    if flags & 1 or flags & 0x18 == 0x18 or (flags & 0x38 and not flags & 4):
        raise DecodeError("wrong flags of CONNECT", reader.offset - 1)
    fields |= {"protocolId": name, "protocolVersion": version & 0x7F}
    if version & 0x80:
        fields["bridgeMode"] = True
    fields |= {"clean": bool(flags & 2), "keepalive": reader.number(2)}
    version &= 0x7F
    if version == 5:
        fields["properties"] = reader.properties()
    fields["clientId"] = reader.text()
    if flags & 4:
        will: Fields = {"retain": bool(flags & 0x20), "qos": flags >> 3 & 3}
        if version == 5:
            will["properties"] = reader.properties()
        will |= {"topic": reader.text(), "payload": text_or_bytes(reader.binary())}
        fields["will"] = will
    if flags & 0x80:
        fields["username"] = reader.text()
    if flags & 0x40:
        fields["password"] = text_or_bytes(reader.binary())
    return version


def _read_connack(reader: FieldReader, fields: Fields, version: int) -> None:
    flags = reader.number(1)
    if flags > 1:
        raise DecodeError("wrong flags of CONNACK", reader.offset - 1)
    fields["sessionPresent"] = bool(flags)
    if version == 5:
        fields |= {"reasonCode": reader.number(1), "properties": reader.properties()}
    else:
        fields["returnCode"] = reader.number(1)


def _read_publish(reader: FieldReader, fields: Fields, version: int, flags: int) -> None:
    begin = reader.offset
    topic = reader.text()
    if set(topic) & {"+", "#"}:
        raise DecodeError("the topic of PUBLISH has a wildcard", begin)
    if not topic and version != 5:
        raise DecodeError("the topic of PUBLISH is empty", begin)
    fields |= {"topic": topic, "retain": bool(flags & 1), "qos": flags >> 1 & 3}
    fields["dup"] = bool(flags & 8)
    if flags & 6:
        fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["properties"] = reader.properties()
    fields["payload"] = text_or_bytes(reader.raw(reader.rest))


def _message_id(reader: FieldReader) -> int:
    number = reader.number(2)
    if not number:
        raise DecodeError("a message id is 0", reader.offset - 2)
    return number


def _read_acknowledgement(reader: FieldReader, fields: Fields, version: int) -> None:
    fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["reasonCode"] = reader.number(1) if reader.rest else 0
        if reader.rest:
            fields["properties"] = reader.properties()


def _read_subscribe(reader: FieldReader, fields: Fields, version: int) -> None:
    fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["properties"] = reader.properties()
    subscriptions: list[Value] = []
    while reader.rest or not subscriptions:
        topic, options = reader.text(), reader.number(1)
        if not topic or options & 3 == 3 or options > (0x2F if version == 5 else 2):
            raise DecodeError("wrong options of a subscription", reader.offset - 1)
        subscription: Fields = {"topic": topic, "qos": options & 3}
        if version == 5:
            subscription |= {"nl": bool(options & 4), "rap": bool(options & 8), "rh": options >> 4}
        subscriptions.append(subscription)
    fields["subscriptions"] = subscriptions


def _read_suback(reader: FieldReader, fields: Fields, version: int) -> None:
    fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["properties"] = reader.properties()
    begin = reader.offset
    granted = reader.raw(reader.rest)
    if not granted or (version != 5 and not set(granted) <= set(_GRANTED_3)):
        raise DecodeError("wrong return codes of SUBACK", begin)
    fields["granted"] = list(granted)


def _read_unsubscribe(reader: FieldReader, fields: Fields, version: int) -> None:
    fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["properties"] = reader.properties()
    topics: list[Value] = []
    while reader.rest or not topics:
        begin = reader.offset
        topics.append(reader.text())
        if not topics[-1]:
            raise DecodeError("a topic is empty", begin)
    fields["unsubscriptions"] = topics


def _read_unsuback(reader: FieldReader, fields: Fields, version: int) -> None:
    fields["messageId"] = _message_id(reader)
    if version == 5:
        fields["properties"] = reader.properties()
        fields["granted"] = list(reader.raw(reader.rest))


def _read_reason(reader: FieldReader, fields: Fields, version: int) -> None:
    """Read DISCONNECT or AUTH."""
    if fields["type"] == "AUTH" and version != 5:
        raise DecodeError("AUTH is of version 5 only", reader.offset)
    if version == 5:
        fields["reasonCode"] = reader.number(1) if reader.rest else 0
        if reader.rest:
            fields["properties"] = reader.properties()


_READERS: dict[str, Callable[[FieldReader, Fields, int], None]] = {
    "CONNACK": _read_connack,
    "SUBSCRIBE": _read_subscribe,
    "SUBACK": _read_suback,
    "UNSUBSCRIBE": _read_unsubscribe,
    "UNSUBACK": _read_unsuback,
    "DISCONNECT": _read_reason,
    "AUTH": _read_reason,
}
