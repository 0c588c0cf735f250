"""Fields of MQTT: numbers, texts and properties (MQTT 5.0, sections 1.5 and 2.2.2).

The names of properties are those of mqtt-packet, which MQTT.js made known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.embedded import body_bytes, encoded, members_of, text_or_bytes
from spacebeam.decode.extended_json import object_or_map, pairs_of

MAX_VARIABLE = 268_435_455


class Type(Enum):
    """The type of a property."""

    FLAG = 1
    BYTE = 2
    SHORT = 3
    LONG = 4
    VARIABLE = 5
    TEXT = 6
    BYTES = 7
    PAIR = 8


_PROPERTIES = {
    1: ("payloadFormatIndicator", Type.FLAG),
    2: ("messageExpiryInterval", Type.LONG),
    3: ("contentType", Type.TEXT),
    8: ("responseTopic", Type.TEXT),
    9: ("correlationData", Type.BYTES),
    11: ("subscriptionIdentifier", Type.VARIABLE),
    17: ("sessionExpiryInterval", Type.LONG),
    18: ("assignedClientIdentifier", Type.TEXT),
    19: ("serverKeepAlive", Type.SHORT),
    21: ("authenticationMethod", Type.TEXT),
    22: ("authenticationData", Type.BYTES),
    23: ("requestProblemInformation", Type.FLAG),
    24: ("willDelayInterval", Type.LONG),
    25: ("requestResponseInformation", Type.FLAG),
    26: ("responseInformation", Type.TEXT),
    28: ("serverReference", Type.TEXT),
    31: ("reasonString", Type.TEXT),
    33: ("receiveMaximum", Type.SHORT),
    34: ("topicAliasMaximum", Type.SHORT),
    35: ("topicAlias", Type.SHORT),
    36: ("maximumQoS", Type.BYTE),
    37: ("retainAvailable", Type.FLAG),
    38: ("userProperties", Type.PAIR),
    39: ("maximumPacketSize", Type.LONG),
    40: ("wildcardSubscriptionAvailable", Type.FLAG),
    41: ("subscriptionIdentifiersAvailable", Type.FLAG),
    42: ("sharedSubscriptionAvailable", Type.FLAG),
}
_CODES = {name: (code, kind) for code, (name, kind) in _PROPERTIES.items()}
_SIZES = {Type.FLAG: 1, Type.BYTE: 1, Type.SHORT: 2, Type.LONG: 4}
_REPEATED = "subscriptionIdentifier"


@dataclass
class FieldReader:
    """Reads the fields of a packet in order, up to `end`. All methods raise DecodeError."""

    data: Data
    offset: int
    end: int

    @property
    def rest(self) -> int:
        """Number of bytes that were not read."""
        return self.end - self.offset

    def raw(self, size: int) -> bytes:
        """Read bytes."""
        if size > self.rest:
            raise DecodeError("a field is longer than its packet", self.offset)
        self.offset += size
        return bytes(self.data[self.offset - size : self.offset])

    def number(self, size: int) -> int:
        """Read an integer of `size` bytes, the highest first."""
        return int.from_bytes(self.raw(size), "big")

    def variable(self) -> int:
        """Read a number of one to four bytes with 7 bits each."""
        begin, value = self.offset, 0
        for shift in (0, 7, 14, 21):
            byte = self.number(1)
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise DecodeError("a variable number of more than four bytes", begin)

    def binary(self) -> bytes:
        """Read bytes after their length."""
        return self.raw(self.number(2))

    def text(self) -> str:
        """Read a text after its length."""
        begin = self.offset
        try:
            text = self.binary().decode()
        except UnicodeDecodeError as error:
            raise DecodeError("a text is not UTF-8", begin + 2 + error.start) from None
        if "\0" in text:
            raise DecodeError("a text has a NUL", begin)
        return text

    def properties(self) -> dict[str, Value]:
        """Read properties after their length."""
        size = self.variable()
        if size > self.rest:
            raise DecodeError("the properties are longer than their packet", self.offset)
        fields = FieldReader(self.data, self.offset, self.offset + size)
        self.offset += size
        found: dict[str, Value] = {}
        pairs: list[tuple[Value, Value]] = []
        repeated: list[Value] = []
        while fields.rest:
            begin = fields.offset
            name, kind = _PROPERTIES.get(fields.variable(), ("", Type.BYTE))
            if not name:
                raise DecodeError("an unknown property", begin)
            if kind is Type.PAIR:
                pairs.append((fields.text(), fields.text()))
                found[name] = None
            elif name == _REPEATED:
                repeated.append(fields.variable())
                found[name] = None
            elif name in found:
                raise DecodeError(f"{name} is there twice", begin)
            else:
                found[name] = fields._property(kind)
        if pairs:
            found["userProperties"] = object_or_map(pairs)
        if repeated:
            found[_REPEATED] = repeated if len(repeated) > 1 else repeated[0]
        return found

    def _property(self, kind: Type) -> Value:
        begin = self.offset
        match kind:
            case Type.TEXT:
                return self.text()
            case Type.BYTES:
                return text_or_bytes(self.binary())
        value = self.number(_SIZES[kind])
        if kind is Type.FLAG and value > 1:
            raise DecodeError("a flag is neither 0 nor 1", begin)
        return bool(value) if kind is Type.FLAG else value


def number_bytes(value: Value, size: int, name: str) -> bytes:
    """Return an integer as `size` bytes, the highest first. Raises ValueError."""
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 256**size:
        return value.to_bytes(size, "big")
    raise ValueError(f"{name} is a number up to {256**size - 1:,}")


def variable_bytes(value: Value, name: str) -> bytes:
    """Return a number in one to four bytes with 7 bits each. Raises ValueError."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MAX_VARIABLE:
        raise ValueError(f"{name} is a number up to {MAX_VARIABLE:,}")
    found = bytearray()
    while value >= 0x80:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*found, value))


