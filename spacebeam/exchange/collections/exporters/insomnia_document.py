"""Insomnia's exports: version 5 in YAML, and version 4 in JSON, which has messages too."""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionSource,
    headers_of,
    is_binary,
    lifted_variables,
    lose_settings,
    lose_sign_ins,
    sign_ins,
    with_own_handshakes,
)
from spacebeam.exchange.collections.exporters.expressions import insomnia
from spacebeam.exchange.collections.exporters.placeholders import with_placeholders
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.profiles.collection import (
    Folder,
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)
from spacebeam.profiles.profile import Profile, SignIn, SignInMethod

_MODES = {MessageFormat.JSON: "application/json", MessageFormat.XML: "application/xml"}
_WRITTEN = ("request.follow_redirects", "request.save_cookies")
_BASE = "Base Environment"

_Values = dict[str, Any]


def export_version_5(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield a file of version 5, which has no place for messages."""
    collection = with_placeholders(source.collection, losses, with_secrets=source.with_secrets)
    writer = _InsomniaWriter(losses)
    folder = with_own_handshakes(collection.folder)
    shared = writer.data(lifted_variables(folder, losses))
    items = writer.items(folder, "")
    values: _Values = {
        "type": "collection.insomnia.rest/5.0",
        "schema_version": "5.1",
        "name": folder.name,
        "meta": {"id": _key("wrk", folder.name), "description": folder.description},
        "collection": [_version_5(one, losses) for one in items],
        "environments": {
            "name": _BASE,
            "data": shared,
            "subEnvironments": [
                {"name": one.name, "data": writer.data(one.variables)}
                | ({"color": one.color} if one.color else {})
                for one in collection.environments
            ],
        },
    }
    yield Piece(document(values).encode())


def export_version_4(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield a file of version 4."""
    collection = with_placeholders(source.collection, losses, with_secrets=source.with_secrets)
    writer = _InsomniaWriter(losses)
    folder = with_own_handshakes(collection.folder)
    shared = writer.data(lifted_variables(folder, losses))
    space, base = _key("wrk", folder.name), _key("env", folder.name)
    resources: list[_Values] = [
        _resource(space, "workspace", None, folder.name, description=folder.description),
        _resource(base, "environment", space, _BASE, data=shared),
    ]
    for one in collection.environments:
        own, data = _key("env", f"{base} {one.name}"), writer.data(one.variables)
        color = one.color or None
        resources.append(_resource(own, "environment", base, one.name, data=data, color=color))
    for item in writer.items(folder, ""):
        resources += _version_4(item, space)
    found = {
        "_type": "export",
        "__export_format": 4,
        "__export_source": "spacebeam",
        "resources": resources,
    }
    yield Piece(json.dumps(found, ensure_ascii=False, indent=2).encode() + b"\n")


def _key(kind: str, place: str) -> str:
    """Return an id: the same each time, so that exports can be compared."""
    return f"{kind}_{sha256(place.encode(errors='replace')).hexdigest()[:32]}"


def _resource(key: str, kind: str, parent: str | None, name: str, **values: Any) -> _Values:
    return {"_id": key, "_type": kind, "parentId": parent, "name": name, **values}


def _version_5(item: _Values, losses: NamedLosses) -> _Values:
    """Return a folder or request of version 5, from what both versions have in common."""
    values = {key: one for key, one in item.items() if key not in ("id", "order", "messages")}
    values["meta"] = {
        "id": item["id"],
        "sortKey": item["order"],
        "description": values.pop("description"),
    }
    if "children" in item:
        values["children"] = [_version_5(one, losses) for one in item["children"]]
        return values
    for message in item["messages"]:
        losses.lose(Loss.MESSAGES, message["name"])
    follow, send = values.pop("follow"), values.pop("cookies")
    values["settings"] = {
        "encodeUrl": True,
        "followRedirects": follow,
        "cookies": {"send": send, "store": send},
    }
    return values


def _version_4(item: _Values, parent: str) -> Iterator[_Values]:
    """Yield a folder or request, and what belongs to it, as resources of version 4."""
    inner = ("id", "order", "messages", "children", "follow", "cookies", "name")
    values = {key: one for key, one in item.items() if key not in inner}
    own, name = item["id"], item["name"]
    order = {"metaSortKey": item["order"]}
    if "children" in item:
        yield _resource(own, "request_group", parent, name, **values, **order)
        for one in item["children"]:
            yield from _version_4(one, own)
        return
    settings = {
        "settingEncodeUrl": True,
        "settingSendCookies": item["cookies"],
        "settingStoreCookies": item["cookies"],
        "settingFollowRedirects": item["follow"],
    }
    yield _resource(own, "websocket_request", parent, name, **values, **settings, **order)
    for count, message in enumerate(item["messages"]):
        key = _key("ws-payload", f"{own} {count}")
        yield _resource(key, "websocket_payload", own, **message)


class _InsomniaWriter:
    def __init__(self, losses: NamedLosses) -> None:
        self._losses = losses

    def _text(self, value: str | None) -> str:
        return insomnia(value or "", self._losses)

    def items(self, folder: Folder, place: str) -> list[_Values]:
        """Return what is in a folder, as both versions have it; `place` is the folder's."""
        found = []
        for count, inner in enumerate(folder.folders):
            own = f"{place}/{count} {inner.name}"
            found.append(self._folder(inner, own, count))
        for count, one in enumerate(folder.connections, len(folder.folders)):
            found.append(self._connection(one, f"{place}/{count} {one.name}", count))
        return found

    def _folder(self, folder: Folder, place: str, order: int) -> _Values:
        if folder.messages:
            self._losses.lose(Loss.MESSAGES, folder.name, len(folder.messages))
        lose_sign_ins(folder.profile, self._losses)
        return {
            "id": _key("fld", place),
            "name": folder.name,
            "description": folder.description,
            "order": order,
            "environment": self.data(lifted_variables(folder, self._losses)),
            "headers": self._pairs(headers_of(folder.profile)),
            "authentication": self._sign_in(folder.profile, inherits=folder.inherits_sign_in),
            "children": self.items(folder, place),
        }

    def _connection(self, one: SavedConnection, place: str, order: int) -> _Values:
        profile = one.profile
        lose_settings(profile, _WRITTEN, self._losses)
        query = [(name, value or "") for name, value in profile.request.query]
        return {
            "id": _key("ws-req", place),
            "name": one.name,
            "description": one.description,
            "order": order,
            "url": self._text(one.address),
            "headers": self._pairs(headers_of(profile)),
            "parameters": self._pairs(query),
            "authentication": self._sign_in(profile, inherits=one.inherits_sign_in),
            "follow": "global" if profile.request.follow_redirects else "off",
            "cookies": profile.request.save_cookies,
            "messages": [message for two in one.messages if (message := self._message(two))],
        }

    def _message(self, message: SavedMessage) -> _Values | None:
        if is_binary(message):
            self._losses.lose(Loss.MESSAGES, message.name)
            return None
        if message.on_connect:
            self._losses.lose(Loss.SETTINGS, f"{message.name}: on connect")
        mode = _MODES.get(message.format, "text/plain")
        return {"name": message.name, "value": self._text(message.text), "mode": mode}

    def _pairs(self, pairs: list[tuple[str, str]]) -> list[_Values]:
        return [{"name": self._text(name), "value": self._text(value)} for name, value in pairs]

    def _sign_in(self, profile: Profile, *, inherits: bool) -> _Values:
        found = sign_ins(profile)
        for one in found[1:]:
            self._losses.lose(Loss.SIGN_INS, one.method.value)
        if found:
            return self._authentication(found[0])
        return {} if inherits else {"type": "none"}

    def _authentication(self, one: SignIn) -> _Values:
        match one.method:
            case SignInMethod.PASSWORD:
                values = {"type": "basic", "username": one.user, "password": one.password}
            case SignInMethod.BEARER:
                values = {"type": "bearer", "token": one.token}
            case _:
                is_query = one.method is SignInMethod.KEY_IN_QUERY
                place = "queryParams" if is_query else "header"
                values = {"type": "apikey", "key": one.key_name, "value": one.key_value}
                values["addTo"] = place
        return {key: self._text(value) for key, value in values.items()}

    def data(self, variables: tuple[Variable, ...]) -> _Values:
        """Return variables as objects in objects: `a.b` is b in a."""
        found: _Values = {}
        for one in variables:
            *above, last = one.name.split(".")
            if not one.enabled:
                self._losses.lose(Loss.DISABLED, one.name)
                continue
            inside = found
            for step in above:
                inside = inside.setdefault(step, {}) if isinstance(inside, dict) else inside
            if isinstance(inside, dict) and not isinstance(inside.get(last), dict):
                inside[last] = self._text(one.value)
            else:
                self._losses.lose(Loss.VARIABLES, one.name)
        return found
