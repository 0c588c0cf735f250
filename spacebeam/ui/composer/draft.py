"""The composer's text, and the message that it represents."""

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
    """How a message is typed: as text of some language, or as bytes in hexadecimal or Base64."""

    JSON = "JSON"
    TEXT = "Text"
    XML = "XML"
    HEX = "Hex"
    BASE64 = "Base64"

    @property
    def is_text(self) -> bool:
        """Whether a message in this format is a text, sent as it is typed."""
        return self not in (PayloadFormat.HEX, PayloadFormat.BASE64)


# Those of a payload that is no message, such as a ping's.
PAYLOAD_FORMATS = (PayloadFormat.TEXT, PayloadFormat.HEX, PayloadFormat.BASE64)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the composer: a text and how it is meant. It need not be a valid message."""

    form: PayloadFormat
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A message, and the text it was typed as, in case it could not be sent."""

    message: str | bytes
    form: PayloadFormat
    typed: str
    file_name: str | None = None


class DraftError(ValueError):
    """The text is not a message; the message says why."""


def message(form: PayloadFormat, typed: str) -> str | bytes:
    """Return the message that `typed` represents. Raises DraftError."""
    if form.is_text:
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
        raise DraftError(f"“{wrong.group()}” is not a Base64 character.")
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise DraftError("The Base64 is incomplete.") from None
