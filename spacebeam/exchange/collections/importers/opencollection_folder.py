"""OpenCollection: a folder of YAML files, a bundle in one file, or a single request of it.

The values are read as the library reads its own files; here is counted what that passes over.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.expressions import braces
from spacebeam.exchange.collections.importers.files import CollectionFiles, env_variables
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    is_enabled,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.values import (
    address_name,
    name,
    order,
    record,
    records,
    text,
)
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.opencollection.connection import read_connection
from spacebeam.exchange.opencollection.folder import read_bundle, read_folder
from spacebeam.exchange.opencollection.variables import read_environment
from spacebeam.profiles.collection import Collection, Environment, Folder, SavedConnection

_ROOTS = ("opencollection.yml", "opencollection.yaml")
_FOLDERS = ("folder.yml", "folder.yaml", "_folder.yaml")
_SUFFIXES = (".yml", ".yaml")
_SIGN_INS = frozenset(("", "inherit", "none", "basic", "digest", "bearer", "apikey"))


def is_root(document: Any) -> bool:
    """Whether a document is the root of a collection, or a bundle."""
    return "opencollection" in record(document)


def is_request(document: Any) -> bool:
    """Whether a document is a request or a folder."""
    return bool(text(record(record(document).get("info")).get("type")))


def is_folder(files: CollectionFiles) -> bool:
    """Whether a folder is a collection."""
    return _root_of(files.root) is not None


def _root_of(folder: Path) -> Path | None:
    return next((folder / one for one in _ROOTS if (folder / one).is_file()), None)


def read_root(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return a bundle, or the collection of the folder that a root is in."""
    document = record(files.own_document())
    if not records(document.get("items")):
        return read_in_folder(CollectionFiles(files.path.parent), losses)
    counter = _LossCounter(losses)
    counter.root(document)
    counter.items(document, 0)
    found = read_bundle(document)
    folder = without_empty_folders(_named(found.folder, files.name))
    environments = (replace(one, name=name(one.name, "Environment")) for one in found.environments)
    return Collection(folder, tuple(environments))


