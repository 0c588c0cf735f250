"""CBOR (RFC 8949) and sequences of it (RFC 8742).

The package cbor2 is not used: it makes Python's types of tags, so that a peer's tags are lost.
"""

from __future__ import annotations

import math
import re
from struct import Struct

from spacebeam.decode.binary_values import begins_media
from spacebeam.decode.byte_ranges import ByteRanges, ReadRanges
from spacebeam.decode.byte_reader import CutError, NestedReader, too_deep
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.extended_json import MAX_DEPTH, object_or_map, pairs_of, values_of
from spacebeam.decode.message_pack_packages import is_message_pack
from spacebeam.decode.structured import ConnectionDecoder, is_named
from spacebeam.decode.timestamps import read_timestamp, written_timestamp

_JUDGED = 4 * 1024  # bytes; a longer payload is judged by its beginning
_JUDGED_DEPTH = 64  # levels; to give up after more takes a millisecond, and many bytes look so
_MAX_BIGNUM = 1024  # bytes; longer ones are shown as bytes, for their digits take quadratic time
_MAX_SECONDS = 2**62  # of a time in a float
_NAMED = re.compile("cbor", re.IGNORECASE)
_ALONE = bytes(range(0x80, 0xDC))  # first bytes of arrays, maps and tags, which need not be named
_SELF_DESCRIBED = b"\xd9\xd9\xf7"  # tag 55799 (RFC 8949, section 3.4.6)

_POSITIVE, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)  # major types
_INDEFINITE = 31  # additional information
_BREAK = 0xFF
_ARGUMENTS = {24: Struct(">B"), 25: Struct(">H"), 26: Struct(">I"), 27: Struct(">Q")}
_FLOATS = {0xF9: Struct(">e"), 0xFA: Struct(">f"), 0xFB: Struct(">d")}
_LITERALS: dict[int, Value] = {0xF4: False, 0xF5: True, 0xF6: None, 0xF7: {"$undefined": True}}
_WRITTEN_LITERALS = {False: 0xF4, True: 0xF5, None: 0xF6}
_NOT_A_NUMBER = b"\xf9\x7e\x00"
_NANOSECONDS = 10**9


class CborDecoder(ConnectionDecoder):
    """CBOR items, one or several in a payload."""

    name = "CBOR"
    kinds = ("binary",)
    opening_bytes = _ALONE

    def is_told(self, context: Context) -> bool:
        """Return whether the endpoint or the subprotocol names CBOR."""
        return is_named(context, _NAMED)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return more for maps with texts as keys than for arrays; 0 for what is not complete.

        Other items, and several in one payload, are CBOR only where the endpoint or the
        subprotocol says so: almost any bytes would be some.
        """
        if context.kind != "binary" or not payload:
            return 0
        first = payload[0]
        is_marked = first == _SELF_DESCRIBED[0] and payload.startswith(_SELF_DESCRIBED)
        if first not in _ALONE and not is_named(context, _NAMED):
            return 0
        if context.is_cut or len(payload) > _JUDGED:
            if is_marked or (is_named(context, _NAMED) and not begins_media(payload)):
                return 0.6
            return 0.45 if first >> 5 == _MAP and _has_text_inside(payload) else 0
        if first < 0xA0 and is_message_pack(payload) and not is_named(context, _NAMED):
            return 0  # hardly ever both by chance
        try:
            value = _read(payload, MAX_DEPTH if is_named(context, _NAMED) else _JUDGED_DEPTH)
        except DecodeError:
            return 0
        self._remember(payload, value)
        return 0.9 if is_marked else _of_value(payload, value, context)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the item; several are a `$sequence`. Raises DecodeError."""
        value = self._remembered(payload)
        return Decoded(_read(payload) if value is None else value)

    def beginning(self, payload: Data, _context: Context) -> str:
        """Return the first items, of containers too."""
        reader = _Reader(payload, is_cut=True)
        return self.words_of_beginning(reader, reader.value)

    def ranges(self, payload: Data, _context: Context) -> ByteRanges:
        """Return the bytes of each item. Raises DecodeError."""
        reader = _RangedReader(payload)
        return reader.read.of(lambda: _all_items(reader))

    def encode(self, value: Value) -> bytes:
        """Return each item in the preferred form (RFC 8949, section 4.1). Raises ValueError."""
        out = bytearray()
        for one in values_of(value):
            _write(one, out, 0)
        return bytes(out)


