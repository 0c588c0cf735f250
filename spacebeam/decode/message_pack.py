"""MessagePack (https://github.com/msgpack/msgpack/blob/master/spec.md).

Packages read most payloads: see `message_pack_packages`. What they refuse is read here, with the
offsets of errors, and with strings that are not UTF-8.
"""

from __future__ import annotations

import re
from struct import Struct

from spacebeam.decode.binary_values import begins_media
from spacebeam.decode.byte_ranges import ByteRanges, ReadRanges
from spacebeam.decode.byte_reader import CutError, NestedReader, too_deep
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.extended_json import (
    MAX_DEPTH,
    object_or_map,
    pairs_of,
    values_of,
)
from spacebeam.decode.message_pack_packages import (
    ARRAYS,
    MAPS,
    UNREAD,
    is_message_pack,
    unpacked,
)
from spacebeam.decode.structured import ConnectionDecoder, is_named
from spacebeam.decode.timestamps import read_timestamp, written_timestamp

_JUDGED = 64 * 1024  # bytes; a longer payload is judged by its beginning
_JUDGED_SEQUENCE = 4 * 1024  # bytes of several objects, which are read more slowly
_TEXTS = frozenset((*range(0xA0, 0xC0), 0xD9, 0xDA, 0xDB))
_MAPS_AND_ARRAYS = MAPS | ARRAYS
_TIMESTAMP = -1  # an extension type
_STARTS = dict.fromkeys(_MAPS_AND_ARRAYS, 1) | {0xDC: 3, 0xDD: 5, 0xDE: 3, 0xDF: 5}  # of the items
_NAMED = re.compile(r"msgpack|messagepack", re.IGNORECASE)
_NANOSECONDS = 10**9

_UINT8, _UINT16, _UINT32, _UINT64 = (Struct(form) for form in (">B", ">H", ">I", ">Q"))
_INT8, _INT16, _INT32, _INT64 = (Struct(form) for form in (">b", ">h", ">i", ">q"))
_FLOAT32, _FLOAT64 = Struct(">f"), Struct(">d")
_SECONDS = Struct(">Iq")  # nanoseconds, seconds
_NUMBERS = {
    0xCA: _FLOAT32, 0xCB: _FLOAT64,
    0xCC: _UINT8, 0xCD: _UINT16, 0xCE: _UINT32, 0xCF: _UINT64,
    0xD0: _INT8, 0xD1: _INT16, 0xD2: _INT32, 0xD3: _INT64,
}  # fmt: skip
_LITERALS = {0xC0: None, 0xC2: False, 0xC3: True}
_WRITTEN_LITERALS = {None: 0xC0, False: 0xC2, True: 0xC3}
_BYTES = {0xC4: _UINT8, 0xC5: _UINT16, 0xC6: _UINT32}  # by the form of their length
_STRINGS = {0xD9: _UINT8, 0xDA: _UINT16, 0xDB: _UINT32}
_EXTENSIONS = {0xC7: _UINT8, 0xC8: _UINT16, 0xC9: _UINT32}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}  # bytes
_LONG_ARRAYS = {0xDC: _UINT16, 0xDD: _UINT32}
_LONG_MAPS = {0xDE: _UINT16, 0xDF: _UINT32}


class MessagePackDecoder(ConnectionDecoder):
    """MessagePack objects, one or several in a payload."""

    name = "MessagePack"
    kinds = ("binary",)
    opening_bytes = bytes(_MAPS_AND_ARRAYS)

    def is_told(self, context: Context) -> bool:
        """Return whether the endpoint or the subprotocol names MessagePack."""
        return is_named(context, _NAMED)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return more for maps with texts as keys than for arrays; 0 for what is not complete.

        Other objects, and several in one payload, are MessagePack only where the endpoint or the
        subprotocol says so: almost any bytes would be some.
        """
        if context.kind != "binary" or not payload:
            return 0
        first = payload[0]
        if first in _MAPS_AND_ARRAYS and len(payload) <= _JUDGED and not context.is_cut:
            if is_message_pack(payload):
                return self._of_object(payload, context)
            return _of_sequence(payload) if is_named(context, _NAMED) else 0
        if is_named(context, _NAMED):
            return _of_sequence(payload, context.is_cut)
        return 0.45 if first in _MAPS_AND_ARRAYS and _has_text_inside(payload) else 0

    def _of_object(self, payload: Data, context: Context) -> float:
        if _has_text_inside(payload):
            return 0.8 if payload[0] in MAPS else 0.6
        if is_named(context, _NAMED):
            return 0.95
        return 0.4 if len(payload) > 3 else 0

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the object; several are a `$sequence`. Raises DecodeError."""
        value = unpacked(payload, _extension)
        return Decoded(value if value is not UNREAD else _read(payload))

    def beginning(self, payload: Data, _context: Context) -> str:
        """Return the first objects and their first items."""
        reader = _Reader(payload, is_cut=True)
        return self.words_of_beginning(reader, reader.value)

    def ranges(self, payload: Data, _context: Context) -> ByteRanges:
        """Return the bytes of each object. Raises DecodeError."""
        reader = _RangedReader(payload)
        return reader.read.of(lambda: reader.all_values(reader.value))

    def encode(self, value: Value) -> bytes:
        """Return the shortest form of each object. Raises ValueError."""
        out = bytearray()
        for one in values_of(value):
            _write(one, out, 0)
        return bytes(out)


