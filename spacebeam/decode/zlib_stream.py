"""One zlib stream over all messages of a side, as of Discord's gateway (`compress=zlib-stream`).

A message is complete where the stream was flushed (Z_SYNC_FLUSH): it ends in 00 00 FF FF.
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass, field

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, MessageSpan, Value
from spacebeam.decode.extended_json import MAX_DEPTH, is_within_depth
from spacebeam.decode.json_ranges import whole_ranges
from spacebeam.decode.structured import ConnectionDecoder, aside
from spacebeam.decode.unfinished import Unfinished

MAX_SIZE = 16 * 1024 * 1024  # bytes of one decompressed message
_MAX_VALUES = 10_000  # of one message
_FLUSHED = b"\x00\x00\xff\xff"
_NAMED = "compress=zlib-stream"  # in the endpoint
_BLANKS = re.compile(r"[ \t\r\n]*")
_read_one = json.JSONDecoder().raw_decode


@dataclass(frozen=True, slots=True)
class _Stream:
    """What one side has sent so far. It is replaced and not changed, as all that is remembered."""

    decompressor: zlib._Decompress | None  # None: the stream ended or broke
    unfinished: Unfinished = field(default_factory=Unfinished)  # a message, decompressed


class ZlibStreamDecoder(ConnectionDecoder):
    """JSON in a zlib stream that goes on from message to message; several values are a list."""

    name = "zlib stream"
    kinds = ("binary",)
    spans_payloads = True
    opening_bytes = b"\x78"

    def is_told(self, context: Context) -> bool:
        """Return whether the endpoint asks for the stream."""
        return _NAMED in context.endpoint

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.95 in a stream, and 0.8 for a flushed beginning of one."""
        if context.kind != "binary" or not payload:
            return 0
        stream = context.memory.get(_key(context)) if context.memory else None
        if isinstance(stream, _Stream):
            return 0 if stream.decompressor is None else 0.95
        if _NAMED in context.endpoint:
            return 0.95
        return 0.8 if _begins(payload) and payload[-4:] == _FLUSHED and not context.is_cut else 0

    def decode(self, payload: Data, context: Context) -> Decoded:
        """Return the value of the message that ends here, or how many bytes it has so far.

        Raises DecodeError.
        """
        key = _key(context)
        stream = context.memory.get(key)
        if not isinstance(stream, _Stream):
            if not _begins(payload):
                raise DecodeError("it goes on from an earlier message", 0)
            stream = _Stream(zlib.decompressobj())
        if stream.decompressor is None:
            raise DecodeError("the stream ended or broke in an earlier message", 0)
        decompressor = stream.decompressor.copy()
        context.memory[key] = _Stream(None)
        continues = stream.unfinished.size > 0
        unfinished = stream.unfinished.added(_decompressed(payload, decompressor))
        if unfinished.size > MAX_SIZE:
            raise DecodeError(f"decompressed, it has more than {MAX_SIZE:,} bytes", 0)
        if payload[-4:] != _FLUSHED:
            context.memory[key] = _Stream(decompressor, unfinished)
            span = MessageSpan(continues, is_unfinished=True)
            return Decoded({"incomplete": unfinished.size}, span=span)
        context.memory[key] = _Stream(decompressor)
        return Decoded(_value(bytes(unfinished.data)), span=MessageSpan(continues))

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the payload's bytes for each value: it is compressed. Raises DecodeError."""
        return whole_ranges(self.decode(payload, aside(context)).value, payload)


def _key(context: Context) -> str:
    return f"{ZlibStreamDecoder.name} {context.direction}"


def _begins(payload: Data) -> bool:
    """Return whether bytes are a zlib header (RFC 1950): deflate, and a multiple of 31."""
    return payload[:1] == b"\x78" and len(payload) > 1 and (0x7800 + payload[1]) % 31 == 0


def _decompressed(payload: Data, decompressor: zlib._Decompress) -> bytes:
    """Return what a message has, at most a byte too much. Raises DecodeError."""
    try:
        found = decompressor.decompress(payload, MAX_SIZE + 1)
    except zlib.error:
        raise DecodeError("not compressed by deflate", 0) from None
    if decompressor.eof and decompressor.unused_data:
        raise DecodeError("the stream has ended", len(payload) - len(decompressor.unused_data))
    return found


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
    is_flat = text.count("[") + text.count("{") <= MAX_DEPTH
    if not is_flat and not all(map(is_within_depth, values)):
        return text
    return values[0] if len(values) == 1 else values


def _after_blanks(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position
