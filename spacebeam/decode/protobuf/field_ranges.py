"""Which bytes of a message its fields were read from: by the fields' numbers, or with a schema.

The value says how bytes were read: as a text, a message or themselves. A field's bytes begin with
its number. Values that share fields, as packed ones do, share their bytes.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.byte_ranges import ByteRanges, Range
from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.extended_json import MARKERS
from spacebeam.decode.protobuf.known_types import PREFIX
from spacebeam.decode.protobuf.scalars import fits
from spacebeam.decode.protobuf.schema import MessageType, ProtobufSchema
from spacebeam.decode.protobuf.wire import BYTES, GROUP, VARINT, read_other, read_varint

_ENTRY_VALUE = 2  # the field of a map's entry


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field is."""

    own: Range
    inside: Range = (0, 0)  # of a message or group, its fields
    message: MessageType | None = None


class FieldRanges:
    """Finds the bytes of a payload's fields."""

    def __init__(self, payload: bytes, schema: ProtobufSchema | None = None) -> None:
        self._payload, self._schema = payload, schema
        self._found = ByteRanges()

    def of(self, value: Value, message: MessageType | None = None) -> ByteRanges:
        """Return the ranges of a payload's value, which has the type `message` if it has one.

        Raises DecodeError.
        """
        whole = (0, len(self._payload))
        try:
            if isinstance(value, dict) and isinstance(several := value.get("$sequence"), list):
                self._found.add(whole)
                self._found.add(whole)
                at = 0
                for one in several:
                    length, start = read_varint(self._payload, at)
                    inside = (start, start + length)
                    self._add(one, _Place((at, start + length), inside, message))
                    at = start + length
            else:
                self._add(value, _Place(whole, whole, message))
        except (RecursionError, IndexError):
            raise DecodeError("nested too deeply to find the bytes", 0) from None
        return self._found

    def _add(self, value: Value, place: _Place) -> None:
        """Add a value and all that is inside."""
        match value:
            case {"$group": dict(fields), **others} if not others:
                self._found.add(place.own)
                self._add(fields, place)
            case dict() if self._is_message(value, place):
                self._found.add(place.own)
                fields_of = self._fields(place)
                for key, one in value.items():
                    self._add_field(one, place.own, fields_of.get(key, []))
            case _:
                self._found.add_all(value, place.own)

    def _is_message(self, value: dict[str, Value], place: _Place) -> bool:
        if place.message is not None:
            return not place.message.name.startswith(PREFIX)  # they are shown in other forms
        return place.inside != (0, 0) and MARKERS.isdisjoint(value)

    def _add_field(self, value: Value, around: Range, places: list[_Place]) -> None:
        """Add what the occurrences of a field are in a message, whose bytes are `around`."""
        if not places:
            self._found.add_all(value, around)
            return
        own = (places[0].own[0], places[-1].own[1])
        is_map = places[0].message is not None and places[0].message.is_map_entry
        match value:
            case list():
                self._found.add(own)
                is_one_each = len(places) == len(value)
                for at, one in enumerate(value):
                    self._add(one, places[at] if is_one_each else _Place(own))
            case dict() if is_map:
                self._found.add(own)
                is_one_each = len(places) == len(value)  # else a key occurs again
                for at, one in enumerate(value.values()):
                    self._add(one, self._of_entry(places[at]) if is_one_each else _Place(own))
            case dict() if len(places) > 1:  # a message that is continued
                self._found.add_all(value, own)
            case _:
                self._add(value, places[-1])

    def _of_entry(self, entry: _Place) -> _Place:
        """Return where the value of a map's entry is; the entry if its value is left out."""
        assert entry.message is not None
        field = entry.message.fields.get(_ENTRY_VALUE)
        found = self._fields(entry).get(field.name if field is not None else "", [])
        return found[-1] if found else _Place(entry.own)

    def _fields(self, place: _Place) -> dict[str, list[_Place]]:
        """Return where the fields of a message are, by their keys in its value."""
        found: dict[str, list[_Place]] = {}
        data, (at, end), message = self._payload, place.inside, place.message
        while at < end:
            start = at
            tag, at = read_varint(data, at)
            number, wire_type = tag >> 3, tag & 7
            size = at - start  # of the tag, which a group has at its end too
            inside = (0, 0)
            if wire_type == BYTES:
                length, begin = read_varint(data, at)
                at = begin + length
                inside = (begin, at)
            elif wire_type == VARINT:
                _number, at = read_varint(data, at)
            else:
                begin = at
                _value, at = read_other(data, at, tag, 0, False)
                inside = (begin, at - size) if wire_type == GROUP else inside
            field = None if message is None else message.fields.get(number)
            if field is not None and not fits(field, wire_type):
                field = None
            key = str(number) if field is None else field.name
            inner = self._type(field.type_name) if field is not None and field.has_message else None
            found.setdefault(key, []).append(_Place((start, at), inside, inner))
        return found

    def _type(self, name: str) -> MessageType:
        found = None if self._schema is None else self._schema.messages.get(name)
        return found or MessageType(name)
