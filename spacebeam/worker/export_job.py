"""Exports the entries that the window sends."""

from __future__ import annotations

import errno
import os
from array import array
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spacebeam.exchange.exporters.exporter import ExportSource
from spacebeam.exchange.exporters.registry import FORMATS
from spacebeam.exchange.exporters.saving import save_file, save_folder
from spacebeam.exchange.losses import Losses
from spacebeam.recording.block import Block
from spacebeam.recording.codec import decode
from spacebeam.recording.entry import Mark
from spacebeam.wording.entries import escaped_words
from spacebeam.wording.i18n import _
from spacebeam.worker.frames import FrameKind, FrameReader


def run(reader: FrameReader) -> dict[str, Any]:
    """Write the file or folder; return its size and what was not carried over, or the error.

    An existing file is replaced when the new one is complete. Raises EOFError if the window
    cancelled; then nothing was saved.
    """
    told = reader.json()
    losses = Losses()
    chosen = FORMATS[told["format"]]
    pieces = chosen.export(_source(told), _entries(reader), losses)
    target = Path(told["target"])
    try:
        if chosen.is_folder:
            size = save_folder(target, pieces)
        else:
            size = save_file(target, pieces, is_replacing=True)
    except OSError as error:
        words = _("Could not write “{name}”: {reason}.")
        reason = os.strerror(error.errno or errno.EEXIST)
        return {"problem": words.format(name=target.name, reason=reason)}
    lost = {one.value: count for one, count in losses.items() if count}
    return {"problem": "", "size": size, "losses": lost}


def _source(told: dict[str, Any]) -> ExportSource:
    return ExportSource(
        escaped_words,
        told["length"],
        told["address"],
        told["title"],
        [(number, report) for number, report in told["handshakes"]],
        {number: Mark(is_starred, note) for number, is_starred, note in told["marks"]},
        told["has_control_frames"],
    )


def _entries(reader: FrameReader) -> Iterator[tuple[Block, Sequence[int]]]:
    block: Block | None = None
    while True:
        kind, data = reader.next()
        if kind is FrameKind.END:
            return
        if kind is FrameKind.ENTRIES:
            first = int.from_bytes(data[:8], "little")
            payload_kind, payload = reader.next()
            assert payload_kind is FrameKind.PAYLOAD
            block = decode(first, data[8:], payload)
        elif kind is FrameKind.PLACES and block is not None:
            yield block, array("I", data) if data else range(len(block))
