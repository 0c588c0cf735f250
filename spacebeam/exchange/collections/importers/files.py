"""The files of one import: a stranger's, so their number, sizes and places are bounded."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import msgspec

from spacebeam.exchange.env_file import parse_env
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.profiles.collection import Variable

MAX_FILE = 32 * 2**20  # bytes
MAX_TOTAL = 128 * 2**20  # bytes of all files
MAX_FILES = 50_000  # and folders
_IGNORED = frozenset((".git", "node_modules", ".venv", "__pycache__"))


class CollectionFiles:
    """A file, or a folder with its files. Nothing outside the folder is read.

    Beside a single file, the files of its folder can be read: its environments and messages.
    """

    def __init__(self, path: Path, *, other_side: bool = False) -> None:
        self.path = path
        self.other_side = other_side  # of an API's description, which may be a client's
        self.is_folder = path.is_dir()
        self.root = (path if self.is_folder else path.parent).resolve()
        self._left = MAX_TOTAL
        self._entries_left = MAX_FILES
        self._document: Any = None
        self._text: str | None = None

    @property
    def name(self) -> str:
        """The name of the folder, or of the file without its suffix."""
        return self.root.name if self.is_folder else self.path.name.partition(".")[0]

    def data(self, path: Path) -> bytes:
        """Return a file's bytes. Raises ImportFileError, OSError."""
        real = path.resolve()
        if real != self.path.resolve() and not real.is_relative_to(self.root):
            raise FileNotFoundError(path)
        # Opening a pipe would wait for its writer.
        descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            if not real.is_file():
                raise FileNotFoundError(path)
            content = file.read(min(MAX_FILE, self._left) + 1)
        self._left -= len(content)
        if len(content) > MAX_FILE or self._left < 0:
            raise ImportFileError(ImportFault.FILE_TOO_LARGE)
        return content

    def text(self, path: Path) -> str:
        """Return a file's text without a byte order mark. Raises ImportFileError, OSError."""
        return self.data(path).decode("utf-8-sig", errors="replace")

    def own_text(self) -> str:
        """Return the text of the file that is imported. Raises ImportFileError, OSError."""
        if self._text is None:
            self._text = self.text(self.path)
        return self._text

    def own_document(self) -> Any:
        """Return the value of the file that is imported, JSON or YAML, as `document` does."""
        if self._document is None:
            self._document = parsed(self.own_text())
        return self._document

    def document(self, path: Path) -> Any:
        """Return the value of a JSON or YAML file. Raises ImportFileError, OSError."""
        return parsed(self.text(path))

    def listed(self, folder: Path) -> tuple[list[Path], list[Path]]:
        """Return the files and the folders in a folder, ordered by name; links are left out.

        Raises ImportFileError, OSError.
        """
        files: list[Path] = []
        folders: list[Path] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                self._entries_left -= 1
                if self._entries_left < 0:
                    raise ImportFileError(ImportFault.TOO_MANY_FILES)
                if entry.is_file(follow_symlinks=False):
                    files.append(Path(entry.path))
                elif entry.is_dir(follow_symlinks=False) and entry.name not in _IGNORED:
                    folders.append(Path(entry.path))
        return sorted(files), sorted(folders)


def env_variables(files: CollectionFiles, path: Path) -> tuple[Variable, ...]:
    """Return the variables of a `.env` file as `process.env.NAME`; none if it cannot be read."""
    try:
        text = files.text(path)
    except (OSError, ImportFileError):
        return ()
    return tuple(
        Variable(f"process.env.{name}", value, is_secret=True)
        for name, value in parse_env(text).items()
    )


def is_json(text: str) -> bool:
    """Whether a text begins as a JSON object or array."""
    return text.lstrip()[:1] in ("{", "[")


def parsed(text: str) -> Any:
    """Return the value of a text in JSON or YAML. Raises ImportFileError."""
    if not is_json(text):
        # Only collections need YAML, and its library is slow to import.
        from spacebeam.exchange.collections.importers.yaml_text import parsed_yaml

        return parsed_yaml(text)
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise ImportFileError(ImportFault.TOO_DEEP) from None
    except ValueError:
        return _leniently_parsed(text)


def _leniently_parsed(text: str) -> Any:
    """Return the value of JSON that may have half a surrogate pair. Raises ImportFileError."""
    try:
        return json.loads(text)
    except RecursionError:
        raise ImportFileError(ImportFault.TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise ImportFileError(ImportFault.NOT_JSON, line=error.lineno) from None
    except ValueError:  # a number of thousands of digits
        raise ImportFileError(ImportFault.NOT_JSON, line=1) from None
