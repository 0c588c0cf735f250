"""Copies payloads: a text as it is if a clipboard can hold it, other bytes as hexadecimal.

A JSON text that a clipboard cannot hold is copied as it was written, with its escapes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from gi.repository import Gdk

from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.visible import lines
from spacebeam.protocol.batch import Kind
from spacebeam.recording.entry import Entry
from spacebeam.search.decoding import context_of
from spacebeam.ui.clipboard import put
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words
from spacebeam.wording.i18n import _

_PIECE = 256 * 1024  # bytes converted at once, so that another thread can run in between
_JUDGED = 512 * 1024  # bytes that decide whether a payload is text
# What `lines` and decoders show in place of a character or byte that cannot be seen.
_SYMBOL = re.compile("[\u2400-\u2421\ufffd]|⟨[0-9A-F]{4,5}⟩")

AS_HEX = _("Copied as hexadecimal")
_NOT_UTF8 = _("Copied as hexadecimal: the text is not valid UTF-8")
_HAS_NUL = _("Copied as hexadecimal: the clipboard cannot hold NUL characters")
_ESCAPED = _("Copied with its escapes: the clipboard cannot hold all of its characters")
_SYMBOLS = _("Control characters were copied as symbols; Copy Payload copies all as received")
_PAGE = _("Only this page was copied; Copy Payload copies all")


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
    if entry.kind is not Kind.TEXT and not REGISTRY.best(head, context).is_text:
        return Copy(_hexadecimal(payload), AS_HEX)
    try:
        text = _decoded(payload)
    except UnicodeDecodeError:
        return Copy(_hexadecimal(payload), _NOT_UTF8)
    return Copy(_hexadecimal(payload), _HAS_NUL) if "\0" in text else Copy(text)


def copied_value(tree: JsonTree, number: int) -> Copy:
    """Return a copy of a JSON value: a string without its quotation marks and escapes."""
    text = tree.text(number)
    if "\0" not in text and _is_unicode(text):
        return Copy(text)
    written = tree.written(number)
    return (
        Copy(_hexadecimal(written), _HAS_NUL)
        if b"\0" in written
        else Copy(written.decode(errors="replace"), _ESCAPED)
    )


def place(copy: Copy, clipboard: Gdk.Clipboard) -> str:
    """Put a copy into the clipboard; return its notice, or ""."""
    put(copy.text, clipboard)
    return copy.notice


def selection_notice(text: str, *, is_page: bool) -> str:
    """Return what a selected text lacks, or ""; `is_page` if it is one of several pages."""
    if is_page:
        return _PAGE
    return _SYMBOLS if _SYMBOL.search(text) else ""


def _is_unicode(text: str) -> bool:
    """Return whether a text has no halves of surrogate pairs, as JSON's escapes can write them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _decoded(payload: bytes | bytearray) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    parts = [decoder.decode(payload[at : at + _PIECE]) for at in range(0, len(payload), _PIECE)]
    return "".join(parts) + decoder.decode(b"", final=True)


def _hexadecimal(payload: bytes | bytearray) -> str:
    pieces = range(0, len(payload), _PIECE)
    return " ".join(payload[at : at + _PIECE].hex(" ") for at in pieces)
