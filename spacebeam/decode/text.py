"""UTF-8 text."""

from __future__ import annotations

from spacebeam.decode.decoder import (
    Context,
    Data,
    Decoded,
    DecodeError,
    Rendering,
    Span,
    Style,
    Value,
)
from spacebeam.decode.preview import text_preview
from spacebeam.decode.visible import lines

# Bytes of one span. A character of two bytes may be shown as six: that is MAX_SPAN at most.
MAX_PIECE = 1024
_JUDGED = 1024  # bytes that decide whether a binary payload reads as text
_MAX_SEQUENCE = 64  # bytes of characters that belong together, such as an emoji of a family


class TextDecoder:
    """UTF-8 text; bytes that are not UTF-8 are shown as U+FFFD."""

    name = "Text"
    kinds: tuple[str, ...] = ()
    first_bytes = b""
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

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the text as it is."""
        return TextRendering(payload)

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


class TextRendering:
    """A payload read as UTF-8."""

    def __init__(self, payload: Data) -> None:
        self._payload = payload
        self.offset = 0

    def __iter__(self) -> TextRendering:
        return self

    def __next__(self) -> Span:
        start = self.offset
        if start >= len(self._payload):
            raise StopIteration
        self.offset = piece_end(self._payload, start)
        return text_span(self._payload, start, self.offset)


def piece_end(payload: Data, start: int) -> int:
    """Return where a piece that begins at `start` can end without cutting a character.

    If possible the piece ends with an ASCII character: emoji that form one picture stay together.
    """
    end = start + MAX_PIECE
    if end >= len(payload):
        return len(payload)
    if payload[end - 1] < 0x80:
        return end
    tail = payload[end - _MAX_SEQUENCE : end]
    last = next((i for i in range(len(tail), 0, -1) if tail[i - 1] < 0x80), 0)
    if last:
        return end - _MAX_SEQUENCE + last
    # A character has three continuation bytes at most; a fourth in a row is not UTF-8.
    return next((end - i for i in range(4) if payload[end - i] & 0xC0 != 0x80), end)


def text_span(payload: Data, start: int, end: int, style: Style = Style.PLAIN) -> Span:
    """Return a part of the payload, safe to show."""
    return Span(lines(payload[start:end].decode(errors="replace")), style)


def _is_printable(payload: Data) -> bool:
    head = payload[:_JUDGED]
    return head.isascii() and head.decode().isprintable()
