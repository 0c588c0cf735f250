"""The values of `.env` files, which are secrets."""

from __future__ import annotations

from pathlib import Path

from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.env_file import MAX_FILE, parse_env
from spacebeam.exchange.importers.importer import ImportFault, ImportFileError
from spacebeam.profiles.collection import Variable


def env_values(files: CollectionFiles, path: Path) -> dict[str, str]:
    """Return the values of a file. Raises ImportFileError, OSError."""
    text = files.text(path)
    if len(text) > MAX_FILE:
        raise ImportFileError(ImportFault.FILE_TOO_LARGE)
    return parse_env(text)


def process_variables(files: CollectionFiles, path: Path) -> tuple[Variable, ...]:
    """Return the values of a file as `process.env.NAME`; none if it cannot be read."""
    try:
        values = env_values(files, path)
    except (OSError, ImportFileError):
        return ()
    return tuple(
        Variable(f"process.env.{name}", value, is_secret=True) for name, value in values.items()
    )
