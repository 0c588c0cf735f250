"""Base64 (RFC 4648), with either alphabet, with or without padding."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from string import ascii_letters

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.wrapper import Wrapper

_MIN_SIZE = 16  # bytes; shorter ones are words
_JUDGED = 16 * 1024  # bytes; a longer payload is judged by its beginning
_BEGINNING = re.compile(rb"[A-Za-z0-9+/_-]{14}")  # and padding
_TEXT = re.compile(rb"(?:[A-Za-z0-9+/\r\n]*+|[A-Za-z0-9_\-\r\n]*+)={0,2}[\r\n]*")
_STANDARD = bytes.maketrans(b"-_", b"+/")


class Base64Decoder(Wrapper):
    """Bytes that are written in Base64."""

    name = "Base64"
    first_bytes = ascii_letters.encode() + b"0123456789+/_-"
    is_text = True
    written_as = 3, 4

    def confidence(self, payload: Data, context: Context) -> float:
        """Return what the content's format is worth: many a word could be Base64."""
        if len(payload) < _MIN_SIZE or not _BEGINNING.match(payload):
            return 0
        if not _TEXT.fullmatch(payload, 0, _JUDGED):
            return 0
        return self.inside_confidence(payload, context)

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the bytes. Raises DecodeError."""
        rest = b""
        for place in range(0, len(payload), size):
            text = rest + bytes(payload[place : place + size]).translate(_STANDARD, b"\r\n")
            if place + size >= len(payload) and b"=" not in text:
                text += b"=" * (-len(text) % 4)
            whole = len(text) // 4 * 4
            rest = text[whole:]
            try:
                yield base64.b64decode(text[:whole], validate=True)
            except binascii.Error:
                raise DecodeError("not Base64", place) from None
        if rest:
            raise DecodeError("not Base64", len(payload))

    def wrap(self, content: bytes) -> bytes:
        """Return the bytes in the standard alphabet, with padding."""
        return base64.b64encode(content)
