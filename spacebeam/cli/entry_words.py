"""What is no message, in words: control frames and events."""

from __future__ import annotations

from spacebeam.decode.preview import binary_preview, text_preview
from spacebeam.decode.visible import one_line
from spacebeam.protocol.batch import Direction, Kind, split_close
from spacebeam.protocol.close import CloseCode, meaning

MARKS = {Direction.NONE: "*", Direction.SENT: ">", Direction.RECEIVED: "<"}


def in_words(kind: Kind, direction: Direction, payload: bytes) -> str:
    """An entry in a line: which way it went, what it is and what it says; safe to show."""
    if kind is Kind.EVENT:
        return f"{MARKS[direction]} {one_line(payload.decode(errors='replace'))}"
    return f"{MARKS[direction]} {kind.name.lower()}{said(kind, payload)}"


def said(kind: Kind, payload: bytes) -> str:
    """What a control frame says, with its colon."""
    if kind is Kind.CLOSE:
        code, reason = split_close(payload)
        if code == CloseCode.NO_STATUS and not payload:
            return ": without a code"
        words = f": {int(code)}, {meaning(code)}"
        return f"{words}, “{text_preview(reason.encode())}”" if reason else words
    if not payload:
        return ""
    is_text = payload.isascii() and payload.decode().isprintable()
    return f": “{payload.decode()}”" if is_text else f": {binary_preview(payload)}"
