"""Makes files of other programs, and imports them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.registry import ImportedCollection, read
from spacebeam.profiles.collection import SavedConnection


def imported(folder: Path, files: dict[str, Any], name: str = "") -> ImportedCollection:
    """Import a folder of these files, or the one of them that is named.

    A value that is no text becomes JSON.
    """
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        target.write_text(text, encoding="utf-8")
    return read(folder / name)


def connections(found: ImportedCollection) -> list[SavedConnection]:
    """Return all connections."""
    return [one for _folders, one in found.collection.folder.walk()]


def only(found: ImportedCollection) -> SavedConnection:
    """Return the only connection."""
    (one,) = connections(found)
    return one


def losses(found: ImportedCollection) -> dict[str, int]:
    """Return the counts of what was not carried over."""
    return {loss.value: count for loss, count in found.losses.items()}
