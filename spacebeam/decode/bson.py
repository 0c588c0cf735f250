"""BSON (https://bsonspec.org/spec.html), as MongoDB's Extended JSON.

What BSON alone has is written as there: `$oid`, `$binary`, `$numberDecimal`, `$regularExpression`,
`$timestamp` and others; a date is `{"$date": "2026-01-02T03:04:05.678Z"}`. Integers of 32 and 64
bits are numbers, and are written in the shorter form.

pymongo's package bson is not used: it loses duplicate keys, and brings the whole client.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from functools import partial
from struct import Struct

from spacebeam.decode.byte_ranges import ByteRanges, ReadRanges
from spacebeam.decode.byte_reader import CutError, NestedReader, too_deep
from spacebeam.decode.decimal128 import read_decimal, written_decimal
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.extended_json import MAX_DEPTH, object_or_map, pairs_of, values_of
from spacebeam.decode.structured import StructuredDecoder, is_named
from spacebeam.decode.timestamps import read_timestamp, written_timestamp

_JUDGED = 4 * 1024  # bytes; a longer payload is judged by its length and its end
_LEAST = 5  # bytes of an empty document
_NAMED = re.compile("bson", re.IGNORECASE)
_GENERIC, _SECOND = 0, 1000  # a subtype of binary; milliseconds

_INT32, _INT64, _DOUBLE = Struct("<i"), Struct("<q"), Struct("<d")
_TIMESTAMP = Struct("<II")  # the increment, seconds


class BsonDecoder(StructuredDecoder):
    """BSON documents, one or several in a payload."""

    name = "BSON"
    kinds = ("binary",)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.8 for a payload that is as long as it says, and whose elements are right."""
        size = len(payload)
        if context.kind != "binary" or size < _LEAST or payload[-1]:
            return 0
        length = int.from_bytes(payload[:4], "little")
        if context.is_cut or not _LEAST <= length <= size:
            return 0
        if size > _JUDGED:
            return 0.6 if length == size else 0
        try:
            value = _read(payload)
        except DecodeError:
            return 0
        self._remember(payload, value)
        if is_named(context, _NAMED):
            return 0.95
        return 0.8 if size > _LEAST else 0.6

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the document; several are a `$sequence`. Raises DecodeError."""
        value = self._remembered(payload)
        return Decoded(_read(payload) if value is None else value)

    def beginning(self, payload: Data, _context: Context) -> str:
        """Return the first elements, of documents inside too."""
        reader = _Reader(payload, is_cut=True)
        return self.words_of_beginning(reader, reader.document)

    def ranges(self, payload: Data, _context: Context) -> ByteRanges:
        """Return the bytes of each value, without its type and key. Raises DecodeError."""
        reader = _RangedReader(payload)
        document = partial(_ranged, _Reader.document, reader)
        return reader.read.of(lambda: reader.all_values(document))

    def encode(self, value: Value) -> bytes:
        """Return the documents. Raises ValueError."""
        return b"".join(_document(one, 0) for one in values_of(value))


def _read(payload: Data) -> Value:
    reader = _Reader(payload)
    return reader.all_values(reader.document)


class _Reader(NestedReader):
    """Reads documents; offsets of errors are those of the bytes that are wrong."""

    def __init__(self, payload: Data, *, is_cut: bool = False) -> None:
        super().__init__(payload, is_cut=is_cut)
        self.readers = _READERS  # of the values of each type

    def document(self, depth: int) -> Value:
        """Return the next document, which is inside of `depth` others."""
        return object_or_map(self._elements(depth))

    def _elements(self, depth: int) -> list[tuple[Value, Value]]:
        if depth >= MAX_DEPTH:
            raise too_deep(self.at)
        self.deepest = max(self.deepest, depth + 1)
        start = self.at
        end = start + self._int32()
        if end < start + _LEAST:
            raise DecodeError("a document is shorter than it can be", start)
        if end > self.size and not self.is_cut:
            raise self.ended()
        elements: list[tuple[Value, Value]] = []
        try:
            while kind := self.byte():
                read = self.readers.get(kind)
                if read is None:
                    raise DecodeError(f"BSON has no type {kind:02x}", self.at - 1)
                key = self._key()
                elements.append((key, read(self, depth + 1)))
        except CutError:
            return elements
        if self.at != end:
            raise DecodeError("a document does not end where it says", self.at - 1)
        return elements

    def array(self, depth: int) -> Value:
        """Return an array, whose keys are its indexes."""
        return [value for _key, value in self._elements(depth)]

    def _int32(self) -> int:
        return int(self.number(_INT32))

    def _key(self) -> str | bytes:
        """Return a text that ends with a NUL."""
        end = self.data.find(0, self.at)
        if end < 0:
            raise self.ended()
        data = self.text(self.take(end - self.at))
        self.at += 1
        return data

    def string(self) -> str | bytes:
        """Return a text with its length before it; bytes if it is not UTF-8."""
        start = self.at
        length = self._int32()
        if length < 1:
            raise DecodeError("a text is shorter than it can be", start)
        data = self.take(length)
        if len(data) < length:  # cut
            return self.text(data)
        if data[-1]:
            raise DecodeError("a text does not end with a NUL", self.at - 1)
        return self.text(data[:-1])

    def binary(self) -> Value:
        """Return bytes, those of a subtype as `$binary`."""
        start = self.at
        length = self._int32()
        subtype = self.byte()
        if length < 0:
            raise DecodeError("a negative length", start)
        data = self.take(length)
        if subtype == _GENERIC:
            return data
        text = base64.b64encode(data).decode()
        return {"$binary": {"base64": text, "subType": f"{subtype:02x}"}}

    def boolean(self) -> bool:
        """Return true or false."""
        number = self.byte()
        if number > 1:
            raise DecodeError("a boolean is 0 or 1", self.at - 1)
        return bool(number)

    def date(self) -> Value:
        """Return the time of a number of milliseconds."""
        seconds, milliseconds = divmod(int(self.number(_INT64)), _SECOND)
        return {"$date": written_timestamp(seconds, milliseconds * 1_000_000)}

    def expression(self) -> Value:
        """Return a regular expression."""
        pattern = self._key()
        return {"$regularExpression": {"pattern": pattern, "options": self._key()}}

    def pointer(self) -> Value:
        """Return a reference to a document, of a type that is no longer used."""
        name = self.string()
        return {"$dbPointer": {"$ref": name, "$id": self.object_id()}}

    def object_id(self) -> dict[str, Value]:
        """Return the id of a document."""
        return {"$oid": self.take(12).hex()}

    def scoped_code(self, depth: int) -> Value:
        """Return code with its variables."""
        start = self.at
        length = self._int32()
        code = self.string()
        scope = self.document(depth)
        if self.at != start + length:
            raise DecodeError("code does not end where it says", self.at - 1)
        return {"$code": code, "$scope": scope}

    def timestamp(self) -> Value:
        """Return a timestamp of MongoDB's replication."""
        increment, seconds = _TIMESTAMP.unpack(self.take(_TIMESTAMP.size))
        return {"$timestamp": {"t": seconds, "i": increment}}


