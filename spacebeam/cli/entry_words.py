"""Control frames and events as text on one line."""

from __future__ import annotations

from spacebeam.decode.preview import text_preview
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.search.decoding import context_of
from spacebeam.wording.closing import close_payload_words

MARKS = {Direction.NONE: "*", Direction.SENT: ">", Direction.RECEIVED: "<"}


def control_words(kind: Kind, payload: bytes) -> str:
    """Return a control frame's payload on one line, after a colon; "" if there is none."""
    if kind is Kind.CLOSE:
        return f": {text_preview(close_payload_words(payload).encode())}"
    if not payload:
        return ""
    context = context_of(kind)
    summary = REGISTRY.summary(payload, context)
    return f": “{summary}”" if REGISTRY.best(payload, context).is_text else f": {summary}"