def _has_text_inside(payload: Data) -> bool:
    """Return whether a map's first key, or an array's first item, is no number."""
    start = 1 + {24: 1, 25: 2, 26: 4, 27: 8}.get(payload[0] & 31, 0)
    inside = payload[start] >> 5 if len(payload) > start else _POSITIVE
    return inside == _TEXT or (payload[0] >> 5 == _ARRAY and inside in (_ARRAY, _MAP))


def _of_value(payload: Data, value: Value, context: Context) -> float:
    """Return the confidence for a whole payload."""
    is_sequence = isinstance(value, dict) and "$sequence" in value
    if is_sequence and (not is_named(context, _NAMED) or begins_media(payload)):
        return 0  # almost any bytes would be several items
    if is_named(context, _NAMED):
        return 0.9 if is_sequence else 0.95
    if payload[0] >> 5 != _TAG and _has_text_inside(payload):
        return 0.8 if payload[0] >> 5 == _MAP else 0.6
    return 0.4 if len(payload) > 3 else 0


def _read(payload: Data, max_depth: int = MAX_DEPTH) -> Value:
    return _all_items(_Reader(payload, max_depth))


def _all_items(reader: _Reader) -> Value:
    if reader.data.startswith(_SELF_DESCRIBED):
        reader.at = len(_SELF_DESCRIBED)
    return reader.all_values(reader.value)


class _Reader(NestedReader):
    """Reads items; offsets of errors are those of the bytes that are wrong."""

    __slots__ = ("_max_depth",)

    def __init__(self, payload: Data, max_depth: int = MAX_DEPTH, *, is_cut: bool = False) -> None:
        super().__init__(payload, is_cut=is_cut)
        self._max_depth = max_depth

    def value(self, depth: int) -> Value:
        """Return the next item, which is inside of `depth` others."""
        code = self.byte()
        if code >= 0xE0:
            return self._simple(code)
        major = code >> 5
        argument = code & 31
        if argument > 23:
            argument = self._argument(code)
        if major == _TEXT:
            return self.text(self._string(code, argument))
        if major == _POSITIVE:
            return argument
        if major >= _ARRAY:
            return self._container(code, argument, depth)
        return self._string(code, argument) if major == _BYTES else -1 - argument

    def _argument(self, code: int) -> int:
        """Return the number after an item's first byte; -1 if its length is indefinite."""
        if form := _ARGUMENTS.get(code & 31):
            return int(self.number(form))
        if code & 31 == _INDEFINITE and _BYTES <= code >> 5 <= _MAP:
            return -1
        raise DecodeError(f"the byte {code:02x} is reserved in CBOR", self.at - 1)

    def _string(self, code: int, length: int) -> bytes:
        """Return a byte or text string; one of indefinite length is in pieces."""
        if length >= 0:
            return self.take(length)
        pieces = []
        while (head := self.byte()) != _BREAK:
            length = self._argument(head) if head & 31 > 23 else head & 31
            if head >> 5 != code >> 5 or length < 0:
                raise DecodeError("a string has pieces of its own kind only", self.at - 1)
            pieces.append(self.take(length))
        return b"".join(pieces)

    def _container(self, code: int, count: int, depth: int) -> Value:
        if depth >= self._max_depth:
            raise too_deep(self.at - 1)
        depth += 1
        if depth > self.deepest:
            self.deepest = depth
        if code >> 5 == _TAG:
            return _tagged(count, self.value(depth))
        if count >= 0:
            self.count(count)
        pairs: list[tuple[Value, Value]] = []
        values: list[Value] = []
        try:
            while count and not (count < 0 and self._is_break()):
                count -= 1  # never 0 for an indefinite length
                if code >> 5 == _ARRAY:
                    values.append(self.value(depth))
                else:
                    key = self.value(depth)
                    pairs.append((key, self.value(depth)))
        except CutError:
            pass
        return values if code >> 5 == _ARRAY else object_or_map(pairs)

    def _is_break(self) -> bool:
        if self.at < self.size and self.data[self.at] == _BREAK:
            self.at += 1
            return True
        return False

    def _simple(self, code: int) -> Value:
        """Return a float or a simple value."""
        if code in _FLOATS:
            return self.number(_FLOATS[code])
        if code in _LITERALS:
            return _LITERALS[code]
        if code < 0xF8:
            return {"$simple": code & 31}
        if code == 0xF8 and (number := self.byte()) >= 32:
            return {"$simple": number}
        if code == _BREAK:
            raise DecodeError("the byte ff ends nothing here", self.at - 1)
        raise DecodeError("a simple value that CBOR reserves", self.at - 1)


