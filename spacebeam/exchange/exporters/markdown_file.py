"""Exports Markdown, to be pasted into an issue or a wiki: a heading and a block for each entry."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacebeam.decode.visible import lines, one_line
from spacebeam.exchange.exporters.exporter import (
    ExportedEntry,
    ExportSource,
    Found,
    Piece,
    exported,
    wire_forms,
)
from spacebeam.exchange.exporters.text_file import clock
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.secrets import without_secrets
from spacebeam.recording.entry import Mark

_ARROWS = {Direction.NONE: "•", Direction.SENT: "→", Direction.RECEIVED: "←"}
_TICKS = re.compile(r"`+")
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-.!|~&@:/])")
_HEX_LINE = 48  # bytes


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the title, then the entries of one block after another."""
    losses[Loss.HANDSHAKES] += len(source.handshakes)
    address = without_secrets(source.address)
    title = source.title or address
    head = f"# {_plain(title)}\n\n" if title else ""
    if source.title and address:
        head += f"{_code(address)}\n\n"
    yield Piece(head.encode(errors="replace"))
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        parts = [
            _entry(source, entry, source.marks.get(entry.number - 1), losses)
            for entry in exported(block, places)
        ]
        yield Piece("".join(parts).encode(errors="replace"))


def _entry(source: ExportSource, entry: ExportedEntry, mark: Mark | None, losses: Losses) -> str:
    star = " ★" if mark is not None and mark.is_starred else ""
    about = f"**{entry.number}** {clock(entry.time)} {_ARROWS[entry.direction]} "
    about += f"{entry.kind.name.lower()}, {len(entry.payload):,} B{star}\n\n"
    if mark is not None and mark.note:
        about += f"{_plain(mark.note)}\n\n"
    if entry.kind not in (Kind.TEXT, Kind.BINARY):
        words = source.words(entry.kind, entry.payload)
        return f"{about}{_code(words)}\n\n" if words else about
    return about + _block(_shown(entry, losses))


def _shown(entry: ExportedEntry, losses: Losses) -> str:
    payload = entry.payload
    if entry.kind is Kind.BINARY:
        starts = range(0, len(payload), _HEX_LINE)
        return "\n".join(payload[at : at + _HEX_LINE].hex(" ") for at in starts)
    text = payload.decode(errors="replace")
    if "\ufffd" in text and text.encode() != payload:
        losses[Loss.INVALID_TEXTS] += 1
    return lines(text)


def _block(text: str) -> str:
    """Return a code block; its fence is longer than any in the text."""
    fence = "`" * max(3, _longest(text) + 1)
    return f"{fence}\n{text}\n{fence}\n\n"


def _code(text: str) -> str:
    """Return a text on one line as code."""
    ticks = "`" * (_longest(text) + 1)
    return f"{ticks} {one_line(text)} {ticks}"


def _longest(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _plain(text: str) -> str:
    """Return a text on one line without any markup."""
    return _SPECIAL.sub(r"\\\1", one_line(text))
