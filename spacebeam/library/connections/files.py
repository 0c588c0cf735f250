"""Reads and writes the files of an open folder, so that no other program's change is lost."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
from spacebeam.library.folder_lock import locked


class ChangedOnDiskError(Exception):
    """Another program changed the file since it was read; read it again, or ask."""

    def __init__(self, path: str) -> None:
        super().__init__(f"changed on disk: {path}")
        self.path = path


def read_bytes(path: Path | str) -> bytes:
    """Return a regular file's content. Raises OSError or YamlError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # it may be a pipe
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(0, "Not a regular file")
        if found.st_size > MAX_FILE:
            raise YamlError(YamlProblem.TOO_LARGE)
        pieces: list[bytes] = []
        while piece := os.read(descriptor, MAX_FILE + 1 if pieces else found.st_size + 1):
            pieces.append(piece)
            if sum(map(len, pieces)) > MAX_FILE:  # it grows
                raise YamlError(YamlProblem.TOO_LARGE)
        return b"".join(pieces)
    finally:
        os.close(descriptor)


def read_document(path: Path | str) -> Document:
    """Return the document in a file. Raises OSError or YamlError."""
    return parse(read_bytes(path))


def write_document(path: Path, document: Document) -> None:
    """Write a document: of a file that is there, only what differs. Raises OSError or YamlError.

    Use it in `writing`, and read the file there.
    """
    try:
        before = read_bytes(path)
    except FileNotFoundError:
        create_document(path, document)
        return
    mark = b"\xef\xbb\xbf" if before.startswith(b"\xef\xbb\xbf") else b""
    after = mark + edited(decoded(before), document).encode()
    if after != before:
        write_bytes(path, after, before)


def create_document(path: Path, document: Document) -> None:
    """Write a document to a new file. Raises FileExistsError if there is one by now, or OSError."""
    with _temporary(path, written(document).encode()) as temporary:
        try:
            os.link(temporary, path)  # unlike a rename, it replaces no file
        except FileExistsError:
            raise
        except OSError:  # the file system has no links
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
            os.replace(temporary, path)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Lock a folder for a change. Raises BlockingIOError if another program has it for long."""
    with locked(root) as is_locked:
        if not is_locked:
            raise BlockingIOError(errno.EAGAIN, "Another program is changing this folder")
        yield


def write_bytes(path: Path, data: bytes, before: bytes | None = None) -> None:
    """Replace a file at once, or leave it as it is. Raises OSError.

    `before` is what it must still have; else this raises ChangedOnDiskError.
    """
    target = Path(os.path.realpath(path))
    with _temporary(target, data) as temporary:
        if before is not None and read_bytes(target) != before:
            raise ChangedOnDiskError(path.name)
        os.replace(temporary, target)


@contextmanager
def _temporary(target: Path, data: bytes) -> Iterator[str]:
    """Give a file beside the target that has the data; it is removed in the end."""
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, _mode(target))
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        yield temporary
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def _mode(target: Path) -> int:
    with suppress(FileNotFoundError):
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
