"""Bytes in a tree: the values of binary formats, which are Base64 in extended JSON."""

from __future__ import annotations

import base64
import binascii

from spacebeam.decode.decoder import Data
from spacebeam.decode.json_tree import JsonTree, NodeKind
from spacebeam.decode.pictures import picture_info
from spacebeam.decode.sounds import sound_info

MAX_BYTES = 8 * 1024 * 1024  # of a value
_HEAD = 4096  # bytes that say what a value is
_KEYS = ("$bytes", "base64")  # BSON's `$binary` has the second


def bytes_of(tree: JsonTree, number: int, limit: int = MAX_BYTES) -> bytes | None:
    """Return the bytes of a value that is `$bytes`, or of the text in it; None for others.

    Of longer values it returns the first `limit` bytes.
    """
    if tree.kind(number) is NodeKind.OBJECT and tree.count(number) == 1:
        number += 1
    if tree.kind(number) is not NodeKind.STRING or tree.key(number) not in _KEYS:
        return None
    text = tree.head(number, -(-limit // 3) * 4)
    try:
        return base64.b64decode(text, validate=True)[:limit]
    except binascii.Error:
        return None


def head_of(tree: JsonTree, number: int) -> bytes:
    """Return the first bytes of a value that is `$bytes`; nothing for others."""
    return bytes_of(tree, number, _HEAD) or b""


def is_media(tree: JsonTree, number: int) -> bool:
    """Return whether a value is the bytes of a picture or of a sound."""
    return begins_media(head_of(tree, number))


def begins_media(data: Data) -> bool:
    """Return whether bytes begin as a picture or a sound does."""
    return picture_info(data) is not None or sound_info(data) is not None