def read_single(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return a single request."""
    document = record(files.own_document())
    connection = _connection(document, files.name, _LossCounter(losses))
    return Collection(Folder(files.name, connections=(connection,) if connection else ()))


def read_in_folder(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collection of a folder."""
    return _OpenCollectionReader(files, losses).collection()


def _connection(
    document: dict[str, Any], default: str, counter: _LossCounter
) -> SavedConnection | None:
    """Return the connection of a request's file; None if it is none of WebSockets."""
    if not counter.request(document):
        return None
    found = read_connection(document)
    return replace(found, name=name(found.name, default))


def _named(folder: Folder, default: str) -> Folder:
    """Return a folder in which all have names of one line."""
    return replace(
        folder,
        name=name(folder.name, default),
        folders=tuple(_named(one, "Folder") for one in folder.folders),
        connections=tuple(
            replace(one, name=name(one.name, address_name(one.address)))
            for one in folder.connections
        ),
    )


def _environment(values: dict[str, Any], default: str) -> Environment:
    found = read_environment(values)
    return replace(found, name=name(found.name, default))


class _OpenCollectionReader:
    def __init__(self, files: CollectionFiles, losses: NamedLosses) -> None:
        self._files = files
        self._losses = losses
        self._counter = _LossCounter(losses)

    def collection(self) -> Collection:
        root = self._files.root
        path = _root_of(root)
        document = (self._document(path) if path else None) or {}
        self._counter.root(document)
        config = record(document.get("config"))
        found = [_environment(one, "Environment") for one in records(config.get("environments"))]
        if (root / "environments").is_dir():
            for one in self._files.listed(root / "environments")[0]:
                if one.suffix in _SUFFIXES and (values := self._document(one)) is not None:
                    self._counter.variables(values)
                    found.append(_environment(values, one.stem))
        folder = self._folder(root, document, root.name, 0)[1]
        variables = env_variables(self._files, root / ".env") + folder.variables
        return Collection(without_empty_folders(replace(folder, variables=variables)), tuple(found))

    def _document(self, path: Path) -> dict[str, Any] | None:
        """Return a file's mapping; count it as lost if it is broken."""
        try:
            return record(self._files.document(path))
        except (ImportFileError, OSError):
            self._losses.lose(Loss.FILES, path.relative_to(self._files.root).as_posix())
            return None

    def _folder(
        self, folder: Path, about: dict[str, Any], default: str, depth: int
    ) -> tuple[float, Folder]:
        """Return a folder and its number in the order."""
        paths, inner = self._files.listed(folder)
        connections: list[tuple[float, SavedConnection]] = []
        for path in paths:
            if path.suffix not in _SUFFIXES or path.name in (*_ROOTS, *_FOLDERS):
                continue
            document = self._document(path)
            if document and (connection := _connection(document, path.stem, self._counter)):
                connections.append((_seq(document), connection))
        folders: list[tuple[float, Folder]] = []
        for path in inner:
            if depth == 0 and path.name == "environments":
                continue
            if depth >= MAX_DEPTH:
                self._losses.lose(Loss.EXCESS)
                continue
            own = next((path / one for one in _FOLDERS if (path / one).is_file()), None)
            values = (self._document(own) if own else None) or {}
            folders.append(self._folder(path, values, path.name, depth + 1))
        self._counter.defaults(about)
        found = read_folder(about)
        return _seq(about), replace(
            found,
            name=name(found.name, default),
            folders=tuple(one for _seq, one in sorted(folders, key=_by_number)),
            connections=tuple(one for _seq, one in sorted(connections, key=_by_number)),
        )


class _LossCounter:
    """Counts what reading passes over."""

    def __init__(self, losses: NamedLosses) -> None:
        self._losses = losses

    def root(self, document: dict[str, Any]) -> None:
        """Count what the root says of the whole collection."""
        config = record(document.get("config"))
        if config.get("clientCertificates"):
            self._losses.lose(Loss.CERTIFICATES)
        if config.get("proxy"):
            self._losses.lose(Loss.SETTINGS, "proxy")
        for one in records(config.get("environments")):
            self.variables(one)
        others = record(document.get("extensions"))
        for key, values in others.items():
            if key.startswith("x-") and records(values):
                self._losses.lose(Loss.OTHER_REQUESTS, count=len(records(values)))

    def items(self, document: dict[str, Any], depth: int) -> None:
        """Count the requests of a bundle."""
        self.defaults(document)
        for one in records(document.get("items")):
            if text(record(one.get("info")).get("type")) != "folder":
                self.request(one)
            elif depth < MAX_DEPTH:
                self.items(one, depth + 1)

    def request(self, document: dict[str, Any]) -> bool:
        """Count what is lost of a request; return whether it is one of WebSockets."""
        if text(record(document.get("info")).get("type")) != "websocket":
            self._losses.lose(Loss.OTHER_REQUESTS)
            return False
        request, runtime = record(document.get("websocket")), record(document.get("runtime"))
        self._handshake(request)
        self._scripts(runtime)
        self.variables(runtime)
        braces(text(request.get("url")), self._losses)
        messages = request.get("message")
        for one in records(messages if isinstance(messages, list) else [{"message": messages}]):
            braces(text(record(one.get("message")).get("data")), self._losses)
        return True

    def defaults(self, document: dict[str, Any]) -> None:
        """Count what is lost of what holds for all in a folder."""
        request = record(document.get("request"))
        self._handshake(request)
        self._scripts(request)
        self.variables(request)

    def variables(self, document: dict[str, Any]) -> None:
        """Count secrets without a value, and expressions."""
        for one in records(document.get("variables")):
            if text(one.get("secret")) == "true":
                self._losses.lose(Loss.SECRET_VALUES, text(one.get("name")))
            braces(text(one.get("value")), self._losses)

    def _handshake(self, request: dict[str, Any]) -> None:
        for one in records(request.get("headers")):
            if not is_enabled(one):
                self._losses.lose(Loss.DISABLED)
            braces(text(one.get("value")), self._losses)
        auth = request.get("auth")
        kind = text(record(auth).get("type"))
        if kind not in _SIGN_INS:
            self._losses.lose(Loss.SIGN_INS, kind)

    def _scripts(self, values: dict[str, Any]) -> None:
        scripts = values.get("scripts")
        if count := len(scripts) if isinstance(scripts, list | dict) else 0:
            self._losses.lose(Loss.SCRIPTS, count=count)


def _seq(document: dict[str, Any]) -> float:
    return order(record(document.get("info")).get("seq"))


def _by_number(one: tuple[float, object]) -> float:
    return one[0]
