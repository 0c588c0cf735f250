"""Control packets of MQTT from values. Those with properties or reason codes are of version 5."""

from __future__ import annotations

from spacebeam.decode.decoder import Value
from spacebeam.decode.embedded import body_bytes, members_of
from spacebeam.decode.mqtt_packet import ACKNOWLEDGEMENTS, CODES, FLAGS, PROTOCOLS, Fields
from spacebeam.decode.mqtt_properties import (
    binary_bytes,
    number_bytes,
    properties_bytes,
    text_bytes,
    variable_bytes,
)


def written_packet(value: Value) -> bytes:
    """Return the bytes of a packet. Raises ValueError."""
    fields = members_of(value, "a packet")
    kind = fields.get("type")
    if not isinstance(kind, str) or kind not in CODES:
        raise ValueError(f"type is one of {', '.join(CODES)}")
    flags = FLAGS.get(kind, 0)
    if kind == "PUBLISH":
        flags = _qos(fields) << 1 | _flag(fields, "dup") << 3 | _flag(fields, "retain")
    body = _body(kind, fields)
    return bytes((CODES[kind] << 4 | flags,)) + variable_bytes(len(body), "the length") + body


def _body(kind: str, fields: Fields) -> bytes:
    if kind == "CONNECT":
        return _connect(fields)
    if kind == "CONNACK":
        return _connack(fields)
    if kind == "PUBLISH":
        return _publish(fields)
    if kind in ACKNOWLEDGEMENTS:
        return _message_id(fields) + _reason(fields)
    if kind in ("DISCONNECT", "AUTH"):
        return _reason(fields)
    if kind == "SUBSCRIBE":
        listed = _list(fields, "subscriptions")
        is_5 = "properties" in fields
        rest = b"".join(_subscription(one, is_5) for one in listed)
    elif kind == "UNSUBSCRIBE":
        rest = b"".join(text_bytes(one, "topic") for one in _list(fields, "unsubscriptions"))
    elif kind == "SUBACK" or (kind == "UNSUBACK" and "granted" in fields):
        rest = b"".join(number_bytes(one, 1, "granted") for one in _list(fields, "granted"))
    else:
        return _message_id(fields) if kind == "UNSUBACK" else b""
    return _message_id(fields) + _properties(fields) + rest


def _connect(fields: Fields) -> bytes:
    name, version = fields.get("protocolId", "MQTT"), fields.get("protocolVersion", 4)
    if (name, version) not in PROTOCOLS or not isinstance(version, int):
        raise ValueError("protocolVersion is 4 or 5, protocolId MQTT")
    will = fields.get("will")
    wanted = members_of({} if will is None else will, "will")
    flags = _flag(fields, "clean") << 1
    if will is not None:
        flags |= 4 | _qos(wanted) << 3 | _flag(wanted, "retain") << 5
    flags |= ("username" in fields) << 7 | ("password" in fields) << 6
    version_byte = version | _flag(fields, "bridgeMode") << 7
    found = text_bytes(name, "protocolId") + bytes((version_byte, flags))
    found += number_bytes(fields.get("keepalive", 0), 2, "keepalive")
    found += properties_bytes(fields.get("properties", {})) if version == 5 else b""
    found += text_bytes(fields.get("clientId", ""), "clientId")
    if will is not None:
        found += properties_bytes(wanted.get("properties", {})) if version == 5 else b""
        found += text_bytes(wanted.get("topic"), "topic")
        found += binary_bytes(wanted.get("payload", ""), "payload")
    if "username" in fields:
        found += text_bytes(fields["username"], "username")
    if "password" in fields:
        found += binary_bytes(fields["password"], "password")
    return found


def _connack(fields: Fields) -> bytes:
    found = bytes((_flag(fields, "sessionPresent"),))
    if "reasonCode" not in fields:
        return found + number_bytes(fields.get("returnCode", 0), 1, "returnCode")
    found += number_bytes(fields["reasonCode"], 1, "reasonCode")
    return found + properties_bytes(fields.get("properties", {}))


def _publish(fields: Fields) -> bytes:
    found = text_bytes(fields.get("topic"), "topic")
    if _qos(fields):
        found += _message_id(fields)
    return found + _properties(fields) + body_bytes(fields.get("payload", ""), "payload")


def _reason(fields: Fields) -> bytes:
    if "reasonCode" not in fields and "properties" not in fields:
        return b""
    return number_bytes(fields.get("reasonCode", 0), 1, "reasonCode") + _properties(fields)


def _subscription(value: Value, is_5: bool) -> bytes:
    fields = members_of(value, "a subscription")
    options = _qos(fields)
    if is_5:
        handling = fields.get("rh", 0)
        if not isinstance(handling, int) or handling not in range(3):
            raise ValueError("rh is 0, 1 or 2")
        options |= _flag(fields, "nl") << 2 | _flag(fields, "rap") << 3 | handling << 4
    return text_bytes(fields.get("topic"), "topic") + bytes((options,))


def _message_id(fields: Fields) -> bytes:
    return number_bytes(fields.get("messageId"), 2, "messageId")


def _properties(fields: Fields) -> bytes:
    return properties_bytes(fields["properties"]) if "properties" in fields else b""


def _qos(fields: Fields) -> int:
    qos = fields.get("qos", 0)
    if not isinstance(qos, int) or isinstance(qos, bool) or qos not in range(3):
        raise ValueError("qos is 0, 1 or 2")
    return qos


def _flag(fields: Fields, name: str) -> bool:
    flag = fields.get(name, False)
    if not isinstance(flag, bool):
        raise ValueError(f"{name} is true or false")
    return flag


def _list(fields: Fields, name: str) -> list[Value]:
    found = fields.get(name)
    if not isinstance(found, list):
        raise ValueError(f"{name} is a list")
    return found