class _RangedReader(_Reader):
    """Records where the items are."""

    def __init__(self, payload: Data) -> None:
        super().__init__(payload)
        self.read = ReadRanges()

    def value(self, depth: int) -> Value:
        number = self.read.begin(self.at)
        value = super().value(depth)
        self.read.end(number, self.at)
        return value


def _tagged(tag: int, value: Value) -> Value:
    """Return a bignum as a number, a Unix time as `$timestamp`, and other tags as they are."""
    if isinstance(value, bytes) and tag in (2, 3) and len(value) <= _MAX_BIGNUM:
        number = int.from_bytes(value, "big")
        return number if tag == 2 else -1 - number
    if tag == 1 and isinstance(value, int | float) and (time := _time(value)):
        return {"$timestamp": time}
    return {"$tag": tag, "value": value}


def _time(number: float) -> str:
    """Return a Unix time as a text; an empty one if nanoseconds cannot say the same."""
    if isinstance(number, bool) or not -_MAX_SECONDS < number < _MAX_SECONDS:
        return ""
    seconds = math.floor(number)
    nanoseconds = round((number - seconds) * _NANOSECONDS)
    seconds, nanoseconds = seconds + nanoseconds // _NANOSECONDS, nanoseconds % _NANOSECONDS
    if _number_of_time(seconds, nanoseconds) != number:
        return ""
    return written_timestamp(seconds, nanoseconds)


def _number_of_time(seconds: int, nanoseconds: int) -> float:
    return seconds + nanoseconds / _NANOSECONDS if nanoseconds else seconds


def _write(value: Value, out: bytearray, depth: int) -> None:
    """Append an item. Raises ValueError."""
    if depth > MAX_DEPTH:
        raise ValueError("nested too deeply")
    match value:
        case None | True | False:
            out.append(_WRITTEN_LITERALS[value])
        case int():
            _write_integer(value, out)
        case float():
            _write_float(value, out)
        case str():
            data = value.encode()  # raises UnicodeEncodeError, a ValueError, for half a surrogate
            _write_head(_TEXT, len(data), out)
            out += data
        case bytes():
            _write_head(_BYTES, len(value), out)
            out += value
        case list():
            _write_head(_ARRAY, len(value), out)
            for one in value:
                _write(one, out, depth + 1)
        case dict():
            _write_object(value, out, depth)
        case _:  # a Decimal: an integer of more than 4,300 digits
            raise ValueError("integers have at most 4,300 digits")


def _write_object(value: dict[str, Value], out: bytearray, depth: int) -> None:
    match value:
        case {"$tag": int(tag), "value": one} if len(value) == 2:
            _write_head(_TAG, tag, out)
            _write(one, out, depth + 1)
        case {"$timestamp": str(text)} if len(value) == 1:
            _write_head(_TAG, 1, out)
            _write(_number_of_time(*read_timestamp(text)), out, depth + 1)
        case {"$undefined": True} if len(value) == 1:
            out.append(0xF7)
        case {"$simple": int(number)} if len(value) == 1:
            if not (0 <= number < 20 or 32 <= number < 256):
                raise ValueError("$simple is from 0 to 19, or from 32 to 255")
            out += bytes((0xE0 + number,)) if number < 20 else bytes((0xF8, number))
        case _:
            pairs = pairs_of(value, "CBOR")
            _write_head(_MAP, len(pairs), out)
            for key, one in pairs:
                _write(key, out, depth + 1)
                _write(one, out, depth + 1)


def _write_head(major: int, argument: int, out: bytearray) -> None:
    if 0 <= argument < 24:
        out.append(major << 5 | argument)
        return
    for information, form in _ARGUMENTS.items():
        if 0 <= argument < 256**form.size:
            out.append(major << 5 | information)
            out += form.pack(argument)
            return
    raise ValueError("a tag of CBOR has up to 64 bits")


def _write_integer(value: int, out: bytearray) -> None:
    is_negative = value < 0
    number = -1 - value if is_negative else value
    if number < 2**64:
        _write_head(_NEGATIVE if is_negative else _POSITIVE, number, out)
        return
    data = number.to_bytes((number.bit_length() + 7) // 8, "big")
    _write_head(_TAG, 3 if is_negative else 2, out)
    _write_head(_BYTES, len(data), out)
    out += data


def _write_float(value: float, out: bytearray) -> None:
    """Append the shortest form that has the same value."""
    if value != value:
        out += _NOT_A_NUMBER
        return
    for code, form in _FLOATS.items():
        try:
            data = form.pack(value)
        except OverflowError:
            continue
        if form.unpack(data)[0] == value:
            out.append(code)
            out += data
            return
