"""Exports JSON Lines, as `spacebeam list --json` prints them."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.exchange.exporters.exporter import ExportSource, Found, Piece, wire_forms
from spacebeam.exchange.json_lines import block_lines
from spacebeam.exchange.losses import Loss, Losses


def export(source: ExportSource, found: Found, losses: Losses) -> Iterator[Piece]:
    """Yield the lines of one block after another."""
    losses[Loss.HANDSHAKES] += len(source.handshakes)
    for block, places in found:
        losses[Loss.WIRE_FORMS] += wire_forms(block, places)
        yield Piece(block_lines(block, places, source.marks).encode())
