"""The protocol that a connection speaks: its address, its subprotocol and its parameters.

The person types a server's address as the protocol's own libraries take it; here it becomes the
address of the WebSocket.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from spacebeam.profiles.profile import Profile, SignInMethod, SpokenProtocol
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse

_PATHS = {SpokenProtocol.SOCKET_IO: "socket.io", SpokenProtocol.ENGINE_IO: "engine.io"}
_SUBPROTOCOLS = {
    SpokenProtocol.GRAPHQL: ("graphql-transport-ws",),
    SpokenProtocol.GRAPHQL_WS: ("graphql-ws",),
    SpokenProtocol.STOMP: ("v12.stomp", "v11.stomp", "v10.stomp"),
    SpokenProtocol.MQTT: ("mqtt",),
    SpokenProtocol.MQTT_5: ("mqtt",),
}
# Their own sign-in has user and password; the handshake has none then.
_WITH_SIGN_IN = (SpokenProtocol.STOMP, SpokenProtocol.MQTT, SpokenProtocol.MQTT_5)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is spoken over a connection, as values."""

    protocol: SpokenProtocol
    scope: str = ""  # a namespace of Socket.IO, a topic of Phoenix
    auth: Any = None  # a JSON value; None: nothing is sent
    user: str = ""
    password: str = ""
    host: str = ""  # of the server
    version: str = ""  # that the address says


def spoken_by(profile: Profile, typed: Endpoint) -> Spoken | None:
    """Return what a valid profile speaks at a typed endpoint; None: nothing by itself."""
    protocol, settings = profile.protocol.name, profile.protocol
    if protocol is SpokenProtocol.AUTOMATIC:
        return None
    sign_in = profile.sign_in
    has_user = signs_in(profile)
    scope = version = ""
    if protocol in _PATHS:
        scope, version = _namespace(typed, protocol), _parameter(typed, "EIO")
    elif protocol is SpokenProtocol.PHOENIX:
        scope = settings.topic
    return Spoken(
        protocol,
        scope,
        json.loads(settings.auth) if settings.auth and settings.auth.strip() else None,
        sign_in.user if has_user else "",
        sign_in.password or "" if has_user else "",
        typed.host,
        version,
    )


def signs_in(profile: Profile) -> bool:
    """Return whether user and password are sent by the protocol, not in the handshake."""
    is_password = profile.sign_in.method is SignInMethod.PASSWORD
    return is_password and profile.protocol.name in _WITH_SIGN_IN


def spoken_endpoint(endpoint: Endpoint, protocol: SpokenProtocol) -> Endpoint:
    """Return the endpoint of the WebSocket for a typed one."""
    if protocol is SpokenProtocol.PHOENIX:
        return _phoenix(endpoint)
    if protocol not in _PATHS:
        return endpoint
    path, _mark, query = endpoint.resource.partition("?")
    if not _is_whole(endpoint, protocol):
        path = f"/{_PATHS[protocol]}/"
    given = {one.partition("=")[0] for one in query.split("&")}
    added = [one for one in ("EIO=4", "transport=websocket") if one.partition("=")[0] not in given]
    return endpoint.with_resource(f"{path}?{'&'.join(filter(None, (*added, query)))}")


def _phoenix(endpoint: Endpoint) -> Endpoint:
    """Return the endpoint with what Phoenix's own client adds to that of a socket."""
    path, _mark, query = endpoint.resource.partition("?")
    if not path.rstrip("/").endswith("/websocket"):
        path = f"{path.rstrip('/')}/websocket"
    if not _parameter(endpoint, "vsn"):
        query = "&".join(filter(None, (query, "vsn=2.0.0")))
    return endpoint.with_resource(f"{path}?{query}")


def spoken_address(address: str, protocol: SpokenProtocol) -> str:
    """Return the address of the WebSocket for a typed one; one with variables stays as it is."""
    if protocol is SpokenProtocol.AUTOMATIC or "{{" in address:
        return address
    try:
        return spoken_endpoint(parse(address), protocol).url_with_user
    except EndpointError:
        return address


def spoken_subprotocols(offered: tuple[str, ...], protocol: SpokenProtocol) -> tuple[str, ...]:
    """Return the subprotocols to offer: the protocol's own first, unless one of them is given."""
    own = _SUBPROTOCOLS.get(protocol, ())
    return offered if set(own) & set(offered) else (*own, *offered)


def _is_whole(endpoint: Endpoint, protocol: SpokenProtocol) -> bool:
    """Return whether a path is the WebSocket's; of Socket.IO, any other is a namespace."""
    path, _mark, _query = endpoint.resource.partition("?")
    if path == "/":
        return False
    is_named = path.rstrip("/").endswith(f"/{_PATHS[protocol]}")
    is_engine = protocol is SpokenProtocol.ENGINE_IO
    return is_named or is_engine or bool(_parameter(endpoint, "EIO"))


def _namespace(endpoint: Endpoint, protocol: SpokenProtocol) -> str:
    path, _mark, _query = endpoint.resource.partition("?")
    if protocol is not SpokenProtocol.SOCKET_IO or _is_whole(endpoint, protocol):
        return ""
    return path.replace(",", "%2C") if path != "/" else ""  # a comma ends a namespace


def _parameter(endpoint: Endpoint, name: str) -> str:
    _path, _mark, query = endpoint.resource.partition("?")
    pairs = (one.partition("=") for one in query.split("&"))
    return next((value for key, _equals, value in pairs if key == name), "")
