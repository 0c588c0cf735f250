"""What is typed into the composer, turned into a message."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import Enum

_SPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s:,]+|0x", re.IGNORECASE)
_NOT_HEX = re.compile(r"[^0-9A-Fa-f]")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/=_-]")


class PayloadFormat(Enum):
    """How a message is typed."""

    TEXT = "Text"
    HEX = "Hex"
    BASE64 = "Base64"


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way, and what was typed for it, should it come back."""

    message: str | bytes
    form: PayloadFormat
    typed: str
    file_name: str | None = None


class DraftError(ValueError):
    """What is typed is no message yet, and why."""


def message(form: PayloadFormat, typed: str) -> str | bytes:
    """The message that `typed` means. Raises DraftError with what is wrong with it."""
    if form is PayloadFormat.TEXT:
        return typed
    return _from_hex(typed) if form is PayloadFormat.HEX else _from_base64(typed)


def _from_hex(typed: str) -> bytes:
    digits = _SEPARATORS.sub("", typed)
    wrong = _NOT_HEX.search(digits)
    if wrong:
        raise DraftError(f"“{wrong.group()}” is not a hexadecimal digit.")
    if len(digits) % 2:
        raise DraftError("The last byte has only one hexadecimal digit.")
    return bytes.fromhex(digits)


def _from_base64(typed: str) -> bytes:
    text = _SPACE.sub("", typed)
    wrong = _NOT_BASE64.search(text)
    if wrong:
        raise DraftError(f"“{wrong.group()}” does not occur in Base64.")
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise DraftError("The Base64 is not complete.") from None
