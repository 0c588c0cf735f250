"""What versions 2 and 3 of AsyncAPI say of servers, channels and messages, in one form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from spacebeam.exchange.collections.importers.json_schema import (
    Examples,
    References,
    unescaped,
)
from spacebeam.exchange.collections.importers.values import description, record, text

_WEBSOCKETS = ("ws", "wss")
_HTTP = ("http", "https")  # perhaps of the call that says where the WebSocket is
_MAX_MESSAGES = 1000


@dataclass(frozen=True, slots=True)
class ApiServer:
    """A server; its address has variables as `{name}`."""

    name: str
    protocol: str
    address: str
    variables: dict[str, str]
    security: tuple[Any, ...] = ()

    @property
    def is_websocket(self) -> bool:
        """Whether it is one of WebSockets."""
        return self.protocol in _WEBSOCKETS


@dataclass(slots=True)
class ApiChannel:
    """One address, perhaps of several channels; a client sends `outgoing`."""

    name: str
    address: str
    servers: tuple[str, ...] = ()  # names; none: all
    parameters: dict[str, str] = field(default_factory=dict)
    bindings: list[dict[str, Any]] = field(default_factory=list)
    security: list[Any] = field(default_factory=list)
    outgoing: list[Any] = field(default_factory=list)
    incoming: list[Any] = field(default_factory=list)
    description: str = ""

    def messages(self, api: AsyncApi, *, other_side: bool) -> list[dict[str, Any]]:
        """Return the messages that are sent, of the other side if the document describes it."""
        found: list[dict[str, Any]] = []
        for one in self.incoming if other_side else self.outgoing:
            message = api.references.resolved(one)
            choices = message.get("oneOf")
            several = choices if isinstance(choices, list) else [one]
            for choice in several:
                resolved = api.with_name(choice)
                if resolved not in found and len(found) < _MAX_MESSAGES:
                    found.append(resolved)
        return found


class AsyncApi:
    """A document of version 2 or 3."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.references = References(document)
        self._is_3 = text(document.get("asyncapi")).startswith("3")
        self._examples = Examples(self.references)
        self._operations: dict[str, list[dict[str, Any]]] = {}  # by their channels' places
        for one in record(document.get("operations")).values():
            operation = self.references.resolved(one)
            place = self.references.pointer(operation.get("channel"))
            self._operations.setdefault(place, []).append(operation)

    def servers(self) -> list[ApiServer]:
        """Return the servers, in the document's order."""
        return [
            self._server(key, self.references.resolved(one))
            for key, one in record(self.document.get("servers")).items()
        ]

    def _server(self, key: str, one: dict[str, Any]) -> ApiServer:
        protocol = text(one.get("protocol")).lower()
        if self._is_3:
            address = f"{protocol}://{text(one.get('host'))}{text(one.get('pathname'))}"
        else:
            url = text(one.get("url"))
            address = url if "://" in url else f"{protocol}://{url}"
        variables = {own: self._parameter(two) for own, two in record(one.get("variables")).items()}
        return ApiServer(key, protocol, address, variables, _listed(one.get("security")))

    def _parameter(self, value: object) -> str:
        one = self.references.resolved(value)
        given = self._examples.given(one) or self._examples.given(one.get("schema"))
        return text(given[0]) if given else ""

    def channels(self) -> tuple[list[ApiChannel], int]:
        """Return the channels of WebSockets, one for each address, and the number of others."""
        protocols = {one.name: one.protocol for one in self.servers()}
        merged: dict[tuple[str, tuple[str, ...]], ApiChannel] = {}
        others = 0
        for key, value in record(self.document.get("channels")).items():
            one = self.references.resolved(value)
            channel = self._channel(key, one)
            wanted = [protocols.get(own, "") for own in channel.servers or protocols]
            may_be = not wanted or any(own in (*_WEBSOCKETS, *_HTTP) for own in wanted)
            if not channel.bindings and not may_be:
                others += 1
                continue
            self._merge(merged, channel)
        return list(merged.values()), others

    def _merge(
        self, merged: dict[tuple[str, tuple[str, ...]], ApiChannel], channel: ApiChannel
    ) -> None:
        known = merged.setdefault((channel.address, channel.servers), channel)
        if known is channel:
            return
        known.name = known.address.strip("/")
        known.parameters |= channel.parameters
        known.bindings += channel.bindings
        known.outgoing += channel.outgoing
        known.incoming += channel.incoming

    def _channel(self, key: str, one: dict[str, Any]) -> ApiChannel:
        binding = self.references.resolved(record(one.get("bindings")).get("ws"))
        address = text(one.get("address")) if self._is_3 else key
        channel = ApiChannel(
            text(one.get("title")) or key,
            address,
            self._server_names(one),
            {own: self._parameter(two) for own, two in record(one.get("parameters")).items()},
            [binding] if binding else [],
            description=description(one.get("description")),
        )
        if self._is_3:
            self._take_operations(key, one, channel)
        else:
            for action, into in (("publish", channel.outgoing), ("subscribe", channel.incoming)):
                operation = self.references.resolved(one.get(action))
                into += [operation["message"]] if "message" in operation else []
                channel.security += _listed(operation.get("security"))
        return channel

    def _server_names(self, one: dict[str, Any]) -> tuple[str, ...]:
        names = (
            self.references.pointer(two).rpartition("/")[2] if isinstance(two, dict) else text(two)
            for two in _listed(one.get("servers"))
        )
        return tuple(filter(None, names))

    def _take_operations(self, key: str, one: dict[str, Any], channel: ApiChannel) -> None:
        """Add the messages of a channel's operations; of an application's, the client's side."""
        place = f"#/channels/{_escaped(key)}"
        every = [
            {"$ref": f"{place}/messages/{_escaped(name)}"} for name in record(one.get("messages"))
        ]
        for operation in self._operations.get(place, ()):
            into = channel.outgoing if operation.get("action") == "receive" else channel.incoming
            into += _listed(operation.get("messages")) or every
            channel.security += _listed(operation.get("security"))
        if not self._operations:
            channel.outgoing += every

    def with_name(self, message: object) -> dict[str, Any]:
        """Return a message with the name that it has in the document, if it says none itself."""
        pointer = self.references.pointer(message).rpartition("/")[2]
        return {"name": unescaped(pointer), **self.references.resolved(message)}

    def security(self, channel: ApiChannel, servers: Iterable[ApiServer]) -> list[dict[str, Any]]:
        """Return the schemes that a connection signs in with: of each list the first."""
        found = []
        for wanted in (*(one.security for one in servers), channel.security):
            for one in wanted[:1]:
                if self._is_3:
                    found.append(self.references.resolved(one))
                    continue
                schemes = record(record(self.document.get("components")).get("securitySchemes"))
                found += [self.references.resolved(schemes.get(key)) for key in record(one)]
        return [one for one in found if one]


def _listed(value: object) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _escaped(key: str) -> str:
    """Return a key as a JSON Pointer has it (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