_Read = Callable[[_Reader, int], Value]
_READERS: dict[int, _Read] = {
    0x01: lambda reader, _depth: reader.number(_DOUBLE),
    0x02: lambda reader, _depth: reader.string(),
    0x03: lambda reader, depth: reader.document(depth),
    0x04: lambda reader, depth: reader.array(depth),
    0x05: lambda reader, _depth: reader.binary(),
    0x06: lambda _reader, _depth: {"$undefined": True},
    0x07: lambda reader, _depth: reader.object_id(),
    0x08: lambda reader, _depth: reader.boolean(),
    0x09: lambda reader, _depth: reader.date(),
    0x0A: lambda _reader, _depth: None,
    0x0B: lambda reader, _depth: reader.expression(),
    0x0C: lambda reader, _depth: reader.pointer(),
    0x0D: lambda reader, _depth: {"$code": reader.string()},
    0x0E: lambda reader, _depth: {"$symbol": reader.string()},
    0x0F: lambda reader, depth: reader.scoped_code(depth),
    0x10: lambda reader, _depth: reader.number(_INT32),
    0x11: lambda reader, _depth: reader.timestamp(),
    0x12: lambda reader, _depth: reader.number(_INT64),
    0x13: lambda reader, _depth: {"$numberDecimal": read_decimal(reader.take(16))},
    0x7F: lambda _reader, _depth: {"$maxKey": 1},
    0xFF: lambda _reader, _depth: {"$minKey": 1},
}


class _RangedReader(_Reader):
    """Records where the values are."""

    def __init__(self, payload: Data) -> None:
        super().__init__(payload)
        self.read = ReadRanges()
        self.readers = {kind: partial(_ranged, read) for kind, read in _READERS.items()}


def _ranged(read: _Read, reader: _Reader, depth: int) -> Value:
    assert isinstance(reader, _RangedReader)
    number = reader.read.begin(reader.at)
    value = read(reader, depth)
    reader.read.end(number, reader.at)
    return value


