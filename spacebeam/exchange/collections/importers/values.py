"""Reads values of other programs' files, which may be of any type."""

from __future__ import annotations

import json
import re
from typing import Any

from spacebeam.profiles.collection import MessageFormat
from spacebeam.protocol.secrets import without_secrets

MAX_NAME = 200  # characters
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_TRUE = ("true", "True", "TRUE")
_FORMATS = {
    "json": MessageFormat.JSON,
    "xml": MessageFormat.XML,
    "hex": MessageFormat.HEX,
    "base64": MessageFormat.BASE64,
    "binary": MessageFormat.BASE64,
}


def record(value: object) -> dict[str, Any]:
    """Return an object; an empty one for any other value."""
    return value if isinstance(value, dict) else {}


def records(value: object) -> list[dict[str, Any]]:
    """Return the objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """Return a text, or another value as JSON writes it; "" for None."""
    if value is None:
        return ""
    if not isinstance(value, str):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except (ValueError, TypeError, RecursionError):
            return ""
    # JSON may have half of a surrogate pair.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def name(value: object, default: str = "") -> str:
    """Return a text as a name: one line, not too long, `default` if there is nothing in it."""
    found = _CONTROL.sub(" ", text(value)).strip()[:MAX_NAME].rstrip()
    return found or default


def description(value: object) -> str:
    """Return a description, which is a text or `{"content": …}`."""
    return text(record(value).get("content")) if isinstance(value, dict) else text(value)


def flag(value: object, default: bool = False) -> bool:
    """Return a truth value, of JSON or as YAML writes it."""
    if isinstance(value, str):
        return value in _TRUE
    return value if isinstance(value, bool) else default


def number(value: object) -> float | None:
    """Return a number, also one that is written as a text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if abs(found) < 1e15 else None


def order(value: object) -> float:
    """Return a number to sort by; what has none comes last."""
    found = number(value)
    return float("inf") if found is None else found


def address_name(address: str, default: str = "WebSocket") -> str:
    """Return an address as a name: without its query and its secrets."""
    return name(without_secrets(address).partition("?")[0], default)


def guessed_format(message: str) -> MessageFormat:
    """Return the format of a message that says none."""
    is_json = message.lstrip()[:1] in ("{", "[") and message.rstrip()[-1:] in ("}", "]")
    return MessageFormat.JSON if is_json else MessageFormat.TEXT


def message_format(kind: object) -> MessageFormat:
    """Return the format that a word or MIME type names: `json`, `application/json`."""
    word = text(kind).partition(";")[0].rpartition("/")[2].rpartition("+")[2].strip().lower()
    return _FORMATS.get(word, MessageFormat.TEXT)
