"""Control frames and events in a sentence, for files."""

from __future__ import annotations

from spacebeam.decode.visible import escaped
from spacebeam.protocol.batch import Kind
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words


def escaped_words(kind: Kind, payload: bytes) -> str:
    """Return the whole payload of a control frame or an event, escaped as by `escaped`."""
    if kind is Kind.EVENT:
        return escaped(event_words(payload).encode(errors="replace"))
    if kind is not Kind.CLOSE:
        return escaped(payload)
    code, reason = (payload[:2], payload[2:]) if len(payload) > 1 else (b"", payload)
    return close_payload_words(code) + (f": {escaped(reason)}" if reason else "")
