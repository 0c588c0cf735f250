"""Messages with a schema, both ways: objects with the fields' names, much like proto3 JSON.

Google's library is not used: it hides unknown fields, and cannot show an Any of an unknown type.
Fields that the schema does not have, or has in another form, are shown by their numbers, as without
a schema. What is on the wire is shown, defaults are not filled in. Enums are names where they are
known, `@type` is the type of an Any.
"""

from __future__ import annotations

from contextlib import suppress

from spacebeam.decode.byte_reader import too_deep
from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.protobuf import known_types
from spacebeam.decode.protobuf.scalars import (
    WIRE_TYPES,
    default_of,
    fits,
    read_packed,
    read_scalar,
    unreadable,
    written_scalar,
)
from spacebeam.decode.protobuf.schema import FieldType, Kind, MessageType, ProtobufSchema
from spacebeam.decode.protobuf.schemaless import value_of_field, written_field
from spacebeam.decode.protobuf.wire import (
    BYTES,
    FIXED32,
    FIXED64,
    MAX_NESTED,
    VARINT,
    Field,
    read_fields,
    written_bytes,
    written_group,
    written_tag,
    written_varint,
)

_Object = dict[str, Value]


class MessageReader:
    """Reads one payload."""

    def __init__(self, schema: ProtobufSchema, payload: bytes) -> None:
        self._schema, self._payload = schema, payload

    def read(self, message: MessageType) -> Value:
        """Return the payload's message. Raises DecodeError."""
        return self._value(message, read_fields(self._payload), 0)

    def _value(self, message: MessageType, fields: list[Field], depth: int) -> Value:
        found = self._object(message, fields, depth)
        if message.name == known_types.ANY:
            return self._any(found, depth)
        return known_types.shown(message, found)

    def _object(self, message: MessageType, fields: list[Field], depth: int) -> _Object:
        if depth > MAX_NESTED:
            raise too_deep(0)
        found: _Object = {}
        merged: dict[str, list[Field]] = {}  # a message that occurs again is continued
        for number, wire_type, raw in fields:
            field = message.fields.get(number)
            if field is None or not fits(field, wire_type):
                _append(found, str(number), value_of_field(wire_type, raw, depth))
                continue
            for other in message.oneofs.get(field.oneof, ()):
                if other != field.name:
                    found.pop(other, None)
                    merged.pop(other, None)
            if not field.has_message:
                self._add_scalar(found, field, wire_type, raw)
            elif field.is_repeated:
                self._add_message(found, field, self._inside(field, raw, depth), depth)
            else:
                found.setdefault(field.name, None)
                merged.setdefault(field.name, []).extend(self._inside(field, raw, depth))
        for name, inside in merged.items():
            found[name] = self._value(self._type(message.names[name]), inside, depth + 1)
        return found

    def _type(self, field: FieldType) -> MessageType:
        """Return the type of a field's messages; one without fields if it is not in the schema."""
        return self._schema.messages.get(field.type_name) or MessageType(field.type_name)

    def _inside(self, field: FieldType, raw: int | bytes | list[Field], depth: int) -> list[Field]:
        if isinstance(raw, list):
            return raw
        assert isinstance(raw, bytes)
        try:
            return read_fields(raw, depth + 1)
        except DecodeError as error:
            raise unreadable(field, error, max(0, self._payload.find(raw))) from None

    def _add_scalar(
        self, found: _Object, field: FieldType, wire_type: int, raw: int | bytes | list[Field]
    ) -> None:
        assert not isinstance(raw, list)
        if not field.is_repeated:
            found[field.name] = read_scalar(self._schema, field, raw)
            return
        if isinstance(raw, bytes) and WIRE_TYPES[field.kind] != BYTES:
            try:
                values = read_packed(self._schema, field, raw)
            except DecodeError as error:
                raise unreadable(field, error, max(0, self._payload.find(raw))) from None
        else:
            values = [read_scalar(self._schema, field, raw)]
        several = found.setdefault(field.name, [])
        assert isinstance(several, list)
        several.extend(values)

    def _add_message(
        self, found: _Object, field: FieldType, inside: list[Field], depth: int
    ) -> None:
        """Add a message to a repeated field, or a pair to a map."""
        message = self._type(field)
        if not message.is_map_entry:
            several = found.setdefault(field.name, [])
            assert isinstance(several, list)
            several.append(self._value(message, inside, depth + 1))
            return
        entry = self._object(message, inside, depth + 1)
        if "value" not in entry:
            entry["value"] = self._absent(message.names["value"], depth)
        key = entry.get("key", default_of(message.names["key"].kind))
        pairs = found.setdefault(field.name, {})
        assert isinstance(pairs, dict)
        pairs[_key(key)] = entry["value"]

    def _absent(self, field: FieldType, depth: int) -> Value:
        if field.has_message:
            return self._value(self._type(field), [], depth + 2)
        if field.kind is Kind.ENUM:
            return read_scalar(self._schema, field, 0)
        return default_of(field.kind)

    def _any(self, found: _Object, depth: int) -> Value:
        url, data = found.get("type_url", ""), found.get("value", b"")
        if not isinstance(url, str) or not isinstance(data, bytes) or len(found) > 2:
            return found
        inside: Value = data
        message = self._schema.messages.get(url.rpartition("/")[2])
        if message is not None:
            with suppress(DecodeError):  # other bytes, after all
                inside = self._value(message, read_fields(data, depth + 1), depth + 1)
        if isinstance(inside, dict) and not message_is_known(message):
            return {"@type": url, **inside}
        return {"@type": url, "value": inside}


