"""Protocol Buffers: with the schema of the connection, or by the fields' numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.message_pack_packages import is_message_pack
from spacebeam.decode.protobuf.schemaless import read_object, written
from spacebeam.decode.protobuf.sequence import read_payload, written_payload
from spacebeam.decode.structured import StructuredDecoder, is_named

if TYPE_CHECKING:
    from spacebeam.decode.protobuf.typed import TypedPayloads

_JUDGED = 4 * 1024  # bytes; longer payloads are Protobuf if something names it
_NAMED = re.compile(r"proto(?:buf|3)?(?![a-z])|(?<![a-z])pb(?![a-z])|grpc", re.IGNORECASE)
_MAX_DIGITS = 3  # of a field's number
_WIRE_TYPES = (0, 1, 2, 5)  # of a message's first field
_MIN_NUMBERS = 3  # fields that are numbers, if no text or message is among them


class ProtobufDecoder(StructuredDecoder):
    """One message, or several with their lengths before them."""

    name = "Protobuf"
    kinds = ("binary",)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return most where a rule says the type: errors are shown then.

        Bytes alone prove nothing, so what nothing names is a guess.
        """
        if context.kind != "binary":
            return 0
        if context.schemas is not None and _types(context) is not None:
            return 0.95
        if not payload:
            return 0
        if context.is_cut or len(payload) > _JUDGED:
            return 0.6 if is_named(context, _NAMED) else 0
        if payload[0] > 127 and is_message_pack(payload):
            return 0  # hardly ever both by chance
        return self._of_bytes(payload, is_named(context, _NAMED))

    def _of_bytes(self, payload: Data, is_sure: bool) -> float:
        if not is_sure and not _may_be_guessed(payload):
            return 0
        try:
            value = _read(payload) if is_sure else _value(bytes(payload), is_strict=True)
        except DecodeError:
            return 0
        self._remember(payload, value)
        if not is_sure:
            return _guess(value)
        return 0.9 if "$sequence" in value else 0.95

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the message; of one with a schema also its type. Raises DecodeError."""
        if context.schemas is not None and (types := _types(context)) is not None:
            return types.decode(bytes(payload))
        value = self._remembered(payload)
        return Decoded(_read(payload) if value is None else value)

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the bytes of each field. Raises DecodeError."""
        from spacebeam.decode.protobuf.field_ranges import FieldRanges  # few ask for them

        if context.schemas is not None and (types := _types(context)) is not None:
            return types.ranges(bytes(payload))
        return FieldRanges(bytes(payload)).of(_read(payload))

    def encode(self, value: Value) -> bytes:
        """Return a message whose fields have numbers. Raises ValueError."""
        return written_payload(value, written)

    def encode_for(self, value: Value, context: Context) -> bytes:
        """Return a message of the type that a rule says, or else as `encode`.

        Raises ValueError.
        """
        types = _types(context)
        return self.encode(value) if types is None else types.encode(value)


def _types(context: Context) -> TypedPayloads | None:
    from spacebeam.decode.protobuf.typed import types_for  # few connections have a schema

    return types_for(context.schemas, context.endpoint, context.direction)


def _read(payload: Data) -> dict[str, Value]:
    return read_payload(bytes(payload), _value)


def _value(payload: bytes, is_strict: bool = False) -> dict[str, Value]:
    return read_object(payload, is_strict=is_strict)


def _may_be_guessed(payload: Data) -> bool:
    """Return whether bytes begin like a field, and are no text."""
    if payload[0] & 7 not in _WIRE_TYPES:
        return False
    return not payload.isascii() or not payload.decode().isprintable()


def _guess(value: dict[str, Value]) -> float:
    """Return the confidence of a message that nothing names."""
    if max(map(len, value)) > _MAX_DIGITS:
        return 0
    if str in map(type, value.values()) and any(map(_is_text, value.values())):
        return 0.4
    several = [one for found in value.values() for one in _items(found)]
    if any((isinstance(one, dict) and not _is_marked(one)) or _is_text(one) for one in several):
        return 0.4
    are_numbers = all(isinstance(one, int | float) for one in several)
    return 0.3 if are_numbers and len(several) >= _MIN_NUMBERS else 0


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [value]


def _is_marked(value: dict[str, Value]) -> bool:
    return next(iter(value)).startswith("$")


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""
