"""Reads and writes a scenario's file, keeping how it marks its beginning and its line ends."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from spacebeam.ui.long_lines import SOFT_BREAK
from spacebeam.wording.i18n import _

MAX_SIZE = 1024 * 1024  # bytes; a longer text is nothing that a person edits


class TextFileError(Exception):
    """A file cannot be edited; its text says why."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text, with lines that end in LF, and how it is in its file."""

    text: str
    has_mark: bool = False  # a byte order mark at its beginning
    has_crlf: bool = False


def read_text_file(path: Path) -> TextFile:
    """Read a file. Raises TextFileError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise TextFileError(f"{error.strerror}.") from None
    if len(data) > MAX_SIZE:
        raise TextFileError(_("It is larger than 1 MiB."))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise TextFileError(_("It is not UTF-8.")) from None
    if "\0" in text or SOFT_BREAK in text:
        raise TextFileError(_("It has a character that a text field cannot hold."))
    has_mark = text.startswith("\ufeff")
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return TextFile(lines, has_mark, "\r\n" in text)


def write_text_file(path: Path, file: TextFile) -> None:
    """Write a file, whole or not at all; it keeps its permissions. Raises TextFileError."""
    target = Path(os.path.realpath(path))  # a link stays one
    text = file.text.replace("\n", "\r\n") if file.has_crlf else file.text
    data = ("\ufeff" * file.has_mark + text).encode(errors="replace")
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        with os.fdopen(descriptor, "wb") as part:
            part.write(data)
            part.flush()
            os.fsync(part.fileno())
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise TextFileError(f"{error.strerror}.") from None


def _umask() -> int:
    with suppress(OSError, StopIteration, ValueError):  # os.umask would change it for a moment
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        line = next(one for one in status.splitlines() if one.startswith("Umask:"))
        return int(line.split()[1], 8)
    return 0o077
