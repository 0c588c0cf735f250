"""Binary payloads as text, hexadecimal or Base64, or as they are."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from enum import Enum


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
        """Return the bytes for a text in this format; ignore white space. Raises ValueError."""
        if self is BinaryForm.RAW:
            return written
        try:
            if self is BinaryForm.HEX:
                return bytes.fromhex(written.decode())
            return a2b_base64(b"".join(written.split()), strict_mode=True)
        except ValueError:
            shown = written[:40].decode(errors="replace") + ("…" if len(written) > 40 else "")
            name = "hexadecimal" if self is BinaryForm.HEX else "base64"
            raise ValueError(f"“{shown}” is not {name}.") from None