_LITERALS = {None: (0x0A, b""), False: (0x08, b"\0"), True: (0x08, b"\1")}
_NAMELESS: list[tuple[dict[str, Value], int]] = [
    ({"$undefined": True}, 0x06),
    ({"$minKey": 1}, 0xFF),
    ({"$maxKey": 1}, 0x7F),
]


def _document(value: Value, depth: int) -> bytes:
    """Return a document. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("a BSON document is an object")
    return _of_elements(pairs_of(value, "BSON"), depth)


def _of_elements(pairs: list[tuple[Value, Value]], depth: int) -> bytes:
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    out = bytearray()
    for key, one in pairs:
        kind, data = _element(one, depth + 1)
        out.append(kind)
        out += _c_string(key)
        out += data
    return _sized(bytes(out) + b"\0", 4)


def _sized(data: bytes, more: int = 0) -> bytes:
    """Return data with its length before it, which counts `more` bytes."""
    if len(data) + more >= 2**31:
        raise ValueError("BSON has lengths of up to 31 bits")
    return _INT32.pack(len(data) + more) + data


def _c_string(value: Value) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    if not isinstance(data, bytes) or b"\0" in data:
        raise ValueError("a key of BSON is a text without NUL")
    return data + b"\0"


def _string(value: Value) -> bytes:
    data = value.encode() if isinstance(value, str) else value
    if not isinstance(data, bytes):
        raise ValueError("code and symbols are texts")
    return _sized(data + b"\0")


def _element(value: Value, depth: int) -> tuple[int, bytes]:
    """Return the type and the bytes of a value. Raises ValueError."""
    match value:
        case None | True | False:
            return _LITERALS[value]
        case int():
            is_short = -(2**31) <= value < 2**31
            return (0x10, _INT32.pack(value)) if is_short else (0x12, _int64(value))
        case float():
            return 0x01, _DOUBLE.pack(value)
        case str():
            return 0x02, _string(value)
        case bytes():
            return 0x05, _binary(value, _GENERIC)
        case list():
            indexed: list[tuple[Value, Value]] = [(str(at), one) for at, one in enumerate(value)]
            return 0x04, _of_elements(indexed, depth)
        case dict():
            return _special(value, depth) or (0x03, _document(value, depth))
    raise ValueError("BSON has integers of up to 64 bits")


def _int64(value: int) -> bytes:
    if not -(2**63) <= value < 2**63:
        raise ValueError("BSON has integers of up to 64 bits")
    return _INT64.pack(value)


def _binary(data: bytes, subtype: int) -> bytes:
    return _INT32.pack(len(data)) + bytes((subtype,)) + data


def _special(value: dict[str, Value], depth: int) -> tuple[int, bytes] | None:
    """Return the type and the bytes of a value that BSON alone has; None for a document."""
    if next(iter(value), "")[:1] != "$":
        return None
    for constant, kind in _NAMELESS:
        if value == constant:
            return kind, b""
    match value:
        case {"$code": code, "$scope": dict(scope)} if len(value) == 2:
            return 0x0F, _sized(_string(code) + _document(scope, depth), 4)
        case {"$code": code} if len(value) == 1:
            return 0x0D, _string(code)
        case {"$symbol": symbol} if len(value) == 1:
            return 0x0E, _string(symbol)
    return _of_one_key(value) if len(value) == 1 else None


def _of_one_key(value: dict[str, Value]) -> tuple[int, bytes] | None:
    match value:
        case {"$oid": str(digits)} if re.fullmatch("[0-9a-fA-F]{24}", digits):
            return 0x07, bytes.fromhex(digits)
        case {"$date": str(text)}:
            seconds, nanoseconds = read_timestamp(text)
            return 0x09, _int64(seconds * _SECOND + nanoseconds // 1_000_000)
        case {"$binary": {"base64": str(text), "subType": str(kind)}}:
            return 0x05, _binary(base64.b64decode(text, validate=True), int(kind, 16) & 255)
        case {"$regularExpression": {"pattern": pattern, "options": options}}:
            return 0x0B, _c_string(pattern) + _c_string(options)
        case {"$dbPointer": {"$ref": name, "$id": {"$oid": str(digits)}}} if len(digits) == 24:
            return 0x0C, _string(name) + bytes.fromhex(digits)
        case {"$timestamp": {"t": int(seconds), "i": int(increment)}}:
            return 0x11, _TIMESTAMP.pack(increment & 0xFFFFFFFF, seconds & 0xFFFFFFFF)
        case {"$numberDecimal": str(text)}:
            return 0x13, written_decimal(text)
    return None
