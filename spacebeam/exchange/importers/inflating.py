"""Reads a zlib or gzip file piece by piece, so a small file cannot fill the memory."""

from __future__ import annotations

import io
import zlib
from typing import BinaryIO

from spacebeam.exchange.importers.importer import ImportFault, ImportFileError

GZIP = b"\x1f\x8b"
_CHUNK = 64 * 1024  # bytes
_ANY_HEADER = zlib.MAX_WBITS | 32  # of zlib or gzip


def inflated(file: BinaryIO) -> BinaryIO:
    """Return the inflated bytes of a file. Reading raises ImportFileError if it is broken."""
    return io.BufferedReader(_Inflating(file), _CHUNK)


class _Inflating(io.RawIOBase):
    """What is inflated; parts of gzip follow each other, as `cat a.gz b.gz` writes them."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._inflater = zlib.decompressobj(_ANY_HEADER)
        self._left = b""  # of the file, not inflated yet
        self._total = 0  # bytes inflated so far

    def readable(self) -> bool:
        """Return whether it can be read."""
        return True

    def tell(self) -> int:
        """Return the offset in the inflated bytes."""
        return self._total

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fill the buffer from its beginning; return how many bytes it has now, 0 at the end."""
        while True:
            if self._inflater.eof and not self._begin_next():
                return 0
            data = self._left or self._file.read(_CHUNK)
            if not data:
                raise ImportFileError(ImportFault.CUT_OFF, offset=self._total)
            try:
                found = self._inflater.decompress(data, len(buffer))
            except zlib.error:
                raise ImportFileError(ImportFault.NOT_ZLIB, offset=self._total) from None
            self._left = self._inflater.unconsumed_tail or self._inflater.unused_data
            if found:
                self._total += len(found)
                buffer[: len(found)] = found
                return len(found)

    def _begin_next(self) -> bool:
        """Begin with the next part; return whether there is one."""
        self._left = (self._left or self._file.read(_CHUNK)).lstrip(b"\0")  # padding
        if not self._left.startswith(GZIP):
            return False
        self._inflater = zlib.decompressobj(_ANY_HEADER)
        return True
