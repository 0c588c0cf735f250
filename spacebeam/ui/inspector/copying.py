"""Copies payloads: a text as it is if a clipboard can hold it, other bytes as hexadecimal."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import lines
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.search.decoding import context_of
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words

_PIECE = 256 * 1024  # bytes converted at once, so that another thread can run in between
_JUDGED = 512 * 1024  # bytes that decide whether a payload is text
# What `lines` and decoders show in place of a character or byte that cannot be seen.
_SYMBOL = re.compile("[\u2400-\u2421\ufffd]|⟨[0-9A-F]{4,5}⟩")

AS_HEX = "Copied as hexadecimal"
_NOT_UTF8 = "Copied as hexadecimal: the text is not valid UTF-8"
_HAS_NUL = "Copied as hexadecimal: the clipboard cannot hold NUL characters"
_SYMBOLS = "Control characters were copied as symbols; Copy Payload copies all as received"
_PAGE = "Only this page was copied; Copy Payload copies all"


@dataclass(frozen=True, slots=True)
class Copy:
    """A text for the clipboard, and what a person should know about it, or ""."""

    text: str
    notice: str = ""


def copied(entry: Entry) -> Copy:
    """Return a copy of an entry's payload; of a close frame or an event, its sentence.

    It may run in any thread, as a long payload takes a while.
    """
    payload = entry.payload
    if entry.kind is Kind.EVENT:
        return Copy(lines(event_words(payload)))
    if entry.kind is Kind.CLOSE:
        return Copy(lines(close_payload_words(payload)))
    head = payload[:_JUDGED]
    context = context_of(entry.kind, entry.direction, is_cut=len(head) < len(payload))
    if not REGISTRY.best(head, context).is_text:
        return Copy(_hexadecimal(payload), AS_HEX)
    try:
        text = _decoded(payload)
    except UnicodeDecodeError:
        return Copy(_hexadecimal(payload), _NOT_UTF8)
    return Copy(_hexadecimal(payload), _HAS_NUL) if "\0" in text else Copy(text)


def selection_notice(text: str, *, is_page: bool) -> str:
    """Return what a selected text lacks, or ""; `is_page` if it is one of several pages."""
    if is_page:
        return _PAGE
    return _SYMBOLS if _SYMBOL.search(text) else ""


def _decoded(payload: bytes | bytearray) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts = [decoder.decode(payload[at : at + _PIECE]) for at in range(0, len(payload), _PIECE)]
    return "".join(parts) + decoder.decode(b"", final=True)


def _hexadecimal(payload: bytes | bytearray) -> str:
    pieces = range(0, len(payload), _PIECE)
    return " ".join(payload[at : at + _PIECE].hex(" ") for at in pieces)
