"""Exports saved connections, or those of another program's file, in a format of other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from spacebeam.cli.export_output import write_to_output
from spacebeam.cli.messages import print_error, print_note, print_text
from spacebeam.cli.options.named import file_words, library_of, the_one
from spacebeam.cli.options.saved import named_environment
from spacebeam.cli.status import Status
from spacebeam.cli.terminal import colored_json
from spacebeam.decode.visible import one_line
from spacebeam.exchange.collections.exporters.exporter import (
    CollectionExportFormat,
    CollectionSource,
)
from spacebeam.exchange.collections.importers.registry import read
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.exporters.saving import save_file, save_folder
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import NamedLosses
from spacebeam.exchange.opencollection.yaml_reading import YamlError
from spacebeam.library.connections.library import ConnectionLibrary
from spacebeam.library.connections.nodes import NodeKind, folded
from spacebeam.library.connections.open_folder import OpenFolder
from spacebeam.library.connections.taking import collection_of
from spacebeam.profiles.collection import Collection
from spacebeam.wording.exchange import import_fault_words, not_carried_words

STANDARD_OUTPUT = "-"


@dataclass(frozen=True, slots=True)
class ConnectionExport:
    """What is to be exported, and how."""

    name: str  # of a connection or folder of the library, or a path
    target: str
    format: CollectionExportFormat
    environment: str
    library: tuple[str, ...]
    with_secrets: bool
    as_json: bool


def export_connections(wanted: ConnectionExport) -> Status:
    """Export connections; print errors and what was not carried over. Raise UsageError."""
    losses = NamedLosses()
    try:
        collection = _collection(wanted, losses)
    except ImportFileError as error:
        words = import_fault_words(error.fault, line=error.line, offset=error.offset)
        print_error(f"{one_line(wanted.name)}: {words}")
        return Status.UNREADABLE
    except (OSError, YamlError) as error:
        print_error(file_words(wanted.name, error))
        return Status.UNREADABLE
    connections = sum(1 for _one in collection.folder.walk())
    if not connections:
        print_error(f"{one_line(wanted.name)}: It has no WebSocket.")
        return Status.NO_MATCH
    if wanted.format.is_for_one and connections > 1:
        raise click.UsageError(
            f"A file of the format {wanted.format.name} makes one connection, and "
            f"“{one_line(wanted.name)}” has {connections}. Name one of them."
        )
    environment = _environment(wanted.environment, collection)
    source = CollectionSource(collection, wanted.with_secrets, environment)
    size = _save(wanted, wanted.format.export(source, losses))
    if size is None:
        return Status.UNWRITABLE
    _report(wanted, connections, size, losses)
    return Status.DONE


def _library(given: tuple[str, ...]) -> ConnectionLibrary:
    library = library_of({"library": given})
    library.load(checked=False)
    return library


def _collection(wanted: ConnectionExport, losses: NamedLosses) -> Collection:
    path = Path(wanted.name).expanduser()
    if path.exists():
        found = read(path)
        losses.update(found.losses)
        losses.names.update(found.losses.names)
        return found.collection
    library = _library(wanted.library)
    if not library.named(wanted.name):
        folders = _folders(library, wanted.name)
        if len(folders) > 1:
            raise click.UsageError(
                f"“{one_line(wanted.name)}” names {len(folders)} folders. Write the names of the "
                "folders that it is in, too, with slashes."
            )
        if folders:
            return collection_of(*folders[0])
    one = the_one(library, wanted.name)
    return collection_of(one.folder, one.node.path)


def _folders(library: ConnectionLibrary, name: str) -> list[tuple[OpenFolder, str]]:
    """Return the folders of a name, or of some names with slashes."""
    wanted = folded(name.strip("/"))
    found = []
    for folder in library.folders:
        for node in folder.nodes():
            if node.kind is not NodeKind.FOLDER:
                continue
            above = [one.name for one in folder.folders_of(node.path)[1:]] if node.path else []
            if wanted in ("/".join(map(folded, (*above, node.name))), folded(node.name)):
                found.append((folder, node.path))
    return found


def _environment(name: str, collection: Collection) -> str:
    """Return the name as the collection has it. Raise BadParameter if there is none."""
    names = [one.name for one in collection.environments]
    found = named_environment(name, names)
    if name and found not in names:
        known = f" There are {', '.join(map(one_line, names))}." if names else ""
        raise click.BadParameter(
            f"There is no environment “{one_line(name)}”.{known}", param_hint="--env"
        )
    return found


def _save(wanted: ConnectionExport, pieces: Iterator[Piece]) -> int | None:
    """Write the export; print an error and return None if that fails."""
    try:
        if wanted.target == STANDARD_OUTPUT:
            return write_to_output(pieces)
        save = save_folder if wanted.format.is_folder else save_file
        return save(Path(wanted.target), pieces)
    except FileExistsError:
        print_error(
            f"The file {wanted.target} already exists and is not overwritten. "
            "Choose another name, or remove the file first."
        )
    except BrokenPipeError:  # a reader that has seen enough is no error
        return 0
    except OSError as error:
        print_error(f"Could not write {wanted.target}: {error.strerror}.")
    return None


def _report(wanted: ConnectionExport, connections: int, size: int, losses: NamedLosses) -> None:
    lost = {loss.value: count for loss, count in losses.items() if count}
    names = {loss.value: list(one) for loss, one in losses.names.items() if one}
    if wanted.as_json:
        told = {
            "file": wanted.target,
            "format": wanted.format.name,
            "connections": connections,
            "bytes": size,
            "not_carried": lost,
            "not_carried_names": names,
        }
        # DEL is the one control character that JSON does not escape.
        print_text(colored_json(json.dumps(told).replace("\x7f", "\\u007f") + "\n"))
    elif words := not_carried_words(lost, names):
        print_note(one_line(words))
