"""Yaak's export in JSON, and the folder of YAML files that it keeps in step with itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacebeam.exchange.collections.importers.expressions import yaak
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    CollectionReader,
    is_enabled,
    joined,
    websocket_address,
    with_path_parameters,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.profile_maker import ProfileMaker
from spacebeam.exchange.collections.importers.values import (
    address_name,
    flag,
    guessed_format,
    name,
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
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import MIB, Secret

_ENCRYPTED = "${[ secure("
_LISTS = {
    "workspace": "workspaces",
    "environment": "environments",
    "folder": "folders",
    "websocket_request": "websocketRequests",
    "http_request": "httpRequests",
    "grpc_request": "grpcRequests",
}

_Resources = dict[str, list[dict[str, Any]]]


def is_export(document: Any) -> bool:
    """Whether a document is an export."""
    return "yaakSchema" in record(document) or "websocketRequests" in record(
        record(document).get("resources")
    )


def is_model(document: Any) -> bool:
    """Whether a document is a file of a synchronised folder."""
    return record(document).get("model") in _LISTS


def is_folder(files: CollectionFiles) -> bool:
    """Whether a folder is one that Yaak keeps in step."""
    return any(_is_synced(path.name) for path in files.listed(files.root)[0])


def _is_synced(file_name: str) -> bool:
    return file_name.startswith("yaak.") and file_name.endswith((".yaml", ".yml", ".json"))


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the workspaces of an export."""
    found = record(record(files.own_document()).get("resources"))
    resources = {kind: records(found.get(kind)) for kind in _LISTS.values()}
    # Earlier versions had all requests that are not of gRPC in one list.
    resources["httpRequests"] += records(found.get("requests"))
    return _collection(files.name, resources, losses)


