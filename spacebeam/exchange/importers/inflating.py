"""Reads a zlib file piece by piece, so a small file cannot fill the memory."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from spacebeam.exchange.importers.importer import ImportFault, ImportFileError

_CHUNK = 64 * 1024  # bytes


class Inflating(io.BytesIO):
    """The inflated bytes of a file. `read` raises ImportFileError if it is broken."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._inflater = zlib.decompressobj()
        self._total = 0  # bytes read so far

    def read(self, size: int | None = -1, /) -> bytes:
        """Return up to `size` bytes; none at the end, or where the file is cut off."""
        assert size is not None
        while not self._inflater.eof:
            data = self._inflater.unconsumed_tail or self._file.read(_CHUNK)
            if not data:
                return b""
            try:
                found = self._inflater.decompress(data, size)
            except zlib.error:
                raise ImportFileError(ImportFault.NOT_ZLIB, offset=self._total) from None
            self._total += len(found)
            if found:
                return found
        return b""