def binary_bytes(value: Value, name: str) -> bytes:
    """Return bytes after their length. Raises ValueError."""
    data = body_bytes(value, name)
    if len(data) > 0xFFFF:
        raise ValueError(f"{name} has more than 65,535 bytes")
    return len(data).to_bytes(2, "big") + data


def text_bytes(value: Value, name: str) -> bytes:
    """Return a text after its length. Raises ValueError."""
    if not isinstance(value, str) or "\0" in value:
        raise ValueError(f"{name} is a text without NUL")
    return binary_bytes(encoded(value), name)


def properties_bytes(value: Value) -> bytes:
    """Return properties after their length. Raises ValueError."""
    found = bytearray()
    for name, one in members_of(value, "properties").items():
        if name not in _CODES:
            raise ValueError(f"there is no property {name}")
        code, kind = _CODES[name]
        for written in _property_bytes(name, one, kind):
            found.append(code)
            found += written
    return variable_bytes(len(found), "the length of properties") + bytes(found)


def _property_bytes(name: str, value: Value, kind: Type) -> list[bytes]:
    """Return the bytes of a property, of a repeated one several times. Raises ValueError."""
    match kind:
        case Type.PAIR:
            return [text_bytes(key, name) + text_bytes(one, name) for key, one in _pairs(value)]
        case Type.VARIABLE:
            numbers = value if isinstance(value, list) else [value]
            return [variable_bytes(one, name) for one in numbers]
        case Type.TEXT:
            return [text_bytes(value, name)]
        case Type.BYTES:
            return [binary_bytes(value, name)]
        case Type.FLAG:
            if not isinstance(value, bool):
                raise ValueError(f"{name} is true or false")
            return [bytes((value,))]
    return [number_bytes(value, _SIZES[kind], name)]


def _pairs(value: Value) -> list[tuple[Value, Value]]:
    """Return the pairs of user properties; the value of a name can be a list of them."""
    fields = pairs_of(members_of(value, "userProperties"), "MQTT")
    return [
        (key, one) for key, many in fields for one in (many if isinstance(many, list) else [many])
    ]
