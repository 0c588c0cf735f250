"""JSON (RFC 8259)."""

from __future__ import annotations

import json

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Value
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.preview import text_preview

_JUDGED = 256 * 1024  # bytes; a longer payload is judged by how it begins


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

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the document, indented."""
        return JsonRendering(payload)

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
