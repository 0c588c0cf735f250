"""The texts of a row: an entry's title, time and size, and its payload on one line."""

from __future__ import annotations

from datetime import datetime

from spacebeam.decode.decoder import Context
from spacebeam.decode.preview import size, text_preview
from spacebeam.decode.registry import REGISTRY
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry, Mark
from spacebeam.search.decoding import context_of
from spacebeam.search.joined import Joined
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words
from spacebeam.wording.i18n import _, ngettext, pgettext
from spacebeam.wording.joined import attachment_words, awaiting_words, continued_words
from spacebeam.wording.media import media_words

KINDS = {
    Kind.TEXT: pgettext("frame", "text"),
    Kind.BINARY: _("binary"),
    Kind.PING: _("ping"),
    Kind.PONG: _("pong"),
    Kind.CLOSE: pgettext("frame", "close"),
    Kind.EVENT: _("event"),
}

_MAX_SAID = 200  # characters of a payload
EMPTY = _("empty")  # in place of a payload without bytes
DIRECTIONS = {Direction.NONE: "", Direction.SENT: _("Sent"), Direction.RECEIVED: _("Received")}


def title(entry: Entry) -> str:
    """Return direction and kind, such as “Received text”."""
    direction, words = DIRECTIONS[entry.direction].lower(), KINDS[entry.kind]
    if direction:
        words = _("{direction} {kind}").format(direction=direction, kind=words)
    return words[:1].upper() + words[1:]


def clock(entry: Entry) -> str:
    """Return the entry's local time of day, to the millisecond."""
    return datetime.fromtimestamp(entry.time).strftime("%H:%M:%S.%f")[:-3]


def preview(entry: Entry, context: Context | None = None) -> str:
    """Return the payload on one line, safe to show; of a picture or a sound its facts."""
    if entry.kind is Kind.CLOSE:
        return text_preview(close_payload_words(entry.payload).encode())
    if entry.kind is Kind.EVENT:
        return text_preview(event_words(entry.payload).encode())
    is_free = context is None or not context.chosen
    if entry.kind is Kind.BINARY and is_free and (words := media_words(entry.payload)):
        return words
    return REGISTRY.summary(entry.payload, context or _context(entry))


def joined_preview(joined: Joined, number: int) -> str:
    """Return what an entry says after those before it, on one line."""
    words = span_words(joined, number)
    if not words or joined.span.attachment:
        return words or joined.summary
    return f"{words}: {joined.summary}"


def span_words(joined: Joined, number: int) -> str:
    """Return what an entry is of a message that has several; "" of a whole message."""
    span, first = joined.span, joined.first + 1
    if span.attachment:
        return attachment_words(span.attachment, span.attachments, first)
    if joined.is_awaiting:
        return awaiting_words(joined.received, span.attachments)
    return continued_words(first) if span.continues and joined.first < number else ""


def is_empty(entry: Entry) -> bool:
    """Return whether there is nothing to preview: close frames and events have sentences."""
    return not entry.size and entry.kind not in (Kind.CLOSE, Kind.EVENT)


def has_payload_text(entry: Entry, context: Context | None = None) -> bool:
    """Return whether the preview has the payload's own text, in which matches can be found."""
    if entry.kind in (Kind.CLOSE, Kind.EVENT):
        return True
    return REGISTRY.best(entry.payload, context or _context(entry)).is_text


def size_words(entry: Entry) -> str:
    """Return the payload's size; nothing for an event."""
    return "" if entry.kind is Kind.EVENT else size(entry.size)


def wire_size(entry: Entry) -> int | None:
    """Return the bytes of an entry's frames, headers included; None for an event."""
    if entry.kind is Kind.EVENT:
        return None
    if entry.origin is not None:
        return entry.origin.wire_size
    # One plain frame (RFC 6455, section 5.2); what this side sends has a mask.
    length = 0 if entry.size < 126 else 2 if entry.size < 0x10000 else 8
    return 2 + length + (4 if entry.direction is Direction.SENT else 0) + entry.size


def accessible_name(entry: Entry, preview: str, mark: Mark | None = None) -> str:
    """Return what a screen reader says of an entry: “Received text, 12:30:05, 106 bytes, {…”."""
    parts = [title(entry), clock(entry)[:8]]
    if entry.kind is not Kind.EVENT:
        parts.append(
            ngettext("{size:,} byte", "{size:,} bytes", entry.size).format(size=entry.size)
        )
    if mark is not None and mark.is_starred:
        parts.append(_("starred"))
    return ", ".join([*parts, preview[:_MAX_SAID]])


def _context(entry: Entry) -> Context:
    return context_of(entry.kind, entry.direction, is_cut=len(entry.payload) < entry.size)
