"""Bytes as a hex dump: offset, sixteen bytes, and what is ASCII in them."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, Decoded, Rendering, Span, Style, Value
from spacebeam.decode.preview import binary_preview

WIDTH = 16
TEXT_COLUMN = 60  # where on a line the ASCII begins

_SHOWN = bytes(code if 0x20 <= code < 0x7F else ord(".") for code in range(256))


class HexDecoder:
    """Any bytes, as a hex dump."""

    name = "Hex"
    is_text = False
    has_fields = False

    def confidence(self, _payload: Data, _context: Context) -> float:
        """Return a guess: hex can show any payload."""
        return 0.2

    def summary(self, payload: Data, _context: Context) -> str:
        """Return the first bytes in hexadecimal."""
        return binary_preview(payload)

    def render(self, payload: Data, _context: Context) -> Rendering:
        """Return the hex dump."""
        return HexRendering(payload)

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return the bytes themselves."""
        return Decoded(bytes(payload))

    def encode(self, value: Value) -> bytes:
        """Return bytes as they are, or those written in hexadecimal. Raises ValueError."""
        if isinstance(value, str):
            return bytes.fromhex(value)
        if isinstance(value, bytes):
            return value
        raise ValueError("Hex can encode bytes only")


class HexRendering:
    """A hex dump: for each line a span of numbers and one of text."""

    def __init__(self, payload: Data) -> None:
        self._payload = payload
        self._text = ""  # of the line whose numbers were the last span
        self.offset = 0

    def __iter__(self) -> HexRendering:
        return self

    def __next__(self) -> Span:
        if text := self._text:
            self._text = ""
            return Span(text)
        start = self.offset
        if start >= len(self._payload):
            raise StopIteration
        line = _line(self._payload, start)
        self.offset = min(start + WIDTH, len(self._payload))
        self._text = line[TEXT_COLUMN:]
        numbers = line[:TEXT_COLUMN]
        return Span("\n" + numbers if start else numbers, Style.OFFSET)


def hexdump(payload: Data) -> Iterator[str]:
    """Yield the lines of the dump, of 16 bytes each."""
    return (_line(payload, start) for start in range(0, len(payload), WIDTH))


def _line(payload: Data, start: int) -> str:
    row = payload[start : start + WIDTH]
    left, right = row[:8].hex(" "), row[8:].hex(" ")
    return f"{start:08x}  {left:<23}  {right:<23}  {row.translate(_SHOWN).decode()}"
