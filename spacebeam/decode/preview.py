"""An entry's payload in one line."""

from __future__ import annotations

from spacebeam.decode.visible import one_line

MAX_CHARACTERS = 300
_MAX_BYTES = 4 * MAX_CHARACTERS


def text_preview(payload: bytes | bytearray) -> str:
    """Return the beginning of a text on one line; only the payload's first bytes are read."""
    head = payload[:_MAX_BYTES].decode(errors="replace")
    cut = len(head) > MAX_CHARACTERS or len(payload) > _MAX_BYTES
    return one_line(head[:MAX_CHARACTERS]) + ("…" if cut else "")


def binary_preview(payload: bytes | bytearray) -> str:
    """Return the first bytes in hexadecimal."""
    head = payload[:64].hex(" ")
    return head + (" …" if len(payload) > 64 else "")


def size(count: int) -> str:
    """Return a short size: 999 B, 1.0 KiB, 64.0 MiB."""
    if count < 1024:
        return f"{count} B"
    power = 1 if count < 1023.95 * 1024 else 2 if count < 1023.95 * 1024**2 else 3
    return f"{count / 1024**power:.1f} {('KiB', 'MiB', 'GiB')[power - 1]}"
