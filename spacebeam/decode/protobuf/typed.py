"""Payloads whose message type a rule says."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Decoded, DecodeError, Message, Value
from spacebeam.decode.protobuf.field_ranges import FieldRanges
from spacebeam.decode.protobuf.messages import MessageReader, MessageWriter
from spacebeam.decode.protobuf.schema import MessageType, ProtobufSchema
from spacebeam.decode.protobuf.sequence import read_payload, written_payload
from spacebeam.decode.schemas import Schemas


@lru_cache(maxsize=64)
def types_for(schemas: Schemas | None, endpoint: str, direction: str) -> TypedPayloads | None:
    """Return what the rules say about an endpoint's payloads of a direction."""
    if schemas is None or schemas.protobuf is None:
        return None
    rules = [rule for rule in schemas.rules if rule.applies(endpoint, direction)]
    message = next((rule.message for rule in rules if not rule.field), "")
    inner = {rule.field: rule.message for rule in reversed(rules) if rule.field}
    return TypedPayloads(schemas.protobuf, message, inner) if message else None


class TypedPayloads:
    """Reads and writes messages of one type, and those in bytes of theirs."""

    def __init__(self, schema: ProtobufSchema, message: str, inner: dict[str, str]) -> None:
        """Take the full names of types; `inner` has those of messages in bytes, by their path."""
        self._schema = schema
        self._message, self._inner = message, inner

    def decode(self, payload: bytes) -> Decoded:
        """Return the message, with the name of the oneof's member. Raises DecodeError."""
        message = self._type(self._message)
        value = read_payload(payload, lambda one: self._read(message, one))
        several = value.get("$sequence") if isinstance(value, dict) else None
        messages = (
            [self._named(message, one) for one in several] if isinstance(several, list) else []
        )
        return Decoded(value, tuple(messages) or (self._named(message, value),))

    def ranges(self, payload: bytes) -> ByteRanges:
        """Return the bytes of each value. Raises DecodeError."""
        value = self.decode(payload).value
        return FieldRanges(payload, self._schema).of(value, self._type(self._message))

    def encode(self, value: Value) -> bytes:
        """Return the payload of a message. Raises ValueError."""
        message = self._type(self._message)
        return written_payload(value, lambda one: self._write(message, one))

    def _type(self, name: str) -> MessageType:
        message = self._schema.messages.get(name)
        if message is None:
            raise DecodeError(f"the schema has no type “{name}”", 0)
        return message

    def _read(self, message: MessageType, payload: bytes) -> Value:
        value = MessageReader(self._schema, payload).read(message)
        for path, name in self._inner.items():
            inner = self._type(name)

            def read(found: Value, inner: MessageType = inner) -> Value:
                if not isinstance(found, bytes):
                    return found
                try:
                    return MessageReader(self._schema, found).read(inner)
                except DecodeError:  # other bytes, after all
                    return found

            value = _replaced(value, path.split("."), read)
        return value

    def _write(self, message: MessageType, value: Value) -> bytes:
        writer = MessageWriter(self._schema)
        for path, name in self._inner.items():
            inner = self._type(name)

            def write(found: Value, inner: MessageType = inner) -> Value:
                return writer.written(inner, found) if isinstance(found, dict) else found

            value = _replaced(value, path.split("."), write)
        return writer.written(message, value)

    def _named(self, message: MessageType, value: Value) -> Message:
        members = [name for names in message.oneofs.values() for name in names]
        found = value if isinstance(value, dict) else {}
        name = next((member for member in members if member in found), "")
        return Message(message.name, value, name)


def _replaced(value: Value, path: list[str], replace: Callable[[Value], Value]) -> Value:
    """Return a value with what is at a path replaced; in arrays on the way, in each item."""
    if isinstance(value, list):
        return [_replaced(one, path, replace) for one in value]
    if not path:
        return replace(value)
    if not isinstance(value, dict) or path[0] not in value:
        return value
    return {**value, path[0]: _replaced(value[path[0]], path[1:], replace)}
