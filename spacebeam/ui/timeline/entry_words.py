"""What an entry is called, and its payload in one line: the words of a row."""

from __future__ import annotations

from datetime import datetime

from spacebeam.decode.preview import binary_preview, size, text_preview
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words

KINDS = {
    Kind.TEXT: "text",
    Kind.BINARY: "binary",
    Kind.PING: "ping",
    Kind.PONG: "pong",
    Kind.CLOSE: "close",
    Kind.EVENT: "event",
}

DIRECTIONS = {Direction.NONE: "", Direction.SENT: "Sent", Direction.RECEIVED: "Received"}


def title(entry: Entry) -> str:
    """Direction and kind, as “Received text”."""
    return f"{DIRECTIONS[entry.direction]} {KINDS[entry.kind]}".strip().capitalize()


def clock(entry: Entry) -> str:
    """The entry's local time of day, to the millisecond."""
    return datetime.fromtimestamp(entry.time).strftime("%H:%M:%S.%f")[:-3]


def preview(entry: Entry) -> str:
    """The payload in one line, safe to show."""
    if entry.kind is Kind.CLOSE:
        return text_preview(close_payload_words(entry.payload).encode())
    if entry.kind is Kind.EVENT:
        return text_preview(event_words(entry.payload).encode())
    if entry.kind.is_text or _reads_as_text(entry):
        return text_preview(entry.payload)
    return binary_preview(entry.payload)


def size_words(entry: Entry) -> str:
    """The payload's size; nothing for an event."""
    return "" if entry.kind is Kind.EVENT else size(entry.size)


def _reads_as_text(entry: Entry) -> bool:
    """Whether a ping's or pong's payload is text; most are."""
    is_heartbeat = entry.kind in (Kind.PING, Kind.PONG)
    return is_heartbeat and entry.payload.isascii() and entry.payload.decode().isprintable()
