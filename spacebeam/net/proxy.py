"""Which proxy the environment names, by curl's rules."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from spacebeam.protocol.endpoint import Endpoint

OPTIONS = "options"  # sources of a proxy, beside the names of environment variables
SYSTEM = "system"

# http_proxy is in lower case only: a CGI program gets HTTP_PROXY from the header of a stranger.
_VARIABLES = {
    "ws": ("ws_proxy", "WS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"),
    "wss": ("wss_proxy", "WSS_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}
_ALL = {"HTTP_PROXY", *_VARIABLES["ws"], *_VARIABLES["wss"]}
_WITH_PORT = re.compile(r"(\[.*\]|[^:]*):([0-9]+)")


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy's address and where it was found."""

    address: str = field(repr=False)  # with user and password
    source: str = OPTIONS  # or SYSTEM, or the name of an environment variable

    @property
    def scheme(self) -> str:
        """The scheme in lower case."""
        return self.address.partition("://")[0].lower()

    @property
    def has_credentials(self) -> bool:
        """Whether the address has a user."""
        return "@" in self.address

    @property
    def shown(self) -> str:
        """The address without user and password."""
        scheme, _, rest = self.address.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"

    @property
    def place(self) -> str:
        """The host and port, as the person wrote them."""
        return self.shown.partition("://")[2].rstrip("/")


def with_scheme(address: str, scheme: str = "http") -> str:
    """Return a proxy's address with a scheme: as in curl, `scheme` where there is none."""
    address = address.strip()
    return address if "://" in address else f"{scheme}://{address}"


def names_proxies(environment: Mapping[str, str]) -> bool:
    """Whether the environment names a proxy for any address: then the system is not asked."""
    return any(environment.get(name) for name in _ALL)


def environment_proxy(environment: Mapping[str, str], endpoint: Endpoint) -> Proxy | None:
    """Return the proxy that the environment names for an endpoint; None for none."""
    exceptions = environment.get("no_proxy") or environment.get("NO_PROXY") or ""
    name = next((one for one in _VARIABLES[endpoint.scheme] if environment.get(one)), None)
    if name is None or is_exempt(endpoint, exceptions):
        return None
    return Proxy(with_scheme(environment[name]), name)


def is_exempt(endpoint: Endpoint, exceptions: str) -> bool:
    """Whether `no_proxy` exempts an endpoint.

    It has names, which stand for their subdomains too, IP addresses and networks, each with a port
    or without, or `*` for all; between them are commas or spaces.
    """
    return any(_matches(endpoint, one) for one in re.split(r"[\s,]+", exceptions.lower()) if one)


def _matches(endpoint: Endpoint, exception: str) -> bool:
    if match := _WITH_PORT.fullmatch(exception):
        exception = match.group(1)
        if int(match.group(2)[:6]) != endpoint.port:
            return False
    host = endpoint.host.partition("%")[0].rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = exception.lstrip("*").strip(".")
        return exception == "*" or (bool(name) and f".{host}".endswith(f".{name}"))
    try:
        return exception == "*" or address in ipaddress.ip_network(exception.strip("[]"), False)
    except ValueError:
        return False
