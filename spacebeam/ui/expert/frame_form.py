"""What is typed into the frame editor, as values."""

from __future__ import annotations

from spacebeam.protocol.raw_frame import RawFrameError, opcode_name
from spacebeam.ui.composer.draft import DraftError, PayloadFormat, message

OPCODES = tuple(f"{opcode} {opcode_name(opcode)}" for opcode in range(16))


def mask(typed: str) -> bytes:
    """Four bytes in hexadecimal. Raises RawFrameError."""
    try:
        given = message(PayloadFormat.HEX, typed)
    except DraftError as fault:
        raise RawFrameError("mask", str(fault)) from None
    if not isinstance(given, bytes) or len(given) != 4:
        raise RawFrameError("mask", "A mask has four bytes, as 37 fa 21 3d.")
    return given


def claimed_length(typed: str) -> int | None:
    """A number of bytes, or None where nothing is typed. Raises RawFrameError."""
    typed = typed.strip().replace(",", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit()) or len(typed) > 20:
        raise RawFrameError("claimed_length", "A length is a number of bytes.")
    return int(typed)
