"""SignalR's negotiation: an HTTP request before the connection, which gives it an id.

ASP.NET Core, docs/specs/TransportProtocols.md. A service may send the client to another server.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

from spacebeam.net.http_exchange import HttpRequest, exchange
from spacebeam.net.options import HandshakeOptions, bearer, with_api_key, with_query
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse

_MAX_REDIRECTS = 5
_OK = 200


async def negotiated(
    endpoint: Endpoint, options: HandshakeOptions
) -> tuple[Endpoint, HandshakeOptions]:
    """Return where to connect and with which options, as the hub says. Raises HandshakeError.

    A hub that does not negotiate is connected to as it is.
    """
    for _redirect in range(_MAX_REDIRECTS):
        answer = await _negotiate(endpoint, options)
        match answer:
            case {"url": str(url)} if (there := _target(endpoint, url)) is not None:
                if there.with_resource("/") != endpoint.with_resource("/"):
                    options = options.for_other_host()
                endpoint = there
                options = _with_token(options, answer.get("accessToken"))
            case {"connectionToken": str(token)} | {"connectionId": str(token)}:
                return endpoint, with_api_key(options, "id", token, in_query=True)
            case _:
                break
    return endpoint, options


def _target(endpoint: Endpoint, url: str) -> Endpoint | None:
    """Return where a hub sends the client; None if it may not send there."""
    try:
        there = parse(url)
    except EndpointError:
        return None
    is_unsafe = endpoint.is_secure and not there.is_secure
    if is_unsafe or there.socket_path is not None:
        return None
    return replace(there, user=None, password=None)


def _with_token(options: HandshakeOptions, token: object) -> HandshakeOptions:
    """Return the options with a hub's access token, if it is one."""
    if not isinstance(token, str) or not (token.isascii() and token.isprintable() and token):
        return options
    own = (one for one in options.headers if one[0].lower() != "authorization")
    return replace(options, headers=(*own, bearer(token)))


async def _negotiate(endpoint: Endpoint, options: HandshakeOptions) -> dict[str, Any]:
    """Return the hub's answer; an empty one if it gives none."""
    path, _mark, query = endpoint.resource.partition("?")
    asked = endpoint.with_resource(f"{path.rstrip('/')}/negotiate" + (query and f"?{query}"))
    asked = with_query(asked, (*options.secret_query, ("negotiateVersion", "1")))
    request = HttpRequest(asked, "", _headers(endpoint, options))
    found = await exchange(request, options)
    if found.status != _OK:
        return {}
    try:
        answer = json.loads(found.body)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _headers(endpoint: Endpoint, options: HandshakeOptions) -> tuple[tuple[str, str], ...]:
    """Return the handshake's headers that the hub needs for deciding who asks."""
    headers = list(options.headers)
    if options.cookies:
        headers.append(("Cookie", "; ".join(f"{name}={value}" for name, value in options.cookies)))
    user = options.user if endpoint.user is None else endpoint.user
    password = options.password if endpoint.user is None else endpoint.password
    if user and not any(name.lower() == "authorization" for name, _value in headers):
        credentials = b64encode(f"{user}:{password or ''}".encode()).decode()
        headers.append(("Authorization", f"Basic {credentials}"))
    return tuple(headers)
