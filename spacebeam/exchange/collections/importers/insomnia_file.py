"""Insomnia's exports: version 4, a list of resources, and version 5, a tree. Both JSON or YAML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacebeam.exchange.collections.importers.expressions import insomnia
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import (
    MAX_DEPTH,
    CollectionReader,
    is_websocket,
    joined,
    websocket_address,
    with_path_parameters,
    without_empty_folders,
)
from spacebeam.exchange.collections.importers.insomnia_cookies import with_cookies
from spacebeam.exchange.collections.importers.profile_maker import ProfileMaker
from spacebeam.exchange.collections.importers.socket_io import address_of, is_spoken, opening
from spacebeam.exchange.collections.importers.values import (
    address_name,
    flag,
    message_format,
    name,
    order,
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
from spacebeam.profiles.profile import SpokenProtocol

_TYPE_5 = "insomnia.rest/5"
_MAX_VARIABLES = 10_000
# Others have no effect on a WebSocket there.
_SIGN_INS = frozenset(("none", "basic", "bearer", "apikey"))
_SCRIPTS = ("preRequest", "afterResponse")


def is_version_4(document: Any) -> bool:
    """Whether a document is an export of version 4."""
    return record(document).get("_type") == "export" and "__export_format" in document


def is_version_5(document: Any) -> bool:
    """Whether a document is a file of version 5."""
    return _TYPE_5 in text(record(document).get("type"))


def read_version_5(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collection, or the environments, of a file of version 5."""
    document = record(files.own_document())
    reader = _InsomniaReader(losses)
    base = record(document.get("environments"))
    subs = records(base.get("subEnvironments"))
    if "collection" not in document:
        own = Folder(name(document.get("name"), files.name))
        return Collection(own, reader.environments([base, *subs] if base else []))
    if document.get("certificates"):
        losses.lose(Loss.CERTIFICATES)
    tree = {**record(document.get("meta")), **document, "children": document.get("collection")}
    folder = reader.folder({**tree, "environment": base.get("data")}, (), files.name, 0)
    cookies = records(record(document.get("cookieJar")).get("cookies"))
    folder = with_cookies(without_empty_folders(folder), cookies, losses)
    return Collection(folder, reader.environments(subs))


