"""Schemas of Protocol Buffers: what a descriptor set says about messages and enums.

A descriptor set is a message itself (google/protobuf/descriptor.proto), which protoc writes:
`protoc --include_imports --descriptor_set_out=feed.desc feed.proto`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from spacebeam.decode.decoder import Data
from spacebeam.decode.protobuf.wire import Field, read_fields

_GROUP, _MESSAGE = 10, 11
_REPEATED = 3  # a label
_EXPANDED = 2  # an encoding of repeated fields
_DELIMITED = 2  # an encoding of messages
_SYNTHETIC = 17  # the field of a field's descriptor that says that its oneof has no other members


class Kind(IntEnum):
    """The type of a field, as descriptors number them."""

    DOUBLE = 1
    FLOAT = 2
    INT64 = 3
    UINT64 = 4
    INT32 = 5
    FIXED64 = 6
    FIXED32 = 7
    BOOL = 8
    STRING = 9
    GROUP = 10
    MESSAGE = 11
    BYTES = 12
    UINT32 = 13
    ENUM = 14
    SFIXED32 = 15
    SFIXED64 = 16
    SINT32 = 17
    SINT64 = 18


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field of a message type."""

    number: int
    name: str
    json_name: str
    kind: Kind
    type_name: str = ""  # of a message or an enum
    is_repeated: bool = False
    is_packed: bool = False  # when it is written; both forms are read
    oneof: str = ""

    @property
    def has_message(self) -> bool:
        """Whether the field's values are messages."""
        return self.kind in (Kind.MESSAGE, Kind.GROUP)


@dataclass(slots=True)
class MessageType:
    """A message type."""

    name: str
    is_map_entry: bool = False
    fields: dict[int, FieldType] = field(default_factory=dict)  # by their numbers
    names: dict[str, FieldType] = field(default_factory=dict)  # by their names, of JSON too
    oneofs: dict[str, list[str]] = field(default_factory=dict)  # the fields' names

    def add(self, one: FieldType) -> None:
        """Add a field."""
        self.fields[one.number] = one
        self.names.setdefault(one.json_name, one)
        self.names[one.name] = one
        if one.oneof:
            self.oneofs.setdefault(one.oneof, []).append(one.name)


@dataclass(frozen=True, slots=True)
class EnumType:
    """An enum: its first name of a number counts."""

    names: dict[int, str]
    numbers: dict[str, int]


class ProtobufSchema:
    """The message types and enums of a descriptor set, by their full names."""

    def __init__(self, descriptor_set: Data) -> None:
        """Read a FileDescriptorSet. Raises DecodeError."""
        self.messages: dict[str, MessageType] = {}
        self.enums: dict[str, EnumType] = {}
        self._extensions: list[tuple[str, FieldType]] = []
        for file in _messages(read_fields(bytes(descriptor_set)), 1):
            self._add_file(file)
        for extended, one in self._extensions:
            if extended in self.messages:
                self.messages[extended].add(one)

    def _add_file(self, file: list[Field]) -> None:
        features = _features(next(_messages(file, 8), []), 50)
        is_packed = _text(file, 12) == "proto3" or _number(file, 14) > 0
        defaults = _Defaults(
            is_packed and _number(features, 3) != _EXPANDED, _number(features, 5) == _DELIMITED
        )
        package = _text(file, 2)
        for one in _messages(file, 4):
            self._add_message(one, package, defaults)
        for one in _messages(file, 5):
            self._add_enum(one, package)
        self._add_extensions(file, 7, package, defaults)

    def _add_message(self, descriptor: list[Field], scope: str, defaults: _Defaults) -> None:
        name = _full(scope, _text(descriptor, 1))
        options = next(_messages(descriptor, 7), [])
        message = self.messages[name] = MessageType(name, bool(_number(options, 7)))
        oneofs = [_text(one, 1) for one in _messages(descriptor, 8)]
        for one in _messages(descriptor, 2):
            message.add(_field_type(one, oneofs, defaults))
        message.is_map_entry &= message.names.keys() >= {"key", "value"}
        for one in _messages(descriptor, 3):
            self._add_message(one, name, defaults)
        for one in _messages(descriptor, 4):
            self._add_enum(one, name)
        self._add_extensions(descriptor, 6, name, defaults)

    def _add_enum(self, descriptor: list[Field], scope: str) -> None:
        values = [(_text(one, 1), _signed(one, 2)) for one in _messages(descriptor, 2)]
        names = {number: name for name, number in reversed(values)}
        self.enums[_full(scope, _text(descriptor, 1))] = EnumType(names, dict(values))

    def _add_extensions(
        self, descriptor: list[Field], number: int, scope: str, defaults: _Defaults
    ) -> None:
        for one in _messages(descriptor, number):
            name = f"[{_full(scope, _text(one, 1))}]"
            extension = _field_type(one, [], defaults, name)
            self._extensions.append((_text(one, 2).removeprefix("."), extension))


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What a file says about all its fields."""

    is_packed: bool
    is_delimited: bool  # messages are groups


def _field_type(
    descriptor: list[Field], oneofs: list[str], defaults: _Defaults, name: str = ""
) -> FieldType:
    options = next(_messages(descriptor, 8), [])
    features = _features(options, 21)
    kind = Kind(_number(descriptor, 5) or Kind.BYTES)
    is_delimited = _number(features, 5) == _DELIMITED if features else defaults.is_delimited
    if kind is Kind.MESSAGE and is_delimited:
        kind = Kind.GROUP
    is_packed = bool(_number(options, 2)) if _has(options, 2) else defaults.is_packed
    if encoding := _number(features, 3):
        is_packed = encoding != _EXPANDED
    in_oneof = _has(descriptor, 9) and not _number(descriptor, _SYNTHETIC)
    index = _number(descriptor, 9)
    return FieldType(
        _number(descriptor, 3),
        name or _text(descriptor, 1),
        name or _text(descriptor, 10) or _text(descriptor, 1),
        kind,
        _text(descriptor, 6).removeprefix("."),
        _number(descriptor, 4) == _REPEATED,
        is_packed,
        oneofs[index] if in_oneof and index < len(oneofs) else "",
    )


def _full(scope: str, name: str) -> str:
    return f"{scope}.{name}" if scope else name


def _features(options: list[Field], number: int) -> list[Field]:
    return next(_messages(options, number), [])


def _messages(fields: list[Field], number: int) -> Iterator[list[Field]]:
    """Yield the messages of a repeated field."""
    for found, _wire_type, value in fields:
        if found == number and isinstance(value, bytes):
            yield read_fields(value)


def _has(fields: list[Field], number: int) -> bool:
    return any(found == number for found, _wire_type, _value in fields)


def _number(fields: list[Field], number: int) -> int:
    values = [one for found, _wire, one in fields if found == number and isinstance(one, int)]
    return values[-1] if values else 0


def _signed(fields: list[Field], number: int) -> int:
    value = _number(fields, number)
    return value - 2**64 if value >= 2**63 else value


def _text(fields: list[Field], number: int) -> str:
    values = [one for found, _wire, one in fields if found == number and isinstance(one, bytes)]
    return values[-1].decode(errors="replace") if values else ""
