"""Brotli (RFC 7932)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.unpacking import TOO_SHORT
from spacebeam.decode.wrappers.wrapper import Wrapper

if TYPE_CHECKING:
    from types import ModuleType

_WINDOW = 0x0B  # the first four bits of a window of 4 MiB, which all libraries write by default
_MIN_SIZE = 8  # bytes
_READ = 8 * 1024  # bytes
_MISSING = "needs the package brotli: pip install 'spacebeam[formats]'"


class BrotliDecoder(Wrapper):
    """Content that Brotli compressed."""

    name = "Brotli"
    kinds = ("binary", "ping", "pong")

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth, as nothing marks Brotli.

        Streams with another window than the usual one are Brotli only if the person says so.
        """
        if context.kind == "text" or len(payload) < _MIN_SIZE:
            return 0
        if payload[0] & 15 != _WINDOW and context.chosen != self.name:
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the content. Raises DecodeError."""
        brotli = _library()
        if brotli is None:
            raise DecodeError(_MISSING, 0)
        stream = brotli.Decompressor()
        place = 0
        while not stream.is_finished():
            data = b""
            if stream.can_accept_more_data():
                data = bytes(payload[place : place + _READ])
                place += len(data)
                if not data:
                    raise DecodeError(TOO_SHORT, len(payload))
            try:
                yield stream.process(data, output_buffer_limit=size)
            except brotli.error:  # also of what follows the end
                raise DecodeError("not Brotli", place - len(data)) from None
        if place < len(payload):
            raise DecodeError("more follows after the end", place)

    def wrap(self, content: bytes) -> bytes:
        """Return the content, compressed. Raises ValueError without the library."""
        brotli = _library()
        if brotli is None:
            raise ValueError(_MISSING)
        stream: bytes = brotli.compress(content)
        return stream


def _library() -> ModuleType | None:
    try:
        import brotli  # an extra: spacebeam[formats]
    except ImportError:
        return None
    library: ModuleType = brotli
    return library