def read_version_4(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the collections of an export of version 4, made a tree of version 5 first."""
    resources = records(record(files.own_document()).get("resources"))
    children: dict[str, list[dict[str, Any]]] = {}
    known = {text(one.get("_id")) for one in resources}
    for one in resources:
        parent = text(one.get("parentId"))
        children.setdefault(parent if parent in known else "", []).append(one)
    spaces = [one for one in resources if one.get("_type") == "workspace"]
    if not spaces:  # only a folder or a request was exported
        spaces = [{"_type": "workspace", "_id": "", "name": files.name}]
    reader = _InsomniaReader(losses)
    return joined(files.name, [_workspace(one, children, reader) for one in spaces])


def _workspace(
    space: dict[str, Any], children: dict[str, list[dict[str, Any]]], reader: _InsomniaReader
) -> Collection:
    inside = list(children.get(text(space.get("_id")), []))
    base: dict[str, Any] = next((one for one in inside if one.get("_type") == "environment"), {})
    subs = children.get(text(base.get("_id")), []) if base else []
    tree = {**_as_version_5(space, children, 0), "environment": base.get("data")}
    folder = reader.folder(tree, (), "Insomnia", 0)
    jars = [one for one in inside if one.get("_type") == "cookie_jar"]
    cookies = [cookie for jar in jars for cookie in records(jar.get("cookies"))]
    folder = with_cookies(without_empty_folders(folder), cookies, reader.losses)
    return Collection(folder, reader.environments(subs))


def _as_version_5(
    one: dict[str, Any], children: dict[str, list[dict[str, Any]]], depth: int
) -> dict[str, Any]:
    """Return a resource of version 4 as version 5 has it, with what is in it."""
    kind, own = one.get("_type"), text(one.get("_id"))
    if kind in ("workspace", "request_group"):
        # Taken out, so that resources in a circle or with the same id appear once.
        inside = children.pop(own, []) if depth <= MAX_DEPTH else []
        found = [
            _as_version_5(two, children, depth + 1)
            for two in inside
            if text(two.get("_type")).endswith(("request", "request_group"))
        ]
        return {**one, "children": found, "sortKey": one.get("metaSortKey")}
    payloads = [two for two in children.get(own, []) if two.get("_type") == "websocket_payload"]
    cookies = {"send": one.get("settingSendCookies", True)}
    settings = {
        "cookies": cookies,
        "followRedirects": one.get("settingFollowRedirects"),
        "path": one.get("settingPath"),
    }
    return {
        **one,
        "kind": {"websocket_request": "ws-req", "socketio_request": "socketio-req"}.get(
            text(kind), "req"
        ),
        "settings": settings,
        "payloads": payloads,
        "sortKey": one.get("metaSortKey"),
    }


class _InsomniaReader:
    def __init__(self, losses: NamedLosses) -> None:
        self.losses = losses
        self._reader = CollectionReader(losses, insomnia)

    def folder(
        self, one: dict[str, Any], above: tuple[Variable, ...], default: str, depth: int
    ) -> Folder:
        """Return a folder of the tree; the variables `above` are those of its folders."""
        meta = record(one.get("meta"))
        variables = self.environment_variables(one.get("environment"))
        inside = above + variables
        maker = self._reader.maker()
        maker.headers(self._reader.pairs(one.get("headers")))
        is_without = self._sign_in(maker, record(one.get("authentication")))
        self._scripts(one)
        folders, connections = self._reader.children(
            sorted(records(one.get("children")), key=_sort_key),
            "children",
            depth + 1,
            lambda child: self.folder(child, inside, "Folder", depth + 1),
            lambda child: self._connection(child, inside),
        )
        return Folder(
            name(one.get("name"), default),
            maker.profile(),
            variables,
            folders=folders,
            connections=connections,
            description=text(one.get("description") or meta.get("description")),
            inherits_sign_in=not is_without,
        )

    def _connection(
        self, one: dict[str, Any], above: tuple[Variable, ...]
    ) -> SavedConnection | None:
        meta = record(one.get("meta"))
        own = text(one.get("kind")) or text(meta.get("id"))
        url = self._reader.text(one.get("url"))
        is_socket_io = own.startswith("socketio-req")
        is_plain = not own and "method" not in one and is_websocket(url, above)
        if not (is_socket_io or is_plain or own.startswith("ws-req")):
            self.losses.lose(Loss.OTHER_REQUESTS)
            return None
        self._scripts(one)
        settings = record(one.get("settings"))
        maker = self._reader.maker()
        is_without = self._sign_in(maker, record(one.get("authentication")))
        maker.headers(self._reader.pairs(one.get("headers")))
        maker.query(self._reader.pairs(one.get("parameters")))
        if settings.get("followRedirects") == "off":
            maker.values["request.follow_redirects"] = False
        if not flag(record(settings.get("cookies")).get("send"), default=True):
            maker.values["request.save_cookies"] = False
        parameters = self._reader.pairs(one.get("pathParameters"))
        address, variables = with_path_parameters(websocket_address(url), parameters)
        messages = self._messages(one)
        if is_socket_io:
            if is_spoken(url):
                maker.values["protocol.name"] = SpokenProtocol.SOCKET_IO
            else:
                self.losses.lose(Loss.HEARTBEATS)
            address = address_of(address, self._reader.text(settings.get("path")), "4")
            messages = opening(url, "4") + messages
        return SavedConnection(
            name(one.get("name"), address_name(address)),
            address,
            maker.profile(),
            messages,
            variables,
            description=text(one.get("description") or meta.get("description")),
            inherits_sign_in=not is_without,
        )

    def _messages(self, one: dict[str, Any]) -> tuple[SavedMessage, ...]:
        return tuple(
            SavedMessage(
                name(payload.get("name"), "Message"),
                self._reader.text(payload.get("value")),
                message_format(payload.get("mode")),
            )
            for payload in records(one.get("payloads"))
        )

    def _sign_in(self, maker: ProfileMaker, values: dict[str, Any]) -> bool:
        """Sign in, and return whether no sign-in is to be inherited."""
        kind = text(values.get("type"))
        if flag(values.get("disabled")):
            return bool(kind)
        if kind and kind not in _SIGN_INS:
            self.losses.lose(Loss.SIGN_INS, kind)
            return False
        given = {key: self._reader.text(one) for key, one in values.items()}
        return maker.sign_in(kind, {**given, "in": given.get("addTo", "")})

    def _scripts(self, one: dict[str, Any]) -> None:
        scripts = record(one.get("scripts"))
        count = sum(bool(text(scripts.get(key) or one.get(f"{key}Script"))) for key in _SCRIPTS)
        if count:
            self.losses.lose(Loss.SCRIPTS, count=count)

    def environments(self, found: Iterable[dict[str, Any]]) -> tuple[Environment, ...]:
        """Return the environments over the base one."""
        return tuple(
            Environment(
                name(one.get("name"), "Environment"),
                self.environment_variables(one.get("data")),
                text(one.get("color")),
            )
            for one in found
            if one.get("_type", "environment") == "environment"
        )

    def environment_variables(self, data: object) -> tuple[Variable, ...]:
        """Return the variables of an environment's objects in objects: `a.b` is b in a."""
        found: list[Variable] = []

        def gather(values: dict[str, Any], above: str, depth: int) -> None:
            for key, value in values.items():
                if len(found) >= _MAX_VARIABLES or depth > MAX_DEPTH:
                    self.losses.lose(Loss.EXCESS)
                    return
                if isinstance(value, dict):
                    gather(value, f"{above}{key}.", depth + 1)
                else:
                    found.append(self._reader.variable(f"{above}{key}", value))

        gather(record(data), "", 0)
        return tuple(found)


def _sort_key(one: dict[str, Any]) -> float:
    return order(one.get("sortKey", record(one.get("meta")).get("sortKey")))
