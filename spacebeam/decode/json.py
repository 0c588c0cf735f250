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
from spacebeam.decode.preview import text_preview
from spacebeam.decode.visible import lines

_JUDGED = 256 * 1024  # bytes; a longer payload is judged by how it begins
_INDENT = "  "
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_PAIR = {"{": "}", "[": "]"}


class JsonDecoder:
    """JSON objects and arrays."""

    name = "JSON"

    def confidence(self, payload: Data, _context: Context) -> float:
        """Return 0.9 for a valid document, a guess for a long one that begins like JSON."""
        if payload[:64].lstrip(b" \t\r\n")[:1] not in (b"{", b"["):
            return 0
        if len(payload) > _JUDGED:
            return 0.45
        try:
            return 0.9 if is_json(payload.decode()) else 0
        except UnicodeDecodeError:
            return 0

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
        try:
            return Decoded(json.loads(payload.decode()))
        except UnicodeDecodeError as error:
            raise DecodeError("not UTF-8", error.start) from None
        except json.JSONDecodeError as error:
            raise DecodeError(error.msg, len(error.doc[: error.pos].encode())) from None

    def encode(self, value: Value) -> bytes:
        """Return the value as JSON without spaces. Raises ValueError."""
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


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
