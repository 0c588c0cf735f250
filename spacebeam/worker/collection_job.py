"""Imports another program's saved connections; they are added where the person then chooses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.registry import ImportedCollection, read
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.adding import add_collection, secrets_in
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.protocol.secrets import saved_address
from spacebeam.wording.exchange import import_fault_words
from spacebeam.wording.i18n import _
from spacebeam.worker.frames import FrameReader

_MAX_SHOWN = 1000  # connections that are told one by one


def run(path: Path, *, reader: FrameReader, tell: Callable[[dict[str, Any]], None]) -> None:
    """Tell what a collection has, and add it to the folder that the window then names.

    Raises EOFError if the person cancels.
    """
    problem = ""
    try:
        found = read(path)
    except ImportFileError as error:
        problem = import_fault_words(error.fault, line=error.line, offset=error.offset)
    except OSError as error:
        problem = _unreadable(error)
    if problem:
        tell({"found": [], "losses": {}, "problem": problem})
        reader.json()
        tell({"taken": []})
        return
    tell(_told(found))
    into = reader.json()
    tell(_added(found, Path(into["root"]), into["parent"]))


def _told(found: ImportedCollection) -> dict[str, Any]:
    """Return what a collection has, without secrets."""
    if secrets := secrets_in(found.collection):
        found.losses.lose(Loss.UNSAVED_SECRETS, count=secrets)
    every = list(found.collection.folder.walk(found.collection.name))
    return {
        "format": found.format,
        "name": found.collection.name,
        "connections": [
            [one.name, " / ".join(folders), saved_address(one.address), len(one.messages)]
            for folders, one in every[:_MAX_SHOWN]
        ],
        "count": len(every),
        "environments": [one.name for one in found.collection.environments],
        "losses": {one.value: count for one, count in found.losses.items() if count},
        "found": [],
        "problem": "",
    }


def _added(found: ImportedCollection, root: Path, parent: str) -> dict[str, Any]:
    try:
        folder = OpenFolder(root, may_be_missing=True)
        added = add_collection(found.collection, folder, parent)
    except (OSError, YamlError, ChangedOnDiskError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        words = _("The connections could not be written: {reason}.").format(reason=reason)
        return {"folder": None, "problem": words}
    path = None if added.folder is None else str(root / added.folder)
    return {"folder": path, "problem": ""}


def _unreadable(error: OSError) -> str:
    words = _("Could not read the file: {reason}.")
    return words.format(reason=os.strerror(error.errno or errno.EIO))
