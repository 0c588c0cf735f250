"""Reads data of a schema.

fastavro is not used: an array of a type without bytes may declare any number of items, and it makes
them all.
"""

from __future__ import annotations

import datetime
from decimal import Context as DecimalContext
from decimal import Decimal
from struct import Struct

from spacebeam.decode.avro.schema import AvroType
from spacebeam.decode.byte_ranges import ReadRanges
from spacebeam.decode.byte_reader import ByteReader, too_deep
from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.extended_json import object_or_map
from spacebeam.decode.timestamps import written_timestamp

MAX_NESTED = 80  # levels of values
_MAX_SHIFT = 63  # bits before the last byte of a number
_MAX_EMPTY = 1000  # fields and items without bytes, beside those that bytes are there for
_MAX_DECIMAL = 1024  # bytes
_FLOAT, _DOUBLE = Struct("<f"), Struct("<d")
PER_SECOND = {"timestamp-millis": 10**3, "timestamp-micros": 10**6, "timestamp-nanos": 10**9}
_EPOCH = datetime.date(1970, 1, 1).toordinal()
_PRECISE = DecimalContext(prec=4000)


class DatumReader(ByteReader):
    """A payload with data."""

    __slots__ = ("_empty",)

    def __init__(self, payload: Data) -> None:
        super().__init__(payload)
        self._empty = 0  # fields and items that took no bytes

    def datum(self, type_: AvroType, depth: int = 0) -> Value:
        """Return the next datum. Raises DecodeError."""
        if depth > MAX_NESTED:
            raise too_deep(min(self.at, self.size))
        kind = type_.kind
        if kind == "record":
            record: dict[str, Value] = {}
            for name, inner in type_.fields:
                start = self.at
                record[name] = self.datum(inner, depth + 1)
                if self.at == start:
                    self._count_empty()
            return record
        if kind == "union":
            return self.datum(type_.branches[self._index(len(type_.branches))], depth)
        if kind in ("array", "map"):
            return self._container(type_, depth)
        if kind == "enum":
            return type_.symbols[self._index(len(type_.symbols))]
        if kind == "fixed":
            return _logical(type_, self.take(type_.size))
        return self._primitive(type_)

    def long(self) -> int:
        """Return a number of up to 64 bits."""
        start = self.at
        value = shift = 0
        while (byte := self.byte()) > 127:
            value |= (byte & 127) << shift
            shift += 7
            if shift > _MAX_SHIFT:
                raise DecodeError("a number has more than 64 bits", start)
        value |= byte << shift
        if value >= 2**64:
            raise DecodeError("a number has more than 64 bits", start)
        return value >> 1 ^ -(value & 1)

    def length(self) -> int:
        """Return a number of bytes."""
        start = self.at
        length = self.long()
        if length < 0:
            raise DecodeError("a negative length", start)
        return length

    def _index(self, count: int) -> int:
        start = self.at
        index = self.long()
        if not 0 <= index < count:
            raise DecodeError(f"there is no type or symbol {index}", start)
        return index

    def _primitive(self, type_: AvroType) -> Value:
        kind = type_.kind
        if kind in ("int", "long"):
            return _logical_number(type_, self.long())
        if kind == "string":
            data = self.take(self.length())
            try:
                return data.decode()
            except UnicodeDecodeError as error:
                raise DecodeError("not UTF-8", self.at - len(data) + error.start) from None
        if kind == "bytes":
            return _logical(type_, self.take(self.length()))
        if kind == "boolean":
            number = self.byte()
            if number > 1:
                raise DecodeError("a boolean is 0 or 1", self.at - 1)
            return bool(number)
        if kind == "null":
            return None
        return self.number(_FLOAT if kind == "float" else _DOUBLE)

    def _container(self, type_: AvroType, depth: int) -> Value:
        """Return an array or a map, which is in blocks."""
        assert type_.items is not None
        values: list[Value] = []
        pairs: list[tuple[Value, Value]] = []
        text = AvroType("string")
        while count := self.long():
            if count < 0:
                count = -count
                self.length()  # of the block, to skip it
            for _item in range(count):
                start = self.at
                if type_.kind == "map":
                    key = self.datum(text)
                    pairs.append((key, self.datum(type_.items, depth + 1)))
                else:
                    values.append(self.datum(type_.items, depth + 1))
                if self.at == start:
                    self._count_empty()
        return object_or_map(pairs) if type_.kind == "map" else values

    def _count_empty(self) -> None:
        self._empty += 1
        if self._empty > self.size + _MAX_EMPTY:
            raise DecodeError("many more values than the payload has bytes", self.at)


class RangedDatumReader(DatumReader):
    """Records where the data are."""

    def __init__(self, payload: Data) -> None:
        super().__init__(payload)
        self.read = ReadRanges()

    def datum(self, type_: AvroType, depth: int = 0) -> Value:
        if type_.kind == "union":  # the datum of its branch is the value
            return super().datum(type_, depth)
        number = self.read.begin(self.at)
        value = super().datum(type_, depth)
        self.read.end(number, self.at)
        return value


def _logical_number(type_: AvroType, number: int) -> Value:
    if parts := PER_SECOND.get(type_.logical):
        seconds, part = divmod(number, parts)
        return {"$timestamp": written_timestamp(seconds, part * (10**9 // parts))}
    if type_.logical == "date" and 1 <= number + _EPOCH <= datetime.date.max.toordinal():
        return {"$date": datetime.date.fromordinal(number + _EPOCH).isoformat()}
    return number


def _logical(type_: AvroType, data: bytes) -> Value:
    if type_.logical == "decimal" and 0 < len(data) <= _MAX_DECIMAL:
        unscaled = int.from_bytes(data, "big", signed=True)
        number = Decimal(unscaled).scaleb(-type_.scale, _PRECISE)
        return {"$numberDecimal": f"{number:f}"}
    return data
