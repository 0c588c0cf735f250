"""Postman's collections as folders of YAML files, format 3, and single files of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from spacebeam.exchange.collections.importers.expressions import braces
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    CollectionReader,
    is_websocket,
    joined,
    parameter_names,
    websocket_address,
    with_path_parameters,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.postman_messages import PostmanMessages
from spacebeam.exchange.collections.importers.profile_maker import ProfileMaker
from spacebeam.exchange.collections.importers.socket_io import address_of, is_spoken, opening
from spacebeam.exchange.collections.importers.values import (
    description,
    flag,
    name,
    number,
    order,
    record,
    records,
    text,
)
from spacebeam.exchange.importers.importer import ImportFileError
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    SavedConnection,
    Variable,
)
from spacebeam.profiles.profile import MIB, SpokenProtocol

RESOURCES = ".resources"
DEFINITION = "definition.yaml"
_REQUEST = (".request.yaml", ".request.yml")
_ENVIRONMENT = (".environment.yaml", ".environment.yml")
_GLOBALS = (".globals.yaml", ".globals.yml")
_WEBSOCKET = "websocket-request"
_SOCKET_IO = "socket.io-request"
_HTTP = "http-request"


def is_folder(files: CollectionFiles) -> bool:
    """Whether a folder is a collection, or has some in `postman/collections`."""
    return bool(_collection_folders(files)) or _is_collection(files.root)


def is_request(document: Any) -> bool:
    """Whether a document is a request."""
    return text(record(document).get("$kind")).endswith("-request")


def is_environment(document: Any) -> bool:
    """Whether a document is an environment, or the globals."""
    found = record(document)
    return isinstance(found.get("values"), list) and "name" in found and "$kind" not in found


def _is_collection(folder: Path) -> bool:
    return (folder / RESOURCES / DEFINITION).is_file()


def _workspace(files: CollectionFiles) -> Path:
    """Return the folder `postman`, of which the folder above may be what is imported."""
    inner = files.root / "postman"
    return inner if (inner / "collections").is_dir() else files.root


def _collection_folders(files: CollectionFiles) -> list[Path]:
    above = _workspace(files) / "collections"
    if above.is_dir():
        return files.listed(above)[1]
    return [one for one in files.listed(files.root)[1] if _is_collection(one)]


def read_folder(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collections and environments of a folder."""
    reader = _PostmanFolderReader(files, losses)
    if _is_collection(files.root):
        return Collection(reader.collection(files.root, ()))
    workspace = _workspace(files)
    shared = tuple(
        variable
        for environment in reader.environments(workspace / "globals", _GLOBALS)
        for variable in environment.variables
    )
    folders = _collection_folders(files)
    collections = [Collection(reader.collection(one, shared)) for one in folders]
    found = joined(workspace.parent.name, collections)
    return Collection(found.folder, reader.environments(workspace / "environments", _ENVIRONMENT))


