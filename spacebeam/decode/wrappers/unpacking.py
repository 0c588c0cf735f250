"""Decompresses payloads in pieces, without allocating what they promise.

A payload may have several members one after the other, as gzip, Zstandard and LZ4 allow.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Generator, Iterator
from typing import Protocol

from spacebeam.decode.decoder import Data, DecodeError

_READ = 8 * 1024  # bytes of the payload for the decompressor at once
_MAX_MEMBERS = 10_000
_FLUSHED = b"\x00\x00\xff\xff"  # ends what was flushed in a stream that goes on
TOO_SHORT = "it ends too early"


class Decompressor(Protocol):
    """The interface of `lzma.LZMADecompressor`, which later libraries took over."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def inflated(payload: Data, start: int, window: int, size: int) -> Generator[bytes, None, int]:
    """Yield what zlib's decompressor makes of a payload from `start` on; return where it ended.

    `window` is zlib's `wbits`. A stream that was flushed may go on in another payload. Raises
    DecodeError.
    """
    inflater = zlib.decompressobj(window)
    place, rest = start, b""
    while not inflater.eof:
        if not rest:
            rest = bytes(payload[place : place + _READ])
            place += len(rest)
        is_end = not rest
        try:
            piece = inflater.decompress(rest, size)
        except zlib.error as error:
            reason = str(error).rpartition(": ")[2]
            raise DecodeError(reason, place - len(rest)) from None
        rest = inflater.unconsumed_tail
        if not piece and is_end and not inflater.eof:
            if window != zlib.MAX_WBITS | 16 and payload[-4:] == _FLUSHED:
                return place
            raise DecodeError(TOO_SHORT, len(payload))
        yield piece
    return place - len(inflater.unused_data)


def members(payload: Data, unpack: Callable[[int], Generator[bytes, None, int]]) -> Iterator[bytes]:
    """Yield what several members have, one after the other. Raises DecodeError."""
    place = 0
    for _member in range(_MAX_MEMBERS):
        place = yield from unpack(place)
        if place >= len(payload):
            return
    raise DecodeError(f"more than {_MAX_MEMBERS:,} members", place)


def unpacked(
    payload: Data, start: int, one: Decompressor, size: int, error_type: type[Exception]
) -> Generator[bytes, None, int]:
    """Yield what a decompressor makes of a payload from `start` on; return where it ended.

    Raises DecodeError.
    """
    place = start
    while not one.eof:
        data = b""
        if one.needs_input:
            data = bytes(payload[place : place + _READ])
            place += len(data)
            if not data:
                raise DecodeError(TOO_SHORT, len(payload))
        try:
            piece = one.decompress(data, size)
        except error_type as error:
            reason = str(error).rpartition(": ")[2]
            raise DecodeError(reason, place - len(data)) from None
        yield piece
    return place - len(one.unused_data or b"")