def _has_text_inside(payload: Data) -> bool:
    """Return whether a map's first key is a text, or an array's first item no number."""
    first = payload[0]
    inside = payload[_STARTS[first] : _STARTS[first] + 1]
    if not inside:
        return False
    return inside[0] in _TEXTS or (first in ARRAYS and inside[0] in _MAPS_AND_ARRAYS)


def _of_sequence(payload: Data, is_cut: bool = False) -> float:
    """Return the confidence for several objects, where something names MessagePack.

    Almost any bytes would be some, those of a picture too.
    """
    if begins_media(payload):
        return 0
    if is_cut or len(payload) > _JUDGED_SEQUENCE:
        return 0.6
    try:
        _read(payload)
    except DecodeError:
        return 0
    return 0.9


def _read(payload: Data) -> Value:
    reader = _Reader(payload)
    return reader.all_values(reader.value)


class _Reader(NestedReader):
    """Reads objects; offsets of errors are those of the bytes that are wrong."""

    def value(self, depth: int) -> Value:
        """Return the next object, which is inside of `depth` others."""
        code = self.byte()
        if code < 0x80:
            return code
        if code >= 0xE0:
            return code - 256
        if code < 0xC0:
            if code >= 0xA0:
                return self._text(code & 31)
            return self._map(code & 15, depth) if code < 0x90 else self._array(code & 15, depth)
        if code in _NUMBERS:
            return self.number(_NUMBERS[code])
        if code in _LITERALS:
            return _LITERALS[code]
        return self._long(code, depth)

    def _long(self, code: int, depth: int) -> Value:
        """Return an object that has a length before it."""
        if code in _STRINGS:
            return self._text(self._length(_STRINGS[code]))
        if code in _BYTES:
            return self.take(self._length(_BYTES[code]))
        if code in _LONG_ARRAYS:
            return self._array(self._length(_LONG_ARRAYS[code]), depth)
        if code in _LONG_MAPS:
            return self._map(self._length(_LONG_MAPS[code]), depth)
        if code == 0xC1:
            raise DecodeError("the byte c1 is never used in MessagePack", self.at - 1)
        return self._extension(code)

    def _length(self, form: Struct) -> int:
        return int(self.number(form))

    def _text(self, length: int) -> str | bytes:
        """Return a string, or bytes: before 2013 there was one type for both."""
        return self.text(self.take(length))

    def _array(self, count: int, depth: int) -> Value:
        depth = self._inside(depth)
        values: list[Value] = []
        try:
            for _number in range(self.count(count)):
                values.append(
                    self.value(depth)
                )  # a comprehension would take a second frame a level
        except CutError:
            pass
        return values

    def _map(self, count: int, depth: int) -> Value:
        depth = self._inside(depth)
        pairs: list[tuple[Value, Value]] = []
        try:
            for _number in range(self.count(count)):
                key = self.value(depth)
                pairs.append((key, self.value(depth)))
        except CutError:
            pass
        return object_or_map(pairs)

    def _inside(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            raise too_deep(self.at - 1)
        self.deepest = max(self.deepest, depth + 1)
        return depth + 1

    def _extension(self, code: int) -> Value:
        form = _EXTENSIONS.get(code)
        length = _FIXED_EXTENSIONS[code] if form is None else self._length(form)
        kind = int(self.number(_INT8))
        return _extension(kind, self.take(length))


class _RangedReader(_Reader):
    """Records where the objects are."""

    def __init__(self, payload: Data) -> None:
        super().__init__(payload)
        self.read = ReadRanges()

    def value(self, depth: int) -> Value:
        number = self.read.begin(self.at)
        value = super().value(depth)
        self.read.end(number, self.at)
        return value


def _extension(kind: int, data: bytes) -> Value:
    """Return a timestamp as `$timestamp`, any other extension as `$ext`."""
    if kind == _TIMESTAMP and (time := _timestamp(data)) is not None:
        return {"$timestamp": time}
    return {"$ext": kind, "data": data}


def _timestamp(data: bytes) -> str | None:
    """Return the time of an extension's data, which has one of three forms; None for others."""
    if len(data) == 4:
        return written_timestamp(_UINT32.unpack(data)[0])
    if len(data) == 8:
        (number,) = _UINT64.unpack(data)
        nanoseconds, seconds = number >> 34, number & (2**34 - 1)
    elif len(data) == 12:
        nanoseconds, seconds = _SECONDS.unpack(data)
    else:
        return None
    return written_timestamp(seconds, nanoseconds) if nanoseconds < _NANOSECONDS else None


def _write(value: Value, out: bytearray, depth: int) -> None:
    """Append an object. Raises ValueError."""
    match value:
        case None | True | False:
            out.append(_WRITTEN_LITERALS[value])
        case int():
            _write_integer(value, out)
        case float():
            out.append(0xCB)
            out += _FLOAT64.pack(value)
        case str():
            data = value.encode()  # raises UnicodeEncodeError, a ValueError, for half a surrogate
            _write_head(out, len(data), (0xA0, 32), _STRINGS)
            out += data
        case bytes():
            _write_head(out, len(value), None, _BYTES)
            out += value
        case list():
            _write_head(out, len(value), (0x90, 16), _LONG_ARRAYS)
            for one in value:
                _write(one, out, _deeper(depth))
        case dict():
            _write_object(value, out, depth)
        case _:  # a Decimal: an integer of more than 4,300 digits
            raise ValueError("MessagePack has integers of up to 64 bits")


def _write_object(value: dict[str, Value], out: bytearray, depth: int) -> None:
    match value:
        case {"$ext": int(kind), "data": bytes(data)} if len(value) == 2:
            _write_extension(kind, data, out)
        case {"$timestamp": str(text)} if len(value) == 1:
            _write_extension(_TIMESTAMP, _timestamp_data(*read_timestamp(text)), out)
        case _:
            pairs = pairs_of(value, "MessagePack")
            _write_head(out, len(pairs), (0x80, 16), _LONG_MAPS)
            for key, one in pairs:
                _write(key, out, _deeper(depth))
                _write(one, out, _deeper(depth))


def _deeper(depth: int) -> int:
    if depth >= MAX_DEPTH:
        raise ValueError("nested too deeply")
    return depth + 1


def _write_head(
    out: bytearray, length: int, fixed: tuple[int, int] | None, forms: dict[int, Struct]
) -> None:
    """Append a type and a length; `fixed` is the first short form, and their number."""
    if fixed is not None and length < fixed[1]:
        out.append(fixed[0] + length)
        return
    for code, form in forms.items():
        if length < 256**form.size:
            out.append(code)
            out += form.pack(length)
            return
    raise ValueError("MessagePack has lengths of up to 32 bits")


def _write_integer(value: int, out: bytearray) -> None:
    if -32 <= value < 128:
        out.append(value & 255)
        return
    for code in range(0xCC, 0xD0) if value > 0 else range(0xD0, 0xD4):
        bits = 8 * _NUMBERS[code].size - (value < 0)
        if -(2**bits) <= value < 2**bits:
            out.append(code)
            out += _NUMBERS[code].pack(value)
            return
    raise ValueError("MessagePack has integers of up to 64 bits")


def _write_extension(kind: int, data: bytes, out: bytearray) -> None:
    if not -128 <= kind <= 127:
        raise ValueError("$ext is a number from -128 to 127")
    fixed = next((code for code, size in _FIXED_EXTENSIONS.items() if size == len(data)), None)
    if fixed is None:
        _write_head(out, len(data), None, _EXTENSIONS)
    else:
        out.append(fixed)
    out += _INT8.pack(kind) + data


def _timestamp_data(seconds: int, nanoseconds: int) -> bytes:
    if 0 <= seconds < 2**32 and not nanoseconds:
        return _UINT32.pack(seconds)
    if 0 <= seconds < 2**34:
        return _UINT64.pack(nanoseconds << 34 | seconds)
    if not -(2**63) <= seconds < 2**63:
        raise ValueError("MessagePack has seconds of up to 64 bits")
    return _SECONDS.pack(nanoseconds, seconds)
