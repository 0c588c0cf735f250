"""Messages of a connection. OpenCollection has one without a name, or a list of them with titles.

What it has no place for, such as that a message is sent on connect, is in the extension of a
message.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from spacebeam.exchange.opencollection.fields import (
    Document,
    child,
    extension,
    flag,
    put,
    put_extension,
    text,
)
from spacebeam.profiles.collection import MessageFormat, SavedMessage

_BINARY = "binary"
_TYPES = {one.value: one for one in (MessageFormat.TEXT, MessageFormat.JSON, MessageFormat.XML)}


def read_messages(value: object) -> tuple[SavedMessage, ...]:
    """Return the messages of the field `message`, or of our own list in the same form."""
    if isinstance(value, dict):
        message = _message({"message": value}, 1)
        return (message,) if message.text.strip() else ()
    found = value if isinstance(value, list) else []
    variants = [one for one in found if isinstance(one, dict)]
    return tuple(_message(one, number) for number, one in enumerate(variants, start=1))


def written_messages(present: Any, messages: Sequence[SavedMessage]) -> Any:
    """Return the value for other messages; fields beside those of a message stay."""
    if messages == read_messages(present):
        return present
    if isinstance(present, dict):
        variants = [{"title": _title(1), "message": present}]
    else:
        variants = [dict(one) for one in present or () if isinstance(one, dict)]
    read = read_messages(variants)
    unused = list(zip(read, variants, strict=True))
    written = []
    for message in messages:
        found = next((one for one in unused if one[0] == message), None) or next(
            (one for one in unused if one[0].name == message.name), None
        )
        if found is not None:
            unused.remove(found)
        before, variant = found or (None, {})
        written.append(variant if before == message else _variant(message, variant))
    return written


def _title(number: int) -> str:
    return f"message {number}"  # as Bruno calls one without a title


def _message(variant: Document, number: int) -> SavedMessage:
    message, own = child(variant, "message"), extension(variant)
    written, form = _content(message, text(own.get("format")))
    return SavedMessage(
        text(variant.get("title")) or _title(number),
        written,
        form,
        flag(own, "onConnect"),
        text(own.get("folder")),
        text(own.get("encoding")),
    )


def _content(message: Document, form: str) -> tuple[str, MessageFormat]:
    data, kind = text(message.get("data")), text(message.get("type"))
    if kind != _BINARY:
        return data, _TYPES.get(kind, MessageFormat.TEXT)
    if form == "hex, as written":
        return data, MessageFormat.HEX
    payload = _from_base64(data)
    if form == MessageFormat.HEX.value and payload is not None:
        return payload.hex(" "), MessageFormat.HEX
    # How it is encoded is said nowhere; a text with variables is believed to be Base64 too.
    is_base64 = payload is not None or "{{" in data or form == MessageFormat.BASE64.value
    return data, MessageFormat.BASE64 if is_base64 else MessageFormat.TEXT


def _variant(message: SavedMessage, present: Document) -> Document:
    variant = dict(present)
    content, form = _written_content(message)
    variant["title"] = message.name
    variant["message"] = {**child(variant, "message"), **content}
    put_extension(
        variant,
        {
            "onConnect": message.on_connect or None,
            "format": form,
            "folder": message.folder,
            "encoding": message.encoding,
        },
    )
    if "extensions" in variant:  # after what all programs know
        put(variant, "extensions", variant.pop("extensions"))
    return variant


def _written_content(message: SavedMessage) -> tuple[Document, str]:
    """Return type and data, and what the extension says of the format."""
    if message.format is MessageFormat.HEX:
        payload = _from_hex(message.text)
        if payload is None or payload.hex(" ") != message.text:
            return {"type": _BINARY, "data": message.text}, "hex, as written"
        return {"type": _BINARY, "data": base64.b64encode(payload).decode()}, "hex"
    if message.format is MessageFormat.BASE64:
        is_plain = _from_base64(message.text) is not None
        return {"type": _BINARY, "data": message.text}, "" if is_plain else "base64"
    return {"type": message.format.value, "data": message.text}, ""


def _from_hex(data: str) -> bytes | None:
    try:
        return bytes.fromhex(data)
    except ValueError:
        return None


def _from_base64(data: str) -> bytes | None:
    try:
        return base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
