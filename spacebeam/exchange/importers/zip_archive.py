"""Reads Playwright's zips: of a HAR (`har.har`), and of a trace (`trace.network`).

Beside it is a file with the messages of each WebSocket. A name in the HAR is looked up among the
archive's own names; nothing is unpacked to a path.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import IO, BinaryIO, TypeVar

from spacebeam.exchange.importers import har_file
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError, Item
from spacebeam.exchange.losses import Losses

_HAR = "har.har"
_NETWORK = "trace.network"
_RESOURCES = "resources/"  # where a trace has its files
_DIRECTORY_END = b"PK\x05\x06"
_DIRECTORY_END_SIZE = 22  # bytes, without the comment
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_SIZE = 20  # bytes
_MAX_COMMENT = 0xFFFF  # bytes
_MAX_DIRECTORY = 16 * 2**20  # bytes; zipfile holds the whole directory in memory
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)

_T = TypeVar("_T")


def read(file: BinaryIO, losses: Losses) -> Iterator[Item]:
    """Yield the conversations of the archive's HAR. Raises ImportFileError."""
    _check_directory(file)
    archive = _checked(partial(zipfile.ZipFile, file))
    with archive:
        attached = partial(_open, archive)
        if (har := attached(_HAR)) is not None:
            yield from har_file.read(har, losses, attached)
        elif (network := attached(_NETWORK)) is not None:
            yield from har_file.read_trace(network, losses, attached)
        else:
            raise ImportFileError(ImportFault.UNKNOWN_FORMAT)


def _open(archive: zipfile.ZipFile, name: str) -> BinaryIO | None:
    """Return the file of this plain name in the archive; None if there is none."""
    if "/" in name.removeprefix(_RESOURCES) or "\\" in name:
        return None
    try:
        return _Member(_checked(partial(archive.open, name)))
    except KeyError:
        return None


class _Member(io.BytesIO):
    """A file of the archive. Reading raises ImportFileError if it is damaged."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file
        self._total = 0  # bytes read so far

    def read(self, size: int | None = -1, /) -> bytes:
        return self._counted(partial(self._file.read, -1 if size is None else size))

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._counted(partial(self._file.readline, -1 if size is None else size))

    def _counted(self, read: Callable[[], bytes]) -> bytes:
        data = _checked(read, self._total)
        self._total += len(data)
        return data


def _checked(do: Callable[[], _T], offset: int = 0) -> _T:
    try:
        return do()
    except _BROKEN:
        raise ImportFileError(ImportFault.NOT_ZIP, offset=offset) from None


def _check_directory(file: BinaryIO) -> None:
    """Raise ImportFileError if the archive's directory is not there, or too large to hold.

    ZIP64 is for archives of more than 4 GiB or 65,535 files.
    """
    size = file.seek(0, 2)
    start = max(size - _DIRECTORY_END_SIZE - _MAX_COMMENT - _ZIP64_LOCATOR_SIZE, 0)
    file.seek(start)
    tail = file.read(size - start)
    file.seek(0)
    at = tail.rfind(_DIRECTORY_END)
    if at < 0 or at + _DIRECTORY_END_SIZE > len(tail):
        raise ImportFileError(ImportFault.CUT_OFF, offset=size)
    is_zip64 = tail[max(at - _ZIP64_LOCATOR_SIZE, 0) :].startswith(_ZIP64_LOCATOR)
    if is_zip64 or int.from_bytes(tail[at + 12 : at + 16], "little") > _MAX_DIRECTORY:
        raise ImportFileError(ImportFault.TOO_LARGE, offset=start + at)