def message_is_known(message: MessageType | None) -> bool:
    """Return whether a message is one of Google's, which an Any has as its `value`."""
    return message is not None and message.name.startswith("google.protobuf.")


def _append(found: _Object, key: str, value: Value) -> None:
    earlier = found.get(key)
    if key not in found:
        found[key] = value
    elif isinstance(earlier, list):
        earlier.append(value)
    else:
        found[key] = [earlier, value]


def _key(key: Value) -> str:
    """Return the key of a map as JSON has it."""
    if isinstance(key, bool):
        return "true" if key else "false"
    return key.decode(errors="backslashreplace") if isinstance(key, bytes) else str(key)


class MessageWriter:
    """Writes messages of a schema."""

    def __init__(self, schema: ProtobufSchema) -> None:
        self._schema = schema

    def written(self, message: MessageType, value: Value, depth: int = 0) -> bytes:
        """Return the bytes of a message. Raises ValueError."""
        if depth > MAX_NESTED:
            raise ValueError("nested too deeply")
        if message.name == known_types.ANY:
            value = self._raw_any(value, depth)
        value = known_types.raw(message, value)
        if not isinstance(value, dict):
            raise ValueError(f"{message.name} is an object")
        return b"".join(self._field(message, key, one, depth) for key, one in value.items())

    def _field(self, message: MessageType, key: str, value: Value, depth: int) -> bytes:
        field = message.names.get(key)
        if field is None:
            if not (key.isascii() and key.isdecimal() and len(key) < 10):
                raise ValueError(f"{message.name} has no field “{key}”")
            several = value if isinstance(value, list) else [value]
            return b"".join(written_field(int(key), one, depth) for one in several)
        if value is None and field.type_name != known_types.VALUE:
            return b""
        entry = self._schema.messages.get(field.type_name)
        if entry is not None and entry.is_map_entry:
            return self._map(field, entry, value, depth)
        if not field.is_repeated:
            return self._one(field, value, depth)
        if not isinstance(value, list):
            raise ValueError(f"“{field.name}” is an array")
        if field.is_packed and WIRE_TYPES[field.kind] in (VARINT, FIXED64, FIXED32):
            packed = b"".join(written_scalar(self._schema, field, one) for one in value)
            return written_bytes(field.number, packed) if value else b""
        return b"".join(self._one(field, one, depth) for one in value)

    def _one(self, field: FieldType, value: Value, depth: int) -> bytes:
        if not field.has_message:
            tag = written_tag(field.number, WIRE_TYPES[field.kind])
            return tag + written_scalar(self._schema, field, value)
        message = self._schema.messages.get(field.type_name) or MessageType(field.type_name)
        data = self.written(message, value, depth + 1)
        if field.kind is Kind.GROUP and not message.is_map_entry:
            return written_group(field.number, data)
        return written_bytes(field.number, data)

    def _map(self, field: FieldType, entry: MessageType, value: Value, depth: int) -> bytes:
        if not isinstance(value, dict):
            raise ValueError(f"“{field.name}” is an object")
        is_bool = entry.names["key"].kind is Kind.BOOL
        out = bytearray()
        for key, one in value.items():
            pair: _Object = {"key": key == "true" if is_bool else key, "value": one}
            data = b"".join(self._field(entry, name, part, depth) for name, part in pair.items())
            out += written_tag(field.number, BYTES) + written_varint(len(data)) + data
        return bytes(out)

    def _raw_any(self, value: Value, depth: int) -> Value:
        """Return the two fields of an Any. Raises ValueError."""
        if not isinstance(value, dict) or "@type" not in value:
            return value
        inside = {key: one for key, one in value.items() if key != "@type"}
        url = value["@type"]
        if not isinstance(url, str):
            raise ValueError("“@type” is a text")
        message = self._schema.messages.get(url.rpartition("/")[2])
        only = inside.get("value") if len(inside) == 1 else None
        if isinstance(only, bytes):
            data = only
        elif message is None:
            raise ValueError(f"the schema has no type “{url}”")
        else:
            is_known = message_is_known(message)
            data = self.written(message, inside.get("value") if is_known else inside, depth + 1)
        return {"type_url": url, "value": data}
