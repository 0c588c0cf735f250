"""Bytes that are written in hexadecimal, in text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.wrapper import Wrapper

_MIN_SIZE = 16  # bytes; shorter ones are numbers and words
_JUDGED = 16 * 1024  # bytes; a longer payload is judged by its beginning
_BEGINNING = re.compile(rb"[0-9A-Fa-f]{2}[0-9A-Fa-f \r\n]{13}")
_TEXT = re.compile(rb"[0-9A-Fa-f \r\n]*+")
_SPACE = b" \r\n"


class HexTextDecoder(Wrapper):
    """Bytes that are written in hexadecimal, with or without spaces."""

    name = "Hex text"
    first_bytes = b"0123456789ABCDEFabcdef"
    is_text = True
    written_as = 1, 2

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth: numbers and ids have the same digits."""
        if len(payload) < _MIN_SIZE or not _BEGINNING.match(payload):
            return 0
        if not _TEXT.fullmatch(payload, 0, _JUDGED):
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the bytes. Raises DecodeError."""
        rest = b""
        for place in range(0, len(payload), size):
            text = rest + bytes(payload[place : place + size]).translate(None, _SPACE)
            whole = len(text) // 2 * 2
            rest = text[whole:]
            try:
                yield bytes.fromhex(text[:whole].decode())
            except ValueError:
                raise DecodeError("not hexadecimal", place) from None
        if rest:
            raise DecodeError("half a byte is missing", len(payload))

    def wrap(self, content: bytes) -> bytes:
        """Return the digits without spaces."""
        return content.hex().encode()
