"""JSON (RFC 8259)."""

from __future__ import annotations

import re

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Rendering, Value
from spacebeam.decode.json_layout import JsonRendering
from spacebeam.decode.json_values import TooDeepError, begins_like_json, read_json, written
from spacebeam.decode.preview import text_preview

_JUDGED = 64 * 1024  # bytes; a longer payload is judged by its beginning
_BEGINNING = 256  # bytes of it
_MAX_DEEP_SIZE = 1024 * 1024  # bytes of a document that is nested deeply
_OPENINGS = (b"{", b"[")
_BEGINNINGS = b"{[ \t\r\n\xef"
_BEGINNING_OF_JSON = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*[{\[]")


class JsonDecoder:
    """JSON objects and arrays."""

    name = "JSON"
    kinds: tuple[str, ...] = ()
    first_bytes = _BEGINNINGS
    is_text = True
    has_fields = True

    def __init__(self) -> None:
        # What `confidence` read last, until `decode` returns it: the payload is the same object.
        self._read: tuple[bytes, Value] | None = None

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 for a valid object or array, and 0.45 where only the beginning was read."""
        if payload[:1] not in _OPENINGS and (
            payload[:1] not in _BEGINNINGS or not _BEGINNING_OF_JSON.match(payload[:_BEGINNING])
        ):
            return 0
        if context.is_cut or len(payload) > _JUDGED:
            return 0.45 if begins_like_json(payload[:_BEGINNING]) else 0
        try:
            value = read_json(payload, max_deep_size=0)
        except TooDeepError:
            return 0.45
        except DecodeError:
            return 0
        if isinstance(payload, bytes):
            self._read = payload, value
        return 0.9

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the document as it was written."""
        return text_preview(payload)

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the document, indented."""
        return JsonRendering(payload)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the document's value. Raises DecodeError."""
        read, self._read = self._read, None
        if read is not None and read[0] is payload:
            return Decoded(read[1])
        return Decoded(read_json(payload, _MAX_DEEP_SIZE))

    def encode(self, value: Value) -> bytes:
        """Return the value as JSON without spaces. Raises ValueError for bytes."""
        # A lone surrogate has no bytes in UTF-8; its escape is the same in Python and in JSON.
        return written(value).encode(errors="backslashreplace")
