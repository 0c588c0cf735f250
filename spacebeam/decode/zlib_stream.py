"""One zlib stream over all messages of a side, as of Discord's gateway (`compress=zlib-stream`).

A message is complete where the stream was flushed (Z_SYNC_FLUSH): it ends in 00 00 FF FF.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, field

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.structured import StructuredDecoder

MAX_SIZE = 16 * 1024 * 1024  # bytes of one decompressed message
_MAX_VALUES = 10_000  # of one message
_FLUSHED = b"\x00\x00\xff\xff"
_NAMED = "compress=zlib-stream"  # in the endpoint
_BLANKS = re.compile(r"[ \t\r\n]*")
_read_one = json.JSONDecoder().raw_decode


@dataclass(slots=True)
class _Stream:
    """What one side has sent so far."""

    decompressor: zlib._Decompress = field(default_factory=zlib.decompressobj)
    waiting: bytearray = field(default_factory=bytearray)  # decompressed, of an incomplete message
    is_broken: bool = False


class ZlibStreamDecoder(StructuredDecoder):
    """JSON in a zlib stream that goes on from message to message; several values are a list."""

    name = "zlib stream"
    kinds = ("binary",)

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 in a stream, and 0.8 for a flushed beginning of one."""
        if context.kind != "binary" or not payload:
            return 0
        stream = context.memory.get(_key(context)) if context.memory else None
        if isinstance(stream, _Stream):
            return 0 if stream.is_broken else 0.95
        if _NAMED in context.endpoint:
            return 0.95
        return 0.8 if _begins(payload) and payload[-4:] == _FLUSHED and not context.is_cut else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the value of the message that ends here, or how many bytes it has so far.

        Raises DecodeError.
        """
        stream = context.memory.get(_key(context))
        if not isinstance(stream, _Stream):
            if not _begins(payload):
                raise DecodeError("it goes on from an earlier message", 0)
            context.memory[_key(context)] = stream = _Stream()
        if stream.is_broken:
            raise DecodeError("the stream ended or broke in an earlier message", 0)
        try:
            _take(payload, stream)
        except DecodeError:
            stream.is_broken, stream.waiting = True, bytearray()
            raise
        if payload[-4:] != _FLUSHED:
            return Decoded({"incomplete": len(stream.waiting)})
        text, stream.waiting = bytes(stream.waiting), bytearray()
        return Decoded(_value(text))


def _key(context: Context) -> str:
    return f"{ZlibStreamDecoder.name} {context.direction}"


def _begins(payload: Data) -> bool:
    """Return whether bytes are a zlib header (RFC 1950): deflate, and a multiple of 31."""
    return payload[:1] == b"\x78" and len(payload) > 1 and (0x7800 + payload[1]) % 31 == 0


def _take(payload: Data, stream: _Stream) -> None:
    """Decompress a message. Raises DecodeError."""
    room = MAX_SIZE - len(stream.waiting)
    try:
        stream.waiting += stream.decompressor.decompress(payload, room + 1)
    except zlib.error:
        raise DecodeError("not compressed by deflate", 0) from None
    if len(stream.waiting) > MAX_SIZE:
        raise DecodeError(f"decompressed, it has more than {MAX_SIZE:,} bytes", 0)
    if stream.decompressor.eof and stream.decompressor.unused_data:
        unused = len(stream.decompressor.unused_data)
        raise DecodeError("the stream has ended", len(payload) - unused)


def _value(decompressed: bytes) -> Value:
    """Return the value of JSON, or a list of several; other text as it is, else the bytes."""
    try:
        text = decompressed.decode()
    except UnicodeDecodeError:
        return decompressed
    values: list[Value] = []
    try:
        position = _after_blanks(text, 0)
        while position < len(text) and len(values) < _MAX_VALUES:
            value, position = _read_one(text, position)
            values.append(value)
            position = _after_blanks(text, position)
    except (ValueError, RecursionError):
        return text
    if not values or position < len(text):
        return text
    return values[0] if len(values) == 1 else values


def _after_blanks(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position
