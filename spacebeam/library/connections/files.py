"""Reads and writes the files of an open folder, so that no other program's change is lost."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from spacebeam.exchange.opencollection.fields import Document
from spacebeam.exchange.opencollection.yaml_editing import edited
from spacebeam.exchange.opencollection.yaml_reading import (
    MAX_FILE,
    YamlError,
    YamlProblem,
    decoded,
    parse,
)
from spacebeam.exchange.opencollection.yaml_writing import document as written


class ChangedOnDiskError(Exception):
    """Another program changed the file since it was read; read it again, or ask."""

    def __init__(self, path: str) -> None:
        super().__init__(f"changed on disk: {path}")
        self.path = path


def read_bytes(path: Path) -> bytes:
    """Return a regular file's content. Raises OSError or YamlError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # it may be a pipe
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "Not a regular file")
        if found.st_size > MAX_FILE:
            raise YamlError(YamlProblem.TOO_LARGE)
        return file.read(MAX_FILE + 1)


def read_document(path: Path) -> Document:
    """Return the document in a file. Raises OSError or YamlError."""
    return parse(read_bytes(path))


def write_document(path: Path, document: Document) -> None:
    """Write a document: of a file that is there, only what differs. Raises OSError or YamlError.

    Use it in `folder_lock.locked`, and read the file there.
    """
    try:
        before = read_bytes(path)
    except FileNotFoundError:
        write_bytes(path, written(document).encode())
        return
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    after = mark + edited(decoded(before), document).encode()
    if after != before:
        write_bytes(path, after, before)


def write_bytes(path: Path, data: bytes, before: bytes | None = None) -> None:
    """Replace a file at once, or leave it as it is. Raises OSError.

    `before` is what it must still have; else this raises ChangedOnDiskError.
    """
    target = Path(os.path.realpath(path))
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _mode(target))
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if before is not None and read_bytes(target) != before:
            raise ChangedOnDiskError(path.name)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _mode(target: Path) -> int:
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
