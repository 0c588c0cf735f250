"""A payload is one message, or several with their lengths before them: a `$sequence`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from spacebeam.decode.decoder import DecodeError, Value
from spacebeam.decode.protobuf.wire import read_delimited, written_varint

_Read = TypeVar("_Read", bound=Value)


def read_payload(payload: bytes, read: Callable[[bytes], _Read]) -> _Read | dict[str, Value]:
    """Return the value of a payload; `read` returns that of a message. Raises DecodeError."""
    try:
        return read(payload)
    except DecodeError as error:
        refused = error
    try:
        several: list[Value] = [read(one) for one in read_delimited(payload)]
    except DecodeError:
        raise refused from None
    return {"$sequence": several}


def written_payload(value: Value, write: Callable[[Value], bytes]) -> bytes:
    """Return the payload of a value. Raises ValueError."""
    if not isinstance(value, dict) or "$sequence" not in value:
        return write(value)
    several = value["$sequence"]
    if len(value) != 1 or not isinstance(several, list):
        raise ValueError("$sequence is an array of messages")
    messages = map(write, several)
    return b"".join(written_varint(len(one)) + one for one in messages)
