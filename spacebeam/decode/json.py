"""JSON (RFC 8259), indented without being changed.

Token by token: numbers keep their spelling, keys their order, duplicates their place; and the
beginning of a long document can be indented while its end is not there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Span, Value
from spacebeam.decode.json_values import TooDeepError, begins_like_json, read_json, written
from spacebeam.decode.preview import text_preview
from spacebeam.decode.visible import lines

_JUDGED = 64 * 1024  # bytes; a longer payload is judged by its beginning
_BEGINNING = 256  # bytes of it
_INDENT = "  "
_BEGINNINGS = b"{[ \t\r\n\xef"
_BEGINNING_OF_JSON = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[{\[]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_PAIR = {"{": "}", "[": "]"}


class JsonDecoder:
    """JSON objects and arrays."""

    name = "JSON"
    is_text = True
    has_fields = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 for a valid object or array, and 0.45 where only the beginning was read."""
        if payload[:1] not in _BEGINNINGS or not _BEGINNING_OF_JSON.match(payload[:_BEGINNING]):
            return 0
        if context.is_cut or len(payload) > _JUDGED:
            return 0.45 if begins_like_json(payload[:_BEGINNING]) else 0
        try:
            read_json(payload, max_deep_size=0)
        except TooDeepError:
            return 0.45
        except DecodeError:
            return 0
        return 0.9

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the document as it was written."""
        return text_preview(payload)

    def render(self, payload: Data, _context: Context) -> Iterator[Span]:
        """Yield the document, indented."""
        tokens = indent(payload.decode(errors="replace"))
        while piece := "".join(islice(tokens, 256)):
            yield Span(lines(piece))

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the document's value. Raises DecodeError."""
        return Decoded(read_json(payload))

    def encode(self, value: Value) -> bytes:
        """Return the value as JSON without spaces. Raises ValueError for bytes."""
        # A lone surrogate has no bytes in UTF-8; its escape is the same in Python and in JSON.
        return written(value).encode(errors="backslashreplace")


def is_json(text: str) -> bool:
    """Whether `text` is one JSON object or array (RFC 8259)."""
    if text.lstrip(" \t\r\n")[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def indent(text: str) -> Iterator[str]:
    """The document in pieces, indented; `text` may be cut anywhere."""
    depth = 0
    opened = ""  # an opening bracket that nothing has followed yet
    for match in _TOKEN.finditer(text):
        token = match.group()
        if opened:
            if token == _PAIR[opened]:
                depth -= 1
                opened = ""
                yield token
                continue
            yield "\n" + _INDENT * depth
            opened = ""
        if token in "{[":
            depth += 1
            opened = token
            yield token
        elif token in "}]":
            depth = max(depth - 1, 0)
            yield "\n" + _INDENT * depth + token
        elif token == ",":
            yield ",\n" + _INDENT * depth
        elif token == ":":
            yield ": "
        else:
            yield token
