"""Writes an export to standard output: as it is, or as a terminal may show it."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator

from spacebeam.cli.output import open_descriptor
from spacebeam.decode.visible import lines
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.exporters.saving import write


def write_to_output(pieces: Iterator[Piece]) -> int:
    """Write all pieces; return their size in bytes. Raises OSError.

    A terminal gets a picture for each control character, so that a peer cannot control it.
    """
    descriptor = open_descriptor()
    if os.isatty(descriptor):
        pieces = _shown(pieces)
    with open(descriptor, "wb", buffering=0, closefd=False) as stream:
        return write(stream, pieces)


def _shown(pieces: Iterator[Piece]) -> Iterator[Piece]:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    waiting = ""  # a carriage return, perhaps of a line's end
    for piece in pieces:
        text = (waiting + decoder.decode(piece.data)).replace("\r\n", "\n")
        waiting = "\r" if text.endswith("\r") else ""
        yield Piece(lines(text.removesuffix(waiting)).encode())
    yield Piece(lines(waiting + decoder.decode(b"", final=True)).encode())
