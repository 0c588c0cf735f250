"""A folder of OpenCollection files, as the library has them: Bruno opens it."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.exchange.collections.exporters.exporter import CollectionSource, FileNames
from spacebeam.exchange.collections.exporters.placeholders import with_placeholders
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import NamedLosses
from spacebeam.exchange.opencollection.connection import connection_document, with_place
from spacebeam.exchange.opencollection.fields import Document
from spacebeam.exchange.opencollection.folder import folder_document
from spacebeam.exchange.opencollection.variables import environment_document
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.profiles.collection import Folder


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield the files of a folder. Secrets are never in them."""
    collection = with_placeholders(source.collection, losses, with_secrets=False)
    root = folder_document(collection.folder, is_collection=True)
    yield _piece("opencollection.yml", root)
    yield from _inside(collection.folder, "")
    names = FileNames()
    for one in collection.environments:
        file = names.name(one.name, ".yml", "environment")
        yield _piece(f"environments/{file}", environment_document(one))


def _inside(folder: Folder, path: str) -> Iterator[Piece]:
    names = FileNames()
    for taken in ("environments", "folder.yml", "opencollection.yml", "_folder.yaml"):
        names.name(taken)
    for place, inner in enumerate(folder.folders, 1):
        own = f"{path}{names.name(inner.name, default='folder')}/"
        yield _piece(f"{own}folder.yml", with_place(folder_document(inner), place))
        yield from _inside(inner, own)
    for place, one in enumerate(folder.connections, 1):
        file = names.name(one.name, ".yml")
        yield _piece(f"{path}{file}", with_place(connection_document(one), place))


def _piece(name: str, values: Document) -> Piece:
    return Piece(document(values).encode(), name)
