"""Bytes as a hex dump: offset, sixteen bytes, and what is ASCII in them."""

from __future__ import annotations

from collections.abc import Iterator

WIDTH = 16
TEXT_COLUMN = 60  # where on a line the ASCII begins

_SHOWN = bytes(code if 0x20 <= code < 0x7F else ord(".") for code in range(256))


def hexdump(payload: bytes | bytearray) -> Iterator[str]:
    """The dump, a line feed at the end of each line but none after the last."""
    feed = ""
    for start in range(0, len(payload), WIDTH):
        row = payload[start : start + WIDTH]
        left, right = row[:8].hex(" "), row[8:].hex(" ")
        yield f"{feed}{start:08x}  {left:<23}  {right:<23}  {row.translate(_SHOWN).decode()}"
        feed = "\n"
