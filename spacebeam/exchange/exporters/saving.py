"""Saves an export: under another name until it is complete, so no file is ever half an export."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.exporters.payload_folder import INDEX

_PREFIX = ".spacebeam-export-"


def save_file(path: Path, pieces: Iterator[Piece], *, is_replacing: bool = False) -> int:
    """Write a new file; return its size in bytes. Raises OSError, FileExistsError if it exists.

    With `is_replacing`, an existing file is replaced. A pipe or device is written at once.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("wb", buffering=0) as stream:
            return write(stream, pieces)
    if not is_replacing:
        _check_new(path)
    descriptor, name = tempfile.mkstemp(prefix=_PREFIX, dir=path.parent)
    try:
        with open(descriptor, "wb", buffering=0) as stream:
            size = write(stream, pieces)
        os.rename(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return size


def save_folder(path: Path, pieces: Iterator[Piece]) -> int:
    """Write a new folder; return the bytes of its files. Raises OSError as `save_file` does."""
    _check_new(path)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=path.parent))
    try:
        size = 0
        with ExitStack() as stack:
            index: BinaryIO | None = None
            for piece in pieces:
                target = folder / piece.name
                if piece.name == INDEX:
                    index = index or stack.enter_context(target.open("wb", buffering=0))
                    index.write(piece.data)
                else:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(piece.data)
                size += len(piece.data)
        folder.rename(path)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return size


def write(stream: BinaryIO, pieces: Iterator[Piece]) -> int:
    """Write all pieces; return their size in bytes. Raises OSError."""
    size = 0
    for piece in pieces:
        left = memoryview(piece.data)
        while left:
            left = left[stream.write(left) :]
        size += len(piece.data)
    return size


def _check_new(path: Path) -> None:
    if os.path.lexists(path):
        raise FileExistsError(path)
