"""Deflate (RFC 1951): raw, and with the head and checksum of zlib (RFC 1950)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial

from spacebeam.decode.decoder import Context, Data
from spacebeam.decode.wrappers.unpacking import inflated, members
from spacebeam.decode.wrappers.wrapper import Wrapper

_ZLIB_METHOD = 0x78  # deflate with a window of 32 KiB, as all write it
_DICTIONARY = 0x20  # a flag: a dictionary is needed that only the peers know
_MIN_SIZE = 8  # bytes
_MIN_DYNAMIC_SIZE = 32  # bytes, of a block with codes of its own
# With the fixed codes, JSON, XML and numbers begin with a byte below 0x90: its code of 8 bits is
# 0x30 and the byte, most significant bit first (section 3.2.6).
_FIRST_CODES = frozenset(int(f"{0x30 + byte:08b}"[::-1], 2) for byte in b'{[<" \t\r\n-0123456789')


class ZlibDecoder(Wrapper):
    """Content that zlib compressed, with its head."""

    name = "zlib"
    kinds = ("binary", "ping", "pong")
    first_bytes = b"\x78"

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 for content that can be read, by its beginning; a head alone proves little."""
        if payload[:1] != b"\x78" or len(payload) < _MIN_SIZE:
            return 0
        head = _ZLIB_METHOD << 8 | payload[1]
        if head % 31 or payload[1] & _DICTIONARY or context.kind == "text":
            return 0
        sureness = self.mark_confidence(payload, context)
        return sureness if sureness > 0.5 else 0

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the content. Raises DecodeError."""
        return members(payload, partial(inflated, payload, window=zlib.MAX_WBITS, size=size))

    def wrap(self, content: bytes) -> bytes:
        """Return the content with zlib's head."""
        return zlib.compress(content)


class DeflateDecoder(Wrapper):
    """Content that was compressed by deflate, without any head."""

    name = "Deflate"
    kinds = ("binary", "ping", "pong")

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth, as nothing marks deflate."""
        if context.kind == "text" or len(payload) < _MIN_SIZE or not _may_begin(payload):
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the content. Raises DecodeError."""
        return members(payload, partial(inflated, payload, window=-zlib.MAX_WBITS, size=size))

    def wrap(self, content: bytes) -> bytes:
        """Return the content, compressed."""
        return zlib.compress(content, wbits=-zlib.MAX_WBITS)


def _may_begin(payload: Data) -> bool:
    """Return whether the first bits can be a block that begins with text."""
    match payload[0] >> 1 & 3:
        case 0:  # stored: the length, and its complement
            return payload[1] ^ payload[3] == 0xFF == payload[2] ^ payload[4]
        case 1:  # the fixed codes
            return (payload[0] >> 3 | payload[1] << 5) & 0xFF in _FIRST_CODES
        case 2:  # codes of its own: 286 of them at most
            return len(payload) >= _MIN_DYNAMIC_SIZE and payload[0] >> 3 <= 29
    return False
