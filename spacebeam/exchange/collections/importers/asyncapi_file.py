"""AsyncAPI 2 and 3: each address of a WebSocket becomes a connection, with what a client sends."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from spacebeam.exchange.collections.importers.asyncapi_channels import (
    ApiChannel,
    ApiServer,
    AsyncApi,
)
from spacebeam.exchange.collections.importers.expressions import plain
from spacebeam.exchange.collections.importers.files import CollectionFiles
from spacebeam.exchange.collections.importers.importer import CollectionReader
from spacebeam.exchange.collections.importers.json_schema import Examples, typed
from spacebeam.exchange.collections.importers.profile_maker import NamedValue, ProfileMaker
from spacebeam.exchange.collections.importers.values import (
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
    MessageFormat,
    SavedConnection,
    SavedMessage,
    Variable,
)

_PARAMETER = re.compile(r"\{([^{}]+)\}")
_MAX_EXAMPLES = 20  # of one message
_MAX_TEXT = 32 * 2**20  # characters of all messages; references repeat what they refer to
_SERVER = "server"  # the variable that says which of several
_ADDRESS = "address"  # the variable for one that the file does not have


def is_asyncapi(document: Any) -> bool:
    """Whether a document is one of AsyncAPI 2 or 3."""
    return text(record(document).get("asyncapi"))[:1] in ("2", "3")


def read(files: CollectionFiles, losses: NamedLosses) -> Collection:
    """Return the connections that a document describes."""
    return _AsyncApiReader(AsyncApi(record(files.own_document())), losses).collection(files)


class _AsyncApiReader:
    def __init__(self, api: AsyncApi, losses: NamedLosses) -> None:
        self._api = api
        self._losses = losses
        self._examples = Examples(api.references)
        self._left = _MAX_TEXT

    def collection(self, files: CollectionFiles) -> Collection:
        info = record(self._api.document.get("info"))
        channels, others = self._api.channels()
        if others:
            self._losses.lose(Loss.OTHER_REQUESTS, count=others)
        servers = [one for one in self._api.servers() if one.is_websocket]
        own = name(info.get("title"), files.name)
        connections = [
            self._connection(one, servers, own, other_side=files.other_side) for one in channels
        ]
        variables: tuple[Variable, ...] = ()
        environments: tuple[Environment, ...] = ()
        if len(servers) > 1:
            variables = (Variable(_SERVER, _braced(servers[0].address)), *_variables(servers))
            environments = tuple(
                Environment(name(one.name), (Variable(_SERVER, _braced(one.address)),))
                for one in servers
            )
        if self._api.references.outside:
            self._losses.lose(Loss.FILES, count=self._api.references.outside)
        folder = Folder(
            own,
            variables=variables,
            connections=tuple(connections),
            description=description(info.get("description")),
        )
        return Collection(folder, environments)

    def _connection(
        self, channel: ApiChannel, servers: list[ApiServer], title: str, *, other_side: bool
    ) -> SavedConnection:
        usable = [one for one in servers if not channel.servers or one.name in channel.servers]
        variables = [Variable(key, value) for key, value in channel.parameters.items()]
        if len(servers) > 1 and len(usable) != 1:
            base = "{{" + _SERVER + "}}"
        elif usable:
            base = _braced(usable[0].address)
            variables += _variables(usable[:1])
        else:
            self._losses.lose(Loss.ADDRESSES, channel.name.strip("/") or title)
            base = "{{" + _ADDRESS + "}}"
            variables.append(Variable(_ADDRESS, ""))
        maker = ProfileMaker(self._losses)
        reader = CollectionReader(self._losses, plain)
        maker.headers(self._binding(channel, "headers", reader))
        maker.query(self._binding(channel, "query", reader))
        for scheme in self._api.security(channel, usable):
            self._sign_in(maker, scheme)
        path = _braced(channel.address)
        address = base.rstrip("/") + (f"/{path.lstrip('/')}" if path.strip("/") else "")
        messages = channel.messages(self._api, other_side=other_side)
        return SavedConnection(
            name(channel.name.strip("/"), title),
            address if path.strip("/") or not usable else address + path,
            maker.profile(),
            tuple(one for message in messages for one in self._messages(message)),
            tuple({one.name: one for one in variables}.values()),
            description=channel.description,
        )

    def _binding(
        self, channel: ApiChannel, key: str, reader: CollectionReader
    ) -> Iterable[NamedValue]:
        """Return headers or parameters of the channel's binding, with what its schemas give."""
        for binding in channel.bindings:
            schema = self._api.references.resolved(binding.get(key))
            required = schema.get("required")
            wanted = required if isinstance(required, list) else []
            for own, inner in record(schema.get("properties")).items():
                given = self._examples.given(inner)
                value = reader.text(given[0]) if given else ""
                yield NamedValue(str(own), value, bool(given) or own in wanted)

    def _messages(self, message: dict[str, Any]) -> Iterable[SavedMessage]:
        own = name(message.get("title") or message.get("name"), "Message")
        kind = message.get("contentType") or self._api.document.get("defaultContentType")
        payload = self._api.references.resolved(message.get("payload"))
        if "schemaFormat" in payload:
            payload = self._api.references.resolved(payload.get("schema"))
        is_binary = payload.get("format") == "binary" or "octet-stream" in text(kind)
        examples = [one for one in records(message.get("examples")) if "payload" in one]
        if is_binary:
            yield SavedMessage(own, "", MessageFormat.BASE64)
        elif self._left < 0:
            self._losses.lose(Loss.EXCESS)
        elif examples:
            for count, one in enumerate(examples[:_MAX_EXAMPLES]):
                further = name(one.get("name"), str(count + 1) if count else "")
                yield self._message(f"{own}: {further}" if further else own, one["payload"], kind)
        else:
            choices = payload.get("oneOf")
            several = choices if isinstance(choices, list) and choices else [payload]
            for one in several[:_MAX_EXAMPLES]:
                yield self._message(own, self._examples.value(one), kind)

    def _message(self, own: str, payload: object, kind: object) -> SavedMessage:
        value = typed(payload)
        is_text = isinstance(value, str)
        made = text(value if is_text else json.dumps(value, ensure_ascii=False, indent=2))
        self._left -= len(made) + 100
        return SavedMessage(own, made, message_format(kind) if is_text else MessageFormat.JSON)

    def _sign_in(self, maker: ProfileMaker, scheme: dict[str, Any]) -> None:
        kind, way = text(scheme.get("type")), text(scheme.get("scheme")).lower()
        if kind == "httpApiKey":
            place, own = text(scheme.get("in")), text(scheme.get("name"))
            maker.sign_in("apikey", {"key": own, "value": None, "in": place})
        elif kind == "userPassword" or (kind == "http" and way == "basic"):
            maker.sign_in("basic", {"password": None})
        elif kind == "http" and way == "bearer":
            maker.sign_in("bearer", {"token": None})
        else:
            maker.sign_in(kind or "unknown", {})
            return
        self._losses.lose(Loss.SECRET_VALUES)


def _braced(address: str) -> str:
    return _PARAMETER.sub(r"{{\1}}", address)


def _variables(servers: Iterable[ApiServer]) -> tuple[Variable, ...]:
    return tuple(Variable(key, value) for one in servers for key, value in one.variables.items())
