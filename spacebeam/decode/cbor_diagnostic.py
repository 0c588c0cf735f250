"""CBOR in its diagnostic notation (RFC 8949, section 8): each item as it is, tags and all.

Items of indefinite length begin with an underscore: `[_ 1, 2]`. Floats of 16 and 32 bits end with
`_1` and `_2`, as the notation's encoding indicators say; one of 64 bits has none.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from struct import Struct

from spacebeam.decode.byte_reader import ByteReader, too_deep
from spacebeam.decode.decoder import Data, DecodeError
from spacebeam.decode.extended_json import MAX_DEPTH

_POSITIVE, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG = range(7)  # major types
_INDEFINITE = 31
_BREAK = 0xFF
_ARGUMENTS = {24: Struct(">B"), 25: Struct(">H"), 26: Struct(">I"), 27: Struct(">Q")}
_FLOATS = {0xF9: (Struct(">e"), "_1"), 0xFA: (Struct(">f"), "_2"), 0xFB: (Struct(">d"), "")}
_LITERALS = {0xF4: "false", 0xF5: "true", 0xF6: "null", 0xF7: "undefined"}


def diagnostic(payload: Data) -> str:
    """Return a payload in diagnostic notation; items of a sequence are separated by commas.

    Raises DecodeError.
    """
    reader = ByteReader(payload)
    items = [_item(reader, 0)]
    while reader.at < reader.size:
        items.append(_item(reader, 0))
    return ", ".join(items)


def _item(reader: ByteReader, depth: int) -> str:
    if depth > MAX_DEPTH:
        raise too_deep(reader.at)
    code = reader.byte()
    major, information = code >> 5, code & 31
    if major > _TAG:
        return _simple(reader, code)
    argument = _argument(reader, code) if information > 23 else information
    match major:
        case 0:
            return str(argument)
        case 1:
            return str(-1 - argument)
        case 2 | 3:
            return _string(reader, major, argument)
        case 4:
            return f"[{_several(reader, argument, lambda: _item(reader, depth + 1))}]"
        case 5:
            return f"{{{_several(reader, argument, lambda: _pair(reader, depth + 1))}}}"
    return f"{argument}({_item(reader, depth + 1)})"


def _argument(reader: ByteReader, code: int) -> int:
    """Return the number after an item's first byte; -1 if its length is indefinite."""
    if form := _ARGUMENTS.get(code & 31):
        return int(reader.number(form))
    if code & 31 == _INDEFINITE and _BYTES <= code >> 5 <= _MAP:
        return -1
    raise DecodeError(f"the byte {code:02x} is reserved in CBOR", reader.at - 1)


def _string(reader: ByteReader, major: int, length: int) -> str:
    if length >= 0:
        return _quoted(reader, major, length)
    pieces = []
    while (head := reader.byte()) != _BREAK:
        length = _argument(reader, head) if head & 31 > 23 else head & 31
        if head >> 5 != major or length < 0:
            raise DecodeError("a string has pieces of its own kind only", reader.at - 1)
        pieces.append(_quoted(reader, major, length))
    if not pieces:
        return "''_" if major == _BYTES else '""_'
    return f"(_ {', '.join(pieces)})"


def _quoted(reader: ByteReader, major: int, length: int) -> str:
    start = reader.at
    data = reader.take(length)
    if major == _BYTES:
        return f"h'{data.hex()}'"
    try:
        return json.dumps(data.decode(), ensure_ascii=False)
    except UnicodeDecodeError as error:
        raise DecodeError("a text is not UTF-8", start + error.start) from None


def _several(reader: ByteReader, count: int, read: Callable[[], str]) -> str:
    """Return the items or pairs of a container."""
    found = []
    if count >= 0:
        for _number in range(reader.count(count)):
            found.append(read())
        return ", ".join(found)
    while not (reader.at < reader.size and reader.data[reader.at] == _BREAK):
        found.append(read())
    reader.at += 1
    return f"_ {', '.join(found)}"


def _pair(reader: ByteReader, depth: int) -> str:
    key = _item(reader, depth)
    return f"{key}: {_item(reader, depth)}"


def _simple(reader: ByteReader, code: int) -> str:
    if code in _FLOATS:
        form, indicator = _FLOATS[code]
        return f"{_float(float(reader.number(form)))}{indicator}"
    if code in _LITERALS:
        return _LITERALS[code]
    if code < 0xF8:
        return f"simple({code & 31})"
    if code == 0xF8 and (number := reader.byte()) >= 32:
        return f"simple({number})"
    words = "the byte ff ends nothing here" if code == _BREAK else "a reserved simple value"
    raise DecodeError(words, reader.at - 1)


def _float(number: float) -> str:
    if math.isfinite(number):
        return repr(number)
    return "NaN" if number != number else f"{'-' if number < 0 else ''}Infinity"
