"""gzip (RFC 1952), of one or more members."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from functools import partial

from spacebeam.decode.decoder import Context, Data
from spacebeam.decode.wrappers.unpacking import inflated, members
from spacebeam.decode.wrappers.wrapper import Wrapper

_MAGIC = b"\x1f\x8b\x08"  # with the only method there is
_RESERVED = 0xE0  # of the flags
_WINDOW = zlib.MAX_WBITS | 16


class GzipDecoder(Wrapper):
    """Content that gzip compressed."""

    name = "gzip"
    first_bytes = b"\x1f"

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 by the first bytes, and 0.3 if nothing can be read after them."""
        if payload[:3] != _MAGIC or len(payload) < 10 or payload[3] & _RESERVED:
            return 0
        return self.mark_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the members' content. Raises DecodeError."""
        return members(payload, partial(inflated, payload, window=_WINDOW, size=size))

    def wrap(self, content: bytes) -> bytes:
        """Return one member, without a time."""
        return gzip.compress(content, mtime=0)
