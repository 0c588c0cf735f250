"""Forms of what is read and printed: binary payloads as hexadecimal, Base64 or as they are."""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from enum import Enum

_MAX_SHOWN = 40  # characters of a text with an error
# The longest valid beginning; half a byte is valid so far.
_VALID_HEX = re.compile(r"(?:\s*[0-9A-Fa-f]{2})*\s*[0-9A-Fa-f]?", re.ASCII)
_VALID_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*(?:=\s*){0,2}", re.ASCII)


class FormError(ValueError):
    """A text is not in the format; `place` is the index of the first invalid character."""

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


class InputForm(Enum):
    """The format of standard input."""

    LINES = "lines"
    JSON = "json"


class BinaryForm(Enum):
    """A format for binary payloads."""

    HEX = "hex"
    BASE64 = "base64"
    RAW = "raw"  # the bytes as they are, with nothing between messages

    def write(self, payload: bytes) -> bytes:
        if self is BinaryForm.RAW:
            return payload
        if self is BinaryForm.HEX:
            return payload.hex().encode()
        return b2a_base64(payload, newline=False)

    def read(self, written: bytes) -> bytes:
        """Return the bytes for a text in this format; ignore white space. Raises FormError."""
        if self is BinaryForm.RAW:
            return written
        try:
            if self is BinaryForm.HEX:
                return bytes.fromhex(written.decode())
            return a2b_base64(b"".join(written.split()), strict_mode=True)
        except ValueError:
            raise self._error(written.decode(errors="replace")) from None

    def _error(self, text: str) -> FormError:
        valid = _VALID_HEX if self is BinaryForm.HEX else _VALID_BASE64
        match = valid.match(text)
        place = match.end() if match else 0
        name = "hexadecimal" if self is BinaryForm.HEX else "base64"
        where = f"at character {place + 1:,}" if place < len(text) else "at its end"
        start = max(0, place - _MAX_SHOWN // 2) if place >= _MAX_SHOWN else 0
        cut = "…" if len(text) > start + _MAX_SHOWN else ""
        shown = ("…" if start else "") + text[start : start + _MAX_SHOWN] + cut
        return FormError(f"“{shown}” is not {name}, {where}.", place)
