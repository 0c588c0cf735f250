"""Control frames and events as lines of text."""

from __future__ import annotations

from spacebeam.decode.preview import text_preview
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import one_line
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.search.decoding import context_of
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words

MARKS = {Direction.NONE: "*", Direction.SENT: ">", Direction.RECEIVED: "<"}


def in_words(kind: Kind, direction: Direction, payload: bytes) -> str:
    """Return an entry's direction, kind and payload on one line, safe to show."""
    if kind is Kind.EVENT:
        return f"{MARKS[direction]} {one_line(event_words(payload))}"
    return f"{MARKS[direction]} {kind.name.lower()}{control_words(kind, payload)}"


def control_words(kind: Kind, payload: bytes) -> str:
    """Return a control frame's payload on one line, after a colon; "" if there is none."""
    if kind is Kind.CLOSE:
        return f": {text_preview(close_payload_words(payload).encode())}"
    if not payload:
        return ""
    context = context_of(kind)
    summary = REGISTRY.summary(payload, context)
    return f": “{summary}”" if REGISTRY.best(payload, context).is_text else f": {summary}"
