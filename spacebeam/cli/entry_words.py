"""What is no message, in words: control frames and events."""

from __future__ import annotations

from spacebeam.decode.preview import binary_preview, text_preview
from spacebeam.decode.visible import one_line
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words

MARKS = {Direction.NONE: "*", Direction.SENT: ">", Direction.RECEIVED: "<"}


def in_words(kind: Kind, direction: Direction, payload: bytes) -> str:
    """An entry in a line: which way it went, what it is and what it says; safe to show."""
    if kind is Kind.EVENT:
        return f"{MARKS[direction]} {one_line(event_words(payload))}"
    return f"{MARKS[direction]} {kind.name.lower()}{said(kind, payload)}"


def said(kind: Kind, payload: bytes) -> str:
    """What a control frame says, with its colon."""
    if kind is Kind.CLOSE:
        return f": {text_preview(close_payload_words(payload).encode())}"
    if not payload:
        return ""
    is_text = payload.isascii() and payload.decode().isprintable()
    return f": “{payload.decode()}”" if is_text else f": {binary_preview(payload)}"
