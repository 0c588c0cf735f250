"""Bytes as a hex dump: offset, sixteen bytes, and what is ASCII in them."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.decode.decoder import Context, Data, Decoded, Span, Style, Value
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

    def render(self, payload: Data, _context: Context) -> Iterator[Span]:
        """Yield the hex dump, line by line."""
        feed = ""
        for line in hexdump(payload):
            yield Span(feed + line[:TEXT_COLUMN], Style.OFFSET)
            yield Span(line[TEXT_COLUMN:])
            feed = "\n"

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


def hexdump(payload: Data) -> Iterator[str]:
    """Yield the lines of the dump, of 16 bytes each."""
    for start in range(0, len(payload), WIDTH):
        row = payload[start : start + WIDTH]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        yield f"{start:08x}  {left:<23}  {right:<23}  {row.translate(_SHOWN).decode()}"
