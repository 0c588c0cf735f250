"""Adds the connections of other programs' files to a folder of saved connections."""

from __future__ import annotations

from pathlib import Path

from spacebeam.cli.import_result import ImportedConnection, ImportResult
from spacebeam.cli.status import Status
from spacebeam.exchange.collections.importers.registry import ImportedCollection, read
from spacebeam.exchange.losses import Loss
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.adding import add_collection, folder_to_add_to, secrets_in
from spacebeam.library.connections.files import ChangedOnDiskError
from spacebeam.library.connections.library import ConnectionLibrary
from spacebeam.protocol.secrets import saved_address


def import_connections(
    result: ImportResult, into: str | None, *, other_side: bool, is_dry_run: bool
) -> None:
    """Import a file or folder of connections. Raises ImportFileError, and OSError in reading."""
    found = read(Path(result.file), other_side=other_side)
    result.format = found.format
    result.losses = found.losses
    if secrets := secrets_in(found.collection):
        found.losses.lose(Loss.UNSAVED_SECRETS, count=secrets)
    result.connections = [
        ImportedConnection(
            one.name, "/".join(folders), saved_address(one.address), len(one.messages)
        )
        for folders, one in found.collection.folder.walk(found.collection.name)
    ]
    if not result.connections and not found.collection.environments:
        result.fail(Status.NO_MATCH, "It has no WebSocket.", fault="no-websocket")
    elif is_dry_run:
        result.environments = [one.name for one in found.collection.environments]
    else:
        _add(result, found, into)


def _add(result: ImportResult, found: ImportedCollection, into: str | None) -> None:
    try:
        if into is None:
            opened, parent = ConnectionLibrary().folders[0], ""
        else:
            opened, parent = folder_to_add_to(Path(into))
        added = add_collection(found.collection, opened, parent)
    except (OSError, YamlError, ChangedOnDiskError) as error:
        result.connections = []
        reason = error.strerror if isinstance(error, OSError) else str(error)
        result.fail(Status.UNWRITABLE, f"Could not write the connections: {reason}.")
        return
    result.environments = list(added.environments)
    result.folder = None if added.folder is None else str(opened.root / added.folder)