def read_request(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return a single request."""
    reader = _PostmanFolderReader(files, losses)
    connection = reader.connection(files.path, record(files.own_document()), ())
    return Collection(Folder(files.name, connections=(connection,) if connection else ()))


def read_environment(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return a single environment."""
    environment = _PostmanFolderReader(files, losses).environment(files.own_document(), files.name)
    return Collection(Folder(environment.name), (environment,))


class _PostmanFolderReader:
    def __init__(self, files: CollectionFiles, losses: NamedLosses) -> None:
        self._files = files
        self._losses = losses
        self._reader = CollectionReader(losses, braces)
        self._messages = PostmanMessages(files, self._reader)

    def environments(self, folder: Path, suffixes: tuple[str, ...]) -> tuple[Environment, ...]:
        """Return the environments in a folder."""
        if not folder.is_dir():
            return ()
        found = []
        for path in self._files.listed(folder)[0]:
            if path.name.endswith(suffixes) and (document := self._document(path)) is not None:
                found.append(self.environment(document, path.name.partition(".")[0]))
        return tuple(found)

    def environment(self, document: object, own: str) -> Environment:
        """Return an environment."""
        values = record(document).get("values")
        return Environment(name(record(document).get("name"), own), self._reader.variables(values))

    def _document(self, path: Path) -> dict[str, Any] | None:
        """Return a file's mapping; count it as lost if it is broken."""
        try:
            return record(self._files.document(path))
        except (ImportFileError, OSError):
            self._losses.lose(Loss.FILES, path.relative_to(self._files.root).as_posix())
            return None

    def collection(self, folder: Path, shared: tuple[Variable, ...]) -> Folder:
        """Return a collection, with the globals among its variables."""
        return without_empty_folders(self._folder(folder, shared, (), 0)[1])

    def _folder(
        self, folder: Path, own: tuple[Variable, ...], above: tuple[Variable, ...], depth: int
    ) -> tuple[float, Folder]:
        """Return a folder and its number in the order."""
        about = folder / RESOURCES / DEFINITION
        values = (self._document(about) if about.is_file() else None) or {}
        variables = own + self._reader.variables(values.get("variables"))
        inside = above + variables
        maker = self._reader.maker()
        is_without = self._sign_in(maker, values.get("auth"))
        self._scripts(values)
        files, inner = self._files.listed(folder)
        found: list[tuple[float, SavedConnection]] = []
        for path in files:
            if path.name.endswith(_REQUEST) and (request := self._document(path)) is not None:
                connection = self.connection(path, request, inside)
                if connection is not None:
                    found.append((order(request.get("order")), connection))
        folders: list[tuple[float, Folder]] = []
        for path in inner:
            if path.name == RESOURCES:
                continue
            if depth < MAX_DEPTH:
                folders.append(self._folder(path, (), inside, depth + 1))
            else:
                self._losses.lose(Loss.EXCESS)
        return order(values.get("order")), Folder(
            name(values.get("name"), folder.name),
            maker.profile(),
            variables,
            folders=tuple(one for _order, one in sorted(folders, key=_by_number)),
            connections=tuple(one for _order, one in sorted(found, key=_by_number)),
            description=description(values.get("description")),
            inherits_sign_in=not is_without,
        )

    def connection(
        self, path: Path, request: dict[str, Any], above: tuple[Variable, ...]
    ) -> SavedConnection | None:
        """Return the connection of a request; None if it is none of WebSockets."""
        kind = text(request.get("$kind"))
        url = self._reader.text(request.get("url"))
        is_http = kind == _HTTP and is_websocket(url, above)
        if kind not in (_WEBSOCKET, _SOCKET_IO) and not is_http:
            self._losses.lose(Loss.OTHER_REQUESTS)
            return None
        self._scripts(request)
        if request.get("examples"):
            self._losses.lose(Loss.DESCRIPTIONS)
        maker = self._reader.maker()
        is_without = self._sign_in(maker, request.get("auth"))
        maker.headers(self._reader.pairs(request.get("headers")))
        parameters = self._reader.pairs(request.get("queryParams"))
        maker.query(parameters, without=parameter_names(url))
        settings = record(request.get("settings"))
        self._settings(maker, settings)
        path_variables = self._reader.pairs(request.get("pathVariables"))
        address, variables = with_path_parameters(websocket_address(url), path_variables)
        messages = self._messages.of_request(path, request, url)
        if kind == _SOCKET_IO:
            if is_spoken(url):
                maker.values["protocol.name"] = SpokenProtocol.SOCKET_IO
            else:
                self._losses.lose(Loss.HEARTBEATS)
            version = text(settings.get("version")) or "4"
            address = address_of(address, self._reader.text(settings.get("path")), version)
            messages = opening(url, version) + messages
        return SavedConnection(
            name(request.get("name"), path.name.partition(".request.")[0]),
            address,
            maker.profile(),
            messages,
            variables,
            description=description(request.get("description")),
            inherits_sign_in=not is_without,
        )

    def _settings(self, maker: ProfileMaker, settings: dict[str, Any]) -> None:
        if timeout := number(settings.get("handshakeTimeout")):
            maker.number("limits.connect_timeout", timeout / 1000)
        if size := number(settings.get("maxPayload")):
            maker.number("limits.max_message", size * MIB)
        if "strictSSL" in settings and not flag(settings["strictSSL"]):
            maker.values["tls.verify"] = False
        if attempts := number(settings.get("retryCount")):
            maker.values["reconnect.enabled"] = True
            maker.number("reconnect.attempts", attempts)
            if delay := number(settings.get("retryDelay")):
                maker.number("reconnect.first_delay", delay / 1000)

    def _sign_in(self, maker: ProfileMaker, auth: object) -> bool:
        """Sign in, and return whether no sign-in is to be inherited."""
        if isinstance(auth, list):  # as migrated collections have it
            several = records(auth)
            if len(several) > 1:
                self._losses.lose(Loss.SIGN_INS, count=len(several) - 1)
            auth = several[0] if several else None
        found = record(auth)
        values = {one.name: one.value for one in self._reader.pairs(found.get("credentials"))}
        return maker.sign_in(text(found.get("type")), values)

    def _scripts(self, values: dict[str, Any]) -> None:
        scripts = values.get("scripts")
        count = len(scripts) if isinstance(scripts, list | dict) else 0
        if count:
            self._losses.lose(Loss.SCRIPTS, count=count)


def _by_number(one: tuple[float, object]) -> float:
    return one[0]
