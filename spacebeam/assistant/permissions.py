"""Which servers an assistant may connect to: those that the person allowed, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
_ANY_SUBDOMAIN = "*."


class PatternError(ValueError):
    """A text says no server."""


@dataclass(frozen=True, slots=True)
class AllowedServer:
    """A host, with all that is below it if it begins with `*.`; what is empty may be anything."""

    host: str
    scheme: str = ""  # ws or wss
    port: int | None = None
    path: str = ""  # the beginning of a path

    def allows(self, endpoint: Endpoint) -> bool:
        """Whether an address is at this server."""
        host = endpoint.host.lower()
        if self.host.startswith(_ANY_SUBDOMAIN):
            is_host = host.endswith(self.host[1:])
        else:
            is_host = host == self.host
        return (
            is_host
            and endpoint.socket_path is None
            and self.scheme in ("", endpoint.scheme)
            and self.port in (None, endpoint.port)
            and (endpoint.resource.partition("?")[0].startswith(self.path))
        )


def allowed_server(pattern: str) -> AllowedServer:
    """Return what a pattern allows: `feed.example`, `*.example:8443`, `wss://feed.example/v1`.

    Raises PatternError.
    """
    scheme, has_scheme, rest = pattern.partition("://")
    written = rest if has_scheme else pattern
    is_wild = written.startswith(_ANY_SUBDOMAIN)
    plain = written.removeprefix(_ANY_SUBDOMAIN)
    if "*" in plain:
        raise PatternError("A star stands at the beginning only, as in *.example.")
    try:
        endpoint = parse(f"{scheme.lower() if has_scheme else 'ws'}://{plain}")
    except EndpointError as error:
        raise PatternError(error.explanation) from None
    authority = plain.partition("/")[0].rpartition("@")[2]
    has_port = authority.rpartition("]")[2].partition(":")[2] != ""
    path = endpoint.resource.partition("?")[0]
    return AllowedServer(
        f"{_ANY_SUBDOMAIN if is_wild else ''}{endpoint.host.lower()}",
        endpoint.scheme if has_scheme else "",
        endpoint.port if has_port else None,
        "" if path == "/" else path,
    )


def is_allowed(endpoint: Endpoint, servers: Iterable[AllowedServer]) -> bool:
    """Whether an assistant may connect to an address."""
    return any(one.allows(endpoint) for one in servers)
