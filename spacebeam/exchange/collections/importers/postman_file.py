"""Postman's collections and environments in JSON, format 2.

The format has no WebSockets, so the requests with a ws or wss address are taken. A body becomes a
message.
"""

from __future__ import annotations

from typing import Any

from spacebeam.exchange.collections.importers.expressions import braces
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import (
    CollectionReader,
    is_websocket,
    parameter_names,
    with_path_parameters,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.profile_maker import ProfileMaker
from spacebeam.exchange.collections.importers.values import (
    address_name,
    description,
    message_format,
    name,
    record,
    records,
    text,
)
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.profiles.collection import (
    Collection,
    Environment,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
)

GLOBALS = "Globals"


def is_collection(document: Any) -> bool:
    """Whether a document is a collection of format 2."""
    info = record(record(document).get("info"))
    return "/collection/v2" in text(info.get("schema")) or "_postman_id" in info


def is_environment(document: Any) -> bool:
    """Whether a document is an environment, or the globals."""
    if isinstance(document, list):
        return bool(document) and all("key" in record(one) for one in document)
    values = record(document).get("values")
    return "_postman_variable_scope" in record(document) or (
        isinstance(values, list)
        and "name" in document
        and all("key" in record(one) for one in values)
    )


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collection of a file."""
    document = record(files.own_document())
    reader = _PostmanReader(CollectionReader(losses, braces))
    info = record(document.get("info"))
    document = {**document, "name": info.get("name"), "description": info.get("description")}
    folder = reader.folder(document, (), files.name, 0)
    return Collection(without_empty_folders(folder))


def read_environment(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return an environment, as a collection without connections."""
    document = files.own_document()
    reader = CollectionReader(losses, braces)
    if isinstance(document, list):
        return Collection(Folder(GLOBALS), (Environment(GLOBALS, reader.variables(document)),))
    own = name(document.get("name"), files.name)
    return Collection(Folder(own), (Environment(own, reader.variables(document.get("values"))),))


class _PostmanReader:
    def __init__(self, reader: CollectionReader) -> None:
        self._reader = reader
        self._losses = reader.losses

    def folder(
        self, item: dict[str, Any], above: tuple[Variable, ...], default: str, depth: int
    ) -> Folder:
        """Return a folder; `above` are the variables of the folders around it."""
        variables = self._reader.variables(item.get("variable"))
        inside = above + variables
        maker = self._reader.maker()
        is_without = self._sign_in(maker, item.get("auth"))
        self._scripts(item)
        folders, connections = self._reader.children(
            records(item.get("item")),
            "item",
            depth + 1,
            lambda one: self.folder(one, inside, "Folder", depth + 1),
            lambda one: self._connection(one, inside),
        )
        return Folder(
            name(item.get("name"), default),
            maker.profile(),
            variables,
            folders=folders,
            connections=connections,
            description=description(item.get("description")),
            inherits_sign_in=not is_without,
        )

    def _connection(
        self, item: dict[str, Any], above: tuple[Variable, ...]
    ) -> SavedConnection | None:
        request = item.get("request")
        request = {"url": request} if isinstance(request, str) else record(request)
        url = request.get("url")
        url = {"raw": url} if isinstance(url, str) else record(url)
        address = self._reader.text(url.get("raw"))
        if not is_websocket(address, above):
            self._losses.lose(Loss.OTHER_REQUESTS)
            return None
        self._scripts(item)
        maker = self._reader.maker()
        is_without = self._sign_in(maker, request.get("auth"))
        maker.headers(self._reader.pairs(request.get("header")))
        maker.query(self._reader.pairs(url.get("query")), without=parameter_names(address))
        address, variables = with_path_parameters(address, self._reader.pairs(url.get("variable")))
        return SavedConnection(
            name(item.get("name"), address_name(address)),
            address,
            maker.profile(),
            self._messages(record(request.get("body"))),
            variables,
            description=description(request.get("description")),
            inherits_sign_in=not is_without,
        )

    def _messages(self, body: dict[str, Any]) -> tuple[SavedMessage, ...]:
        content = self._reader.text(body.get("raw"))
        if not content:
            return ()
        language = record(record(body.get("options")).get("raw")).get("language")
        return (SavedMessage("Body", content, message_format(language)),)

    def _sign_in(self, maker: ProfileMaker, auth: object) -> bool:
        """Sign in, and return whether no sign-in is to be inherited."""
        kind = text(record(auth).get("type"))
        given = record(auth).get(kind)
        values = {one.name: one.value for one in self._reader.pairs(given)}
        return maker.sign_in(kind, values)

    def _scripts(self, item: dict[str, Any]) -> None:
        for event in records(item.get("event")):
            if text(record(event.get("script")).get("exec")).strip('[]" \n'):
                self._losses.lose(Loss.SCRIPTS)
