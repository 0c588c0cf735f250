"""Recordings in memory, exported by each format."""

from __future__ import annotations

from collections.abc import Callable

from spacebeam.exchange.exporters.exporter import ExportSource, Piece
from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.exchange.losses import Loss, Losses
from spacebeam.net.report import HandshakeReport, HttpExchange
from spacebeam.net.report_json import to_json
from spacebeam.protocol.batch import Batch, Kind
from spacebeam.recording.recording import Recording

BEGAN = 1_700_000_000.25


def exported(
    name: str,
    *batches: Batch,
    also: Callable[[Recording], object] = lambda _recording: None,
    has_control_frames: bool = False,
) -> tuple[list[Piece], dict[str, int]]:
    """Return the pieces of an export and what was not carried over."""
    recording = Recording()
    for batch in batches:
        recording.append(batch)
    also(recording)
    source = ExportSource(
        _words,
        len(recording),
        str(recording.facts.get("address", "")),
        str(recording.facts.get("title", "")),
        recording.handshakes,
        recording.marks,
        has_control_frames,
    )
    losses: Losses = Losses()
    found = ((block, range(len(block))) for block in recording.blocks())
    pieces = list(FORMATS[name].export(source, found, losses))
    return pieces, {loss.value: count for loss, count in losses.items() if count}


def connected_at(url: str, request: str, *places: int) -> Callable[[Recording], None]:
    """Return what gives a recording its address, and a handshake before these entries.

    Each entry is a second after the one before it.
    """
    exchange = HttpExchange(url, request, "HTTP/1.1 101 Switching Protocols\nA: b", 101)

    def say(recording: Recording) -> None:
        recording.facts["address"] = url
        for place in places:
            report = HandshakeReport(url, (exchange,), began=BEGAN + place)
            recording.handshakes.append((place, to_json(report)))

    return say


def _words(kind: Kind, payload: bytes) -> str:
    return f"{kind.name} {payload.decode(errors='replace')}"


def text(pieces: list[Piece]) -> str:
    """Return the exported file."""
    return b"".join(piece.data for piece in pieces).decode()


ALL_LOSSES = {loss.value for loss in Loss}
