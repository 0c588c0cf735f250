"""The composer's text, and the message that it represents."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import Enum

from spacebeam.decode.decoder import Context
from spacebeam.decode.json import JsonDecoder
from spacebeam.ui.composer.draft_error import DraftError as DraftError
from spacebeam.ui.composer.escapes import needs_escapes, resolved
from spacebeam.wording.i18n import _

_SPACE = re.compile(r"\s+")
_SEPARATORS = re.compile(r"[\s:,]+|0x", re.IGNORECASE)
_NOT_HEX = re.compile(r"[^0-9A-Fa-f]")
_HEX_TOKENS = re.compile(r"[\s:,]+|0x|[0-9A-F]|(?P<wrong>.)", re.IGNORECASE | re.DOTALL)
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
    has_escapes: bool = False  # a backslash begins an escape


@dataclass(frozen=True, slots=True)
class Draft:
    """A message, and the text it was typed as, in case it could not be sent."""

    message: str | bytes
    form: PayloadFormat
    typed: str
    file_name: str | None = None
    has_escapes: bool = False


def message(form: PayloadFormat, typed: str, *, has_escapes: bool = False) -> str | bytes:
    """Return the message that `typed` represents. Raises DraftError."""
    if form.is_text:
        return resolved(typed, is_json=form is PayloadFormat.JSON) if has_escapes else typed
    return _from_hex(typed) if form is PayloadFormat.HEX else _from_base64(typed)


def _from_hex(typed: str) -> bytes:
    digits = _SEPARATORS.sub("", typed)
    wrong = _NOT_HEX.search(digits)
    if wrong:
        found = (one.start() for one in _HEX_TOKENS.finditer(typed) if one["wrong"])
        raise DraftError(
            _("“{group}” is not a hexadecimal digit.").format(group=wrong.group()),
            next(found, None),
        )
    if len(digits) % 2:
        raise DraftError(_("The last byte has only one hexadecimal digit."))
    return bytes.fromhex(digits)


def _from_base64(typed: str) -> bytes:
    text = _SPACE.sub("", typed)
    wrong = _NOT_BASE64.search(text)
    if wrong:
        offset = typed.index(wrong.group())
        raise DraftError(
            _("“{group}” is not a Base64 character.").format(group=wrong.group()), offset
        )
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise DraftError(_("The Base64 is incomplete.")) from None


def form_of(payload: str | bytes, current: PayloadFormat) -> PayloadFormat:
    """Return the format in which a message is edited."""
    if not isinstance(payload, str):
        return PayloadFormat.HEX
    if JsonDecoder().confidence(payload.encode(errors="replace"), Context(kind="text")):
        return PayloadFormat.JSON
    if current is PayloadFormat.JSON and _is_meant_as_json(payload):
        return PayloadFormat.JSON
    is_xml = current is PayloadFormat.XML and payload.lstrip().startswith("<")
    return PayloadFormat.XML if is_xml else PayloadFormat.TEXT


def _is_meant_as_json(text: str) -> bool:
    """Return whether a text begins as a JSON document does, and is sent unchanged when typed so."""
    if not text.lstrip().startswith(("{", "[")) or needs_escapes(text):
        return False
    try:
        return resolved(text, is_json=True) == text
    except DraftError:
        return False
