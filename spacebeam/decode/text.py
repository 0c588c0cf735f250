"""UTF-8 text."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Span, Value
from spacebeam.decode.preview import text_preview
from spacebeam.decode.visible import lines

_PIECE = 4096  # bytes rendered at once
_JUDGED = 1024  # bytes that decide whether a binary payload reads as text


class TextDecoder:
    """UTF-8 text; bytes that are not UTF-8 are shown as U+FFFD."""

    name = "Text"
    is_text = True
    has_fields = False

    def confidence(self, payload: Data, context: Context) -> float:
        """Return more for text messages and printable pings than for other bytes."""
        if context.kind in ("text", "event"):
            return 0.4
        if context.kind in ("ping", "pong"):
            return 0.4 if payload and _is_printable(payload) else 0.1
        return 0.1

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the beginning of the text."""
        return text_preview(payload)

    def render(self, payload: Data, _context: Context) -> Iterator[Span]:
        """Yield the text in pieces of a few KiB."""
        decoder = getincrementaldecoder("utf-8")("replace")
        for start in range(0, len(payload), _PIECE):
            yield Span(lines(decoder.decode(payload[start : start + _PIECE])))
        if rest := decoder.decode(b"", final=True):
            yield Span(rest)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the text. Raises DecodeError if it is not UTF-8."""
        try:
            return Decoded(payload.decode())
        except UnicodeDecodeError as error:
            raise DecodeError("not UTF-8", error.start) from None

    def encode(self, value: Value) -> bytes:
        """Return the text in UTF-8. Raises ValueError."""
        if not isinstance(value, str):
            raise ValueError("Text can encode text only")
        return value.encode()


def _is_printable(payload: Data) -> bool:
    head = payload[:_JUDGED]
    return head.isascii() and head.decode().isprintable()
