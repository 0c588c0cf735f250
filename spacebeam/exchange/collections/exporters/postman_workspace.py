"""Postman's folders of YAML files, format 3, with environments beside the collection."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from spacebeam.exchange.collections.exporters.exporter import (
    CollectionSource,
    FileNames,
    headers_of,
    lifted_variables,
    lose_settings,
    sign_ins,
    with_query,
)
from spacebeam.exchange.collections.exporters.expressions import postman
from spacebeam.exchange.collections.exporters.placeholders import with_placeholders
from spacebeam.exchange.exporters.exporter import Piece
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.exchange.opencollection.yaml_writing import document
from spacebeam.profiles.collection import (
    Environment,
    Folder,
    SavedConnection,
    SavedMessage,
    Variable,
    inherited,
)
from spacebeam.profiles.profile import MIB, Limits, Profile, SignIn, SignInMethod
from spacebeam.profiles.variables import has_variables

_ORDER = 1000  # between two siblings
_WRITTEN = (
    "tls.verify",
    "limits.connect_timeout",
    "limits.max_message",
    "reconnect.enabled",
    "reconnect.attempts",
    "reconnect.first_delay",
)

_Values = dict[str, Any]


def export(source: CollectionSource, losses: NamedLosses) -> Iterator[Piece]:
    """Yield the files of a folder `postman`."""
    collection = with_placeholders(source.collection, losses, with_secrets=source.with_secrets)
    writer = _PostmanWriter(losses)
    top = f"postman/collections/{FileNames().name(collection.name, default='Collection')}"
    yield from writer.folder(collection.folder, top, ())
    names = FileNames()
    for one in collection.environments:
        file = names.name(one.name, ".environment.yaml", "environment")
        yield _piece(f"postman/environments/{file}", writer.environment(one))


def _piece(name: str, values: _Values) -> Piece:
    return Piece(document(values).encode(), name)


class _PostmanWriter:
    def __init__(self, losses: NamedLosses) -> None:
        self._losses = losses

    def _text(self, value: str | None) -> str:
        return postman(value or "", self._losses)

    def folder(self, folder: Folder, path: str, above: tuple[Folder, ...]) -> Iterator[Piece]:
        """Yield a folder's definition, and the files in it."""
        about: _Values = {"$kind": "collection", "name": folder.name}
        if folder.description:
            about["description"] = folder.description
        if variables := lifted_variables(folder, self._losses):
            about["variables"] = self._variables(variables)
        if folder.messages:
            self._losses.lose(Loss.MESSAGES, folder.name, len(folder.messages))
        if above:
            about["order"] = (above[-1].folders.index(folder) + 1) * _ORDER
        yield _piece(f"{path}/.resources/definition.yaml", about)
        names = FileNames()
        inside = (*above, folder)
        for inner in folder.folders:
            own = names.name(inner.name, default="folder")
            yield from self.folder(inner, f"{path}/{own}", inside)
        for count, connection in enumerate(folder.connections, len(folder.folders) + 1):
            # Nothing of a folder but its variables holds for WebSockets there.
            profile = inherited(connection, inside).profile
            yield from self._request(
                replace(connection, profile=profile), path, names, count * _ORDER
            )

    def _request(
        self, connection: SavedConnection, path: str, names: FileNames, order: int
    ) -> Iterator[Piece]:
        own = names.name(connection.name)
        profile = connection.profile
        lose_settings(profile, _WRITTEN, self._losses)
        values: _Values = {"$kind": "websocket-request"}
        if own != connection.name:
            values["name"] = connection.name
        if connection.description:
            values["description"] = connection.description
        values["url"] = self._text(self._url(connection))
        values["order"] = order
        if headers := self._headers(profile):
            values["headers"] = headers
        messages = f".resources/{own}.resources/messages"
        if connection.messages:
            values["messages"] = f"./{messages}"
        if settings := _settings(profile):
            values["settings"] = settings
        yield _piece(f"{path}/{own}.request.yaml", values)
        files = FileNames()
        for count, message in enumerate(connection.messages, 1):
            file = files.name(message.name, ".message.yaml", "message")
            yield _piece(f"{path}/{messages}/{file}", self._message(message, file, count * _ORDER))

    def _url(self, connection: SavedConnection) -> str:
        pairs = [(name, value or "") for name, value in connection.profile.request.query]
        pairs += [
            (one.key_name, one.key_value or "")
            for one in sign_ins(connection.profile)
            if one.method is SignInMethod.KEY_IN_QUERY
        ]
        return with_query(connection.address, pairs)

    def _headers(self, profile: Profile) -> list[_Values]:
        """Return the headers; Postman has no other place for a WebSocket's sign-in."""
        signed = [header for one in sign_ins(profile) for header in self._sign_in(one)]
        return [
            {"key": name, "value": self._text(value)}
            for name, value in (*headers_of(profile), *signed)
        ]

    def _sign_in(self, one: SignIn) -> Iterator[tuple[str, str]]:
        if one.method is SignInMethod.BEARER:
            yield "Authorization", f"Bearer {one.token or ''}"
        elif one.method is SignInMethod.KEY_IN_HEADER:
            yield one.key_name, one.key_value or ""
        elif one.method is SignInMethod.PASSWORD:
            credentials = f"{one.user}:{one.password or ''}"
            if has_variables(credentials):  # they are encoded with their values, not here
                self._losses.lose(Loss.SIGN_INS, "basic")
            else:
                yield "Authorization", f"Basic {b64encode(credentials.encode()).decode()}"

    def _message(self, message: SavedMessage, file: str, order: int) -> _Values:
        if message.on_connect:
            self._losses.lose(Loss.SETTINGS, f"{message.name}: on connect")
        if message.encoding:
            self._losses.lose(Loss.SETTINGS, f"{message.name}: sent as {message.encoding}")
        values: _Values = {"$kind": "websocket-message"}
        if file.removesuffix(".message.yaml") != message.name:
            values["name"] = message.name
        values["content"] = self._text(message.text)
        values["contentType"] = message.format.value
        values["order"] = order
        return values

    def _variables(self, variables: tuple[Variable, ...]) -> list[_Values]:
        found = []
        for one in variables:
            values: _Values = {"key": one.name, "value": self._text(one.value)}
            if not one.enabled:
                values["disabled"] = True
            if one.is_secret:
                values["secret"] = True
            found.append(values)
        return found

    def environment(self, environment: Environment) -> _Values:
        """Return the file of an environment."""
        if environment.color:
            self._losses.lose(Loss.SETTINGS, f"{environment.name}: color")
        values = [
            {
                "key": one.name,
                "value": self._text(one.value),
                "enabled": one.enabled,
                "type": "secret" if one.is_secret else "default",
            }
            for one in environment.variables
        ]
        return {"name": environment.name, "values": values}


def _settings(profile: Profile) -> _Values:
    values: _Values = {}
    if profile.limits.connect_timeout != Limits().connect_timeout:
        values["handshakeTimeout"] = round(profile.limits.connect_timeout * 1000)
    if profile.reconnect.enabled:
        values["retryCount"] = profile.reconnect.attempts
        values["retryDelay"] = round(profile.reconnect.first_delay * 1000)
    if profile.limits.max_message != Limits().max_message:
        values["maxPayload"] = max(1, round(profile.limits.max_message / MIB))
    if not profile.tls.verify:
        values["strictSSL"] = False
    return values
