"""Reads, writes and compares JSON values of any depth and number length.

The C library's decoder stops at about a thousand levels, and Python converts no integer of more
than 4,300 digits. What they refuse is read here without recursion, and such integers as Decimals.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from spacebeam.decode.decoder import Data, DecodeError, Value

_BEGINNINGS = '{["-0123456789tfnNI'  # of a value, in Python's json
_FIRST_BYTES = _BEGINNINGS.encode()
_BYTES_BEFORE = b" \t\n\r\xef"  # a value
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\n\r]*[%s]" % re.escape(_FIRST_BYTES))
_CLOSINGS = {"[": "]", "{": "}"}
_BLANK = " \t\n\r"
_SENTINEL = "\0"  # after a text, so that there is a character at any offset
_ENDINGS = ("]", "}", " ", "\t", "\n", "\r")  # of an object or array
_BLANKS = re.compile(r"[ \t\n\r]*")
_MAX_CONVERTED = 10**640  # integers below are converted whatever limit is set
_CUT = 12  # characters: the longest literal or escape that a cut may leave incomplete

_Container = list[Value] | dict[str, Value]


def _integer(digits: str) -> int | Decimal:
    try:
        return int(digits)
    except ValueError:
        return Decimal(digits)  # in time proportional to the digits


_Read = Callable[[str, int], tuple[Value, int]]  # (text, start) -> the value, the offset after it

_read_one: _Read = json.JSONDecoder().raw_decode
_read_long: _Read = json.JSONDecoder(parse_int=_integer).raw_decode
_read_string: Callable[[str, int], tuple[str, int]] = json.JSONDecoder().raw_decode
_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


class TooDeepError(DecodeError):
    """A payload was not read to its end: it is large, and nested deeply."""


def read_json(payload: Data, max_deep_size: int | None = None) -> Value:
    """Return the value of a JSON text in UTF-8, with or without a byte order mark (RFC 8259).

    As in Python's json, NaN and Infinity are numbers, and the last of duplicate keys counts.
    Without recursion a megabyte takes half a second: if a payload of more than `max_deep_size`
    bytes needs that, TooDeepError is raised. Raises DecodeError.
    """
    try:
        text = str(payload, "utf-8")
    except UnicodeDecodeError as error:
        raise DecodeError("not UTF-8", error.start) from None
    start = 0
    if text[:1] not in _BEGINNINGS:
        start = _start(text)
        if text[start : start + 1] not in _BEGINNINGS:
            raise _error("Expecting value", text, start)
    try:
        value, end = _read_one(text, start)
    except json.JSONDecodeError as error:
        raise _error(error.msg, text, error.pos) from None
    except (RecursionError, ValueError):  # ValueError: an integer is too long
        may_be_deep = max_deep_size is None or len(payload) <= max_deep_size
        value, end = _read_long_or_deep(text, start, may_be_deep)
    if end != len(text) and (end := _skip(text, end)) != len(text):
        raise _error("Expecting the end", text, end)
    return value


def may_be_json(payload: Data) -> bool:
    """Return whether a payload has the first byte of a JSON text. It takes a tenth of an error."""
    first = payload[:1]
    return first in _FIRST_BYTES or (
        first in _BYTES_BEFORE and _BEGINNING.match(payload) is not None
    )


def _read_long_or_deep(text: str, start: int, may_be_deep: bool) -> tuple[Value, int]:
    """Return the value at `start` and the offset after it. Raises DecodeError."""
    try:
        try:
            return _read_long(text, start)
        except RecursionError:
            pass
        if may_be_deep:
            return _read_deep(text, start)
    except json.JSONDecodeError as error:
        raise _error(error.msg, text, error.pos) from None
    if not text.endswith(_ENDINGS):
        raise _error("Expecting the end of an object or array", text, len(text))
    raise TooDeepError("nested too deeply", 0)


def _read_deep(text: str, position: int) -> tuple[Value, int]:
    """Return the value at `position` and the offset after it, without recursion.

    Raises JSONDecodeError.
    """
    text += _SENTINEL
    outermost: list[Value] = []
    inside: _Container = outermost
    outside: list[_Container] = []
    key = ""
    while True:
        opening = text[position]
        value: Value
        if opening in _CLOSINGS:
            value = [] if opening == "[" else {}
            position = _skip(text, position + 1)
        else:
            value, position = _read_long(text, position)
        if isinstance(inside, list):
            inside.append(value)
        else:
            inside[key] = value
        if isinstance(value, list | dict):
            outside.append(inside)
            inside = value
            if text[position] != _CLOSINGS[opening]:
                key, position = _begin_member(text, position, inside)
                continue
        while inside is not outermost:
            position = _skip(text, position)
            if text[position] == ",":
                key, position = _begin_member(text, position + 1, inside)
                break
            if text[position] != _closing(inside):
                raise json.JSONDecodeError("Expecting ',' delimiter", text, position)
            inside = outside.pop()
            position += 1
        else:
            return outermost[0], position


def _closing(container: _Container) -> str:
    return "]" if isinstance(container, list) else "}"


def _begin_member(text: str, position: int, container: _Container) -> tuple[str, int]:
    """Return the key of an object's next member, and the offset of the member's value."""
    position = _skip(text, position)
    if isinstance(container, list):
        return "", position
    if text[position] != '"':
        raise json.JSONDecodeError("Expecting a key in quotation marks", text, position)
    key, position = _read_string(text, position)
    position = _skip(text, position)
    if text[position] != ":":
        raise json.JSONDecodeError("Expecting ':' delimiter", text, position)
    return key, _skip(text, position + 1)


def _start(text: str) -> int:
    """Return the offset after a byte order mark and whitespace."""
    return _skip(text, 1 if text[:1] == "\ufeff" else 0)


def _skip(text: str, position: int) -> int:
    """Return the offset after whitespace."""
    if text[position : position + 1] not in _BLANK:
        return position
    match = _BLANKS.match(text, position)
    return position if match is None else match.end()


def _error(reason: str, text: str, position: int) -> DecodeError:
    return DecodeError(reason, len(text[:position].encode()))


def written(value: Value) -> str:
    """Return a value as JSON on one line, without spaces. Raises ValueError for bytes."""
    try:
        return _write(value)
    except (RecursionError, ValueError, TypeError):  # deep, a long integer, a Decimal
        return "".join(pieces(value))


def pieces(value: Value) -> Iterator[str]:
    """Yield a value as JSON in pieces, without spaces or recursion. Raises ValueError for bytes."""
    outside = [(iter([("", value)]), "")]  # the members to write, and the bracket after them
    while outside:
        members, closing = outside[-1]
        for prefix, member in members:
            yield prefix
            if isinstance(member, list | dict):
                is_list = isinstance(member, list)
                yield "[" if is_list else "{"
                outside.append((_members(member), "]" if is_list else "}"))
                break
            yield _scalar(member)
        else:
            outside.pop()
            yield closing


def _members(value: _Container) -> Iterator[tuple[str, Value]]:
    """Yield the members of an array or object, each with the text before it."""
    comma = ""
    if isinstance(value, list):
        for member in value:
            yield comma, member
            comma = ","
    else:
        for key, member in value.items():
            yield f"{comma}{_write(key)}:", member
            comma = ","


def _scalar(value: bool | int | float | Decimal | str | bytes | None) -> str:
    if isinstance(value, bytes):
        raise ValueError("JSON has no bytes")
    if isinstance(value, int) and abs(value) >= _MAX_CONVERTED:
        value = Decimal(value)
    return f"{value:f}" if isinstance(value, Decimal) else _write(value)


def begins_like_json(head: Data) -> bool:
    """Return whether `head` can be the beginning of a longer JSON object or array."""
    try:
        text = str(head, "utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:  # not a character that was cut
            return False
        text = str(head[: error.start], "utf-8")
    start = _start(text)
    if text[start : start + 1] not in ("{", "["):
        return False
    try:
        _read_one(text, start)
    except json.JSONDecodeError as error:
        return error.msg.startswith("Unterminated") or error.pos >= len(text) - _CUT
    except (RecursionError, ValueError):
        return True
    return False  # it ends before the payload does


def same(one: Value, other: Value) -> bool:
    """Return whether two JSON values are equal; in Python, True also equals 1."""
    pairs = [(one, other)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, list) and isinstance(other, list):
            if len(one) != len(other):
                return False
            pairs.extend(zip(one, other, strict=True))
        elif isinstance(one, dict) and isinstance(other, dict):
            if one.keys() != other.keys():
                return False
            pairs.extend((one[key], other[key]) for key in one)
        elif isinstance(one, bool) is not isinstance(other, bool) or one != other:
            return False
    return True