def read_folder(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the workspaces of a synchronised folder, or of the folder that a file is in."""
    resources: _Resources = {kind: [] for kind in _LISTS.values()}
    for path in files.listed(files.root)[0]:
        if not _is_synced(path.name):
            continue
        try:
            model = record(files.document(path))
        except (ImportFileError, OSError):
            losses.lose(Loss.FILES, path.name)
            continue
        if kind := _LISTS.get(text(model.get("model"))):
            resources[kind].append(model)
    return _collection(files.root.name, resources, losses)


def _collection(own: str, resources: _Resources, losses: NamedLosses) -> Collection:
    spaces = list(resources["workspaces"])
    known = {text(one.get("id")) for one in spaces}
    used = {text(one.get("workspaceId")): None for one in resources["websocketRequests"]}
    spaces += [{"id": one, "name": own} for one in used if one not in known]
    if others := len(resources["httpRequests"]) + len(resources["grpcRequests"]):
        losses.lose(Loss.OTHER_REQUESTS, count=others)
    return joined(own, [_Workspace(space, resources, losses).collection(own) for space in spaces])


class _Workspace:
    def __init__(self, space: dict[str, Any], resources: _Resources, losses: NamedLosses) -> None:
        self._space = space
        self._losses = losses
        self._reader = CollectionReader(losses, yaak)
        key = text(space.get("id"))
        self._folders = _by_parent(resources["folders"], key)
        self._requests = _by_parent(resources["websocketRequests"], key)
        environments = resources["environments"]
        self._environments = [one for one in environments if text(one.get("workspaceId")) == key]

    def collection(self, default: str) -> Collection:
        """Return the workspace."""
        base = [one for one in self._environments if self._level(one) == "workspace"]
        subs = [one for one in self._environments if self._level(one) == "environment"]
        folder = self._folder(self._space, "", default, 0, self._variables(base))
        environments = tuple(
            Environment(
                name(one.get("name"), "Environment"),
                self._variables([one]),
                text(one.get("color")),
            )
            for one in sorted(subs, key=_sort_key)
        )
        return Collection(without_empty_folders(folder), environments)

    def _level(self, environment: dict[str, Any]) -> str:
        """Return what an environment belongs to, also as earlier versions wrote it."""
        if "parentModel" in environment:
            return text(environment["parentModel"])
        is_base = flag(environment.get("base"), default=not environment.get("environmentId"))
        return "workspace" if is_base else "environment"

    def _variables(self, environments: Iterable[dict[str, Any]]) -> tuple[Variable, ...]:
        found = []
        for environment in environments:
            for one in records(environment.get("variables")):
                value = text(one.get("value"))
                own = text(one.get("name")).strip()
                if _ENCRYPTED in value:
                    self._losses.lose(Loss.SECRET_VALUES, own)
                    found.append(Variable(own, None, is_enabled(one), is_secret=True))
                elif own:
                    found.append(self._reader.variable(own, value, is_enabled(one)))
        return tuple(found)

    def _folder(
        self,
        one: dict[str, Any],
        key: str,
        default: str,
        depth: int,
        variables: tuple[Variable, ...],
    ) -> Folder:
        inside = sorted(self._folders.pop(key, []), key=_sort_key)
        if depth >= MAX_DEPTH and inside:
            self._losses.lose(Loss.EXCESS, count=len(inside))
            inside = []
        requests = sorted(self._requests.pop(key, []), key=_sort_key)
        maker = self._reader.maker()
        maker.headers(self._reader.pairs(one.get("headers")))
        is_without = self._sign_in(maker, one)
        return Folder(
            name(one.get("name"), default),
            maker.profile(),
            variables,
            folders=tuple(self._inner(two, depth + 1) for two in inside),
            connections=tuple(map(self._connection, requests)),
            description=text(one.get("description")),
            inherits_sign_in=not is_without,
        )

    def _inner(self, one: dict[str, Any], depth: int) -> Folder:
        key = text(one.get("id"))
        own = [two for two in self._environments if text(two.get("parentId")) == key and key]
        return self._folder(one, key, "Folder", depth, self._variables(own))

    def _connection(self, one: dict[str, Any]) -> SavedConnection:
        parameters = self._reader.pairs(one.get("urlParameters"))
        in_path = [parameter for parameter in parameters if parameter.name.startswith(":")]
        maker = self._reader.maker()
        maker.headers(self._reader.pairs(one.get("headers")))
        maker.query(parameter for parameter in parameters if parameter not in in_path)
        is_without = self._sign_in(maker, one)
        self._settings(maker, one)
        url = websocket_address(self._reader.text(one.get("url")))
        address, variables = with_path_parameters(url, in_path)
        return SavedConnection(
            name(one.get("name"), address_name(address)),
            address,
            maker.profile(),
            self._messages(text(one.get("message"))),
            variables,
            description=text(one.get("description")),
            inherits_sign_in=not is_without,
        )

    def _settings(self, maker: ProfileMaker, one: dict[str, Any]) -> None:
        checks = record(one.get("settingValidateCertificates"))
        if flag(checks.get("enabled")) and not flag(checks.get("value"), default=True):
            maker.values["tls.verify"] = False
        size = record(one.get("settingRequestMessageSize"))
        if flag(size.get("enabled")) and (limit := order(size.get("value"))):
            maker.number("limits.max_message", max(limit, MIB))

    def _messages(self, message: str) -> tuple[SavedMessage, ...]:
        if not message.strip():
            return ()
        return (SavedMessage("Message", self._reader.text(message), guessed_format(message)),)

    def _sign_in(self, maker: ProfileMaker, one: dict[str, Any]) -> bool:
        values = record(one.get("authentication"))
        if flag(values.get("disabled")):
            return True
        given: dict[str, Secret] = {}
        for key, value in values.items():
            is_encrypted = _ENCRYPTED in text(value)
            given[key] = None if is_encrypted else self._reader.text(value)
            if is_encrypted:
                self._losses.lose(Loss.SECRET_VALUES, text(one.get("name")))
        kind = text(one.get("authenticationType"))
        return maker.sign_in(kind, {**given, "in": given.get("location")})


def _by_parent(resources: Iterable[dict[str, Any]], workspace: str) -> _Resources:
    found: _Resources = {}
    for one in resources:
        if text(one.get("workspaceId")) == workspace:
            found.setdefault(text(one.get("folderId")), []).append(one)
    return found


def _sort_key(one: dict[str, Any]) -> float:
    return order(one.get("sortPriority"))
