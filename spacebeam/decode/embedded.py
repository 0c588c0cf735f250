"""What framed protocols carry: JSON texts, and bodies that are text or bytes."""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.extended_json import MAX_DEPTH, is_within_depth
from spacebeam.decode.json_values import TooDeepError, read_json

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read_embedded(payload: Data, start: int = 0, end: int | None = None) -> Value:
    """Return the value of the JSON text in `payload[start:end]`, of at most 256 levels.

    Raises DecodeError; its offset is one of the payload.
    """
    text = payload[start:end]
    try:
        value = read_json(text, max_deep_size=0)
    except TooDeepError:
        raise DecodeError(f"more than {MAX_DEPTH} levels", start) from None
    except DecodeError as error:
        raise DecodeError(str(error), start + error.offset) from None
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and not is_within_depth(value):
        raise DecodeError(f"more than {MAX_DEPTH} levels", start)
    return value


def text_or_bytes(body: Data) -> str | bytes:
    """Return a body as text if it is UTF-8 without control characters, else its bytes."""
    try:
        text = str(body, "utf-8")
    except UnicodeDecodeError:
        return bytes(body)
    return bytes(body) if _CONTROLS.search(text) else text


def body_bytes(value: Value, name: str = "body") -> bytes:
    """Return the bytes of a text or of bytes. Raises ValueError for other values."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return encoded(value)
    raise ValueError(f"{name} is no text and no bytes")


def encoded(text: str) -> bytes:
    """Return a text in UTF-8. Raises ValueError for a lone surrogate."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate has no UTF-8") from None


def members_of(value: Value, name: str) -> dict[str, Value]:
    """Return the value if it is an object. Raises ValueError with the name of what it is not."""
    if isinstance(value, dict):
        return value
    raise ValueError(f"{name} is an object")
