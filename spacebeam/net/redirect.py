"""Redirects: their target, and the options that may be sent there."""

from __future__ import annotations

import re
from dataclasses import replace

from spacebeam.net.failures import Failure, FailureCause
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.report import HttpExchange
from spacebeam.protocol.endpoint import Endpoint, EndpointError, encoded_resource, parse

_STATUSES = (301, 302, 303, 307, 308)
# Scheme, authority, path and query of a reference (RFC 3986, appendix B).
_REFERENCE = re.compile(r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(\?[^#]*)?")


class RedirectError(Exception):
    """A redirect that cannot be followed; `failure` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.cause.value)
        self.failure = failure


def is_redirect(exchange: HttpExchange | None) -> bool:
    """Whether a response is a redirect (RFC 9110, section 15.4)."""
    return exchange is not None and exchange.status in _STATUSES


def target(endpoint: Endpoint, exchange: HttpExchange) -> Endpoint:
    """Return a redirect's target (RFC 9110, section 10.2.2). Raise RedirectError.

    User and password in a Location are ignored, as is its fragment: no handshake sends one.
    """
    where, location = endpoint.display_host, exchange.header("Location")
    if location is None:
        raise RedirectError(Failure(FailureCause.REDIRECT_TARGET, where))
    try:
        return _resolved(endpoint, location, exchange.request_header("Host"))
    except EndpointError:
        raise RedirectError(Failure(FailureCause.REDIRECT_TARGET, where, location)) from None


def options_for(options: HandshakeOptions, here: Endpoint, there: Endpoint) -> HandshakeOptions:
    """Return the options for a redirect's target: without secrets for another server.

    The query is the redirect's own, also on the same server.
    """
    if _is_same_server(here, there):
        return replace(options, secret_query=())
    return options.for_other_host()


def too_many(endpoint: Endpoint, there: Endpoint, limit: int) -> Failure:
    """Return the failure for a redirect beyond the limit."""
    cause = FailureCause.REDIRECT_LIMIT if limit else FailureCause.REDIRECT_REFUSED
    return Failure(cause, endpoint.display_host, there.url, count=limit)


def _resolved(base: Endpoint, location: str, host: str | None) -> Endpoint:
    """Resolve a reference (RFC 3986, section 5.2.2), except that an absolute address is kept.

    `host` is the Host header that was sent. Raise EndpointError.
    """
    match = _REFERENCE.match(location)
    assert match is not None  # every part may be empty
    scheme, authority, path, query = match.groups()
    if scheme is None and authority is None:
        return base.with_resource(_relative(base.resource, path, query))
    there = parse(f"{scheme or base.scheme}://{(authority or '').rpartition('@')[2]}")
    if there.socket_path is not None:  # no server chooses files of this computer
        raise EndpointError("scheme", "a UNIX socket")
    path = path if scheme else _without_dots(path)
    there = there.with_resource(encoded_resource(path + (query or "")))
    if base.socket_path is not None and _is_behind_socket(base, host, there):
        return base.with_resource(there.resource)
    if _is_same_server(base, there):
        return replace(there, user=base.user, password=base.password)
    return there


def _is_behind_socket(base: Endpoint, host: str | None, there: Endpoint) -> bool:
    """Whether an address is that of a UNIX socket's server, which knows it by the Host header."""
    try:
        known = parse(f"{base.scheme}://{host or base.authority}")
    except EndpointError:
        return False
    return (known.scheme, known.authority) == (there.scheme, there.authority)


def _relative(base: str, path: str, query: str | None) -> str:
    """Return the path and query of a relative reference (RFC 3986, section 5.2.2)."""
    base_path = base.partition("?")[0]
    if not path:
        return base_path + encoded_resource(query)[1:] if query else base
    if not path.startswith("/"):
        path = base_path[: base_path.rindex("/") + 1] + path
    return encoded_resource(_without_dots(path) + (query or ""))


def _without_dots(path: str) -> str:
    """Remove the dot segments of an absolute path (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/" + "/".join(kept)


def _is_same_server(here: Endpoint, there: Endpoint) -> bool:
    """Whether both are the same server, and the second is not less secure."""
    if here.host != there.host or here.socket_path != there.socket_path:
        return False
    is_same_port = here.port == there.port or (here.port, there.port) == (80, 443)
    return is_same_port and (there.is_secure or not here.is_secure)
