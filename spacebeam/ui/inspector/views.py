"""The ways one payload can be read, as text in pieces.

A generator a view: the window takes pieces for a few milliseconds a frame, so that no payload,
however long, holds it up.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from spacebeam.decode.hex import TEXT_COLUMN, hexdump
from spacebeam.decode.json import indent, is_json
from spacebeam.decode.visible import lines
from spacebeam.protocol.batch import Data, Kind
from spacebeam.wording.closing import close_payload_words
from spacebeam.wording.events import event_words

PIECE = 4096  # characters or so that a view hands out in one go
MAX_LINE = 2000  # characters; a longer line takes too long to lay out, so it is broken
_JSON_CHECKED = 256 * 1024  # bytes; a longer payload is JSON if it begins like it


@dataclass(frozen=True, slots=True)
class PayloadView:
    """One way to read a payload."""

    name: str
    language: str | None  # GtkSourceView's id of the language to highlight
    render: Callable[[Data], Iterator[str]]
    text_column: int = 0  # where on each line the payload's own characters begin


def text_pieces(payload: Data) -> Iterator[str]:
    """The payload as UTF-8 text, bytes that are none replaced."""
    decoder = getincrementaldecoder("utf-8")("replace")
    for start in range(0, len(payload), PIECE):
        yield lines(decoder.decode(payload[start : start + PIECE]))
    yield lines(decoder.decode(b"", final=True))


def json_pieces(payload: Data) -> Iterator[str]:
    """The payload as indented JSON."""
    return _joined(lines(token) for token in indent(payload.decode(errors="replace")))


def hex_pieces(payload: Data) -> Iterator[str]:
    """The payload as a hex dump."""
    return _joined(("\n" if line[:8] != "0" * 8 else "") + line for line in hexdump(payload))


def close_pieces(payload: Data) -> Iterator[str]:
    """A close frame's code, its meaning and the reason."""
    yield lines(close_payload_words(payload))


def event_pieces(payload: Data) -> Iterator[str]:
    """An event as a sentence."""
    yield lines(event_words(payload))


JSON = PayloadView("JSON", "json", json_pieces)
TEXT = PayloadView("Text", None, text_pieces)
HEX = PayloadView("Hex", None, hex_pieces, TEXT_COLUMN)
CLOSE = PayloadView("Close", None, close_pieces)
EVENT = PayloadView("Event", None, event_pieces)


def views_for(kind: Kind, payload: Data) -> list[PayloadView]:
    """The views that make sense, the best first."""
    if kind is Kind.CLOSE:
        return [CLOSE, HEX]
    if kind is Kind.EVENT:
        return [EVENT, TEXT]
    if _looks_like_json(payload):
        return [JSON, TEXT, HEX]
    if kind is Kind.TEXT:
        return [TEXT, HEX]
    return [HEX, TEXT]


def broken(pieces: Iterable[str]) -> Iterator[str]:
    """The pieces with a line feed put into every line that is too long to lay out."""
    column = 0
    for piece in pieces:
        for line in piece.splitlines(keepends=True):
            rest = line
            while column + len(rest.rstrip("\n")) > MAX_LINE:
                cut = MAX_LINE - column
                yield rest[:cut] + "\n"
                rest, column = rest[cut:], 0
            yield rest
            column = 0 if rest.endswith("\n") else column + len(rest)


def _looks_like_json(payload: Data) -> bool:
    if payload[:64].lstrip(b" \t\r\n")[:1] not in (b"{", b"["):
        return False
    if len(payload) > _JSON_CHECKED:
        return True
    try:
        return is_json(payload.decode())
    except UnicodeDecodeError:
        return False


def _joined(pieces: Iterator[str]) -> Iterator[str]:
    while piece := "".join(islice(pieces, 256)):
        yield piece
