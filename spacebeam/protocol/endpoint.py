"""Parse the address that a person types to an endpoint.

People paste `localhost:8000`, the `https://` address of a page, an IPv6 address without brackets.
An invalid address is refused with the part that is wrong.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

DEFAULT_PORTS = {"ws": 80, "wss": 443}
_MAX_SOCKET_PATH = 107  # bytes; unix(7)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
_UNIX = re.compile(r"(wss?)\+unix:(?://(?=/))?", re.IGNORECASE)
_HOST_LABEL = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_ZONE = re.compile(r"[A-Za-z0-9._~-]+")  # an interface's name; needs no encoding
# Characters of a path or query that need no encoding (RFC 3986, 3.3 and 3.4), and `%`.
_RESOURCE_SAFE = "/?:@!$&'()*+,;=-._~%[]"
_BAD_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


class EndpointError(ValueError):
    """An invalid address; `part` names the invalid part."""

    def __init__(self, part: str, explanation: str) -> None:
        super().__init__(explanation)
        self.part = part
        self.explanation = explanation


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A WebSocket server's address (RFC 6455, section 3), normalised."""

    scheme: str  # "ws" or "wss"
    host: str  # ASCII, lower case; an IPv6 address without its brackets
    port: int
    resource: str = "/"  # path and query, percent-encoded
    user: str | None = None
    password: str | None = None
    socket_path: str | None = None  # a UNIX socket to connect to, in place of host and port

    @property
    def is_secure(self) -> bool:
        return self.scheme == "wss"

    def with_resource(self, resource: str) -> Endpoint:
        """Return the same server with another path and query."""
        return replace(self, resource=resource)

    @property
    def authority(self) -> str:
        """Host and port as in a Host header, without the scheme's default port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The full address without user and password."""
        if self.socket_path is not None:
            return f"{self.scheme}+unix:{self.socket_path}:{self.resource}"
        return f"{self.scheme}://{self.authority}{self.resource}"

    @property
    def url_with_user(self) -> str:
        """The full address with user and password; never show or log it."""
        if self.user is None:
            return self.url
        userinfo = quote(self.user, safe="")
        if self.password is not None:
            userinfo += ":" + quote(self.password, safe="")
        return f"{self.scheme}://{userinfo}@{self.authority}{self.resource}"

    @property
    def display_host(self) -> str:
        """Host and port to be shown: an international name in Unicode."""
        if self.socket_path is not None:
            return self.socket_path
        labels = []
        for label in self.host.split("."):
            try:
                labels.append(label.encode().decode("idna") if "xn--" in label else label)
            except UnicodeError:
                labels.append(label)
        return self.authority.replace(self.host, ".".join(labels), 1)


def parse(text: str) -> Endpoint:
    """Return the endpoint for an address.

    Without a scheme, loopback and private addresses get `ws`, all others `wss`; `http` and `https`
    become `ws` and `wss`. Raise EndpointError.
    """
    text = text.strip()
    if not text:
        raise EndpointError("address", "There is no address.")
    if match := _UNIX.match(text):
        return _unix(match.group(1).lower(), text[match.end() :])
    scheme, rest = _split_scheme(text)
    cut = re.search(r"[/?#]", rest)
    authority, resource = (rest[: cut.start()], rest[cut.start() :]) if cut else (rest, "")
    userinfo, at, host_and_port = authority.rpartition("@")
    user, password = _userinfo(userinfo) if at else (None, None)
    raw_host, raw_port = _split_port(host_and_port)
    host = _host(raw_host)
    if scheme is None:
        scheme = "ws" if is_private(host) else "wss"
    port = DEFAULT_PORTS[scheme] if raw_port is None else _port(raw_port)
    return Endpoint(scheme, host, port, _resource(resource), user, password)


def is_private(host: str) -> bool:
    """Whether a host is local or on a private network (RFC 1918, RFC 4193, RFC 6761)."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))
    return address.is_private or address.is_link_local or address.is_loopback


def _unix(scheme: str, text: str) -> Endpoint:
    """Parse a UNIX socket's address, as in `ws+unix:/path/to.sock:/resource`."""
    path, colon, resource = text.partition(":")
    if not path.startswith("/"):
        raise EndpointError("path", "A UNIX socket's path begins with “/”.")
    path = "/" + path.lstrip("/")  # two slashes would begin a host
    if "\0" in path or len(path.encode()) > _MAX_SOCKET_PATH:
        raise EndpointError("path", f"A UNIX socket's path has {_MAX_SOCKET_PATH} bytes at most.")
    resource = _resource(resource) if colon else "/"
    return Endpoint(scheme, "localhost", DEFAULT_PORTS[scheme], resource, socket_path=path)


def _split_scheme(text: str) -> tuple[str | None, str]:
    match = _SCHEME.match(text)
    if match is None:
        if text.startswith("//"):
            return None, text[2:]
        if text.startswith("://"):
            raise EndpointError("scheme", "The address has no scheme before “://”; use ws or wss.")
        return None, text
    name = match.group(1).lower()
    if name not in _SCHEMES:
        raise EndpointError(
            "scheme", f"“{name}” is not a scheme of WebSocket addresses; use ws:// or wss://."
        )
    return _SCHEMES[name], text[match.end() :]


def _userinfo(userinfo: str) -> tuple[str, str | None]:
    user, colon, password = userinfo.partition(":")
    return unquote(user), unquote(password) if colon else None


def _split_port(text: str) -> tuple[str, str | None]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket:
            raise EndpointError("host", "The IPv6 address has no closing bracket “]”.")
        if rest and not rest.startswith(":"):
            raise EndpointError("host", f"“{rest}” cannot follow the bracket; a port needs “:”.")
        if ":" not in host:
            raise EndpointError("host", f"“{host}” in brackets is not an IPv6 address.")
        return host, rest[1:] if rest else None
    if text.count(":") > 1:  # an IPv6 address without brackets has no port
        return text, None
    host, colon, port = text.partition(":")
    return host, port if colon else None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= 65535):
        raise EndpointError("port", f"“{text}” is not a port; a port is a number from 1 to 65535.")
    return int(text)


def _host(text: str) -> str:
    if not text:
        raise EndpointError("host", "The address has no host name.")
    if ":" in text:
        return _ipv6(text)
    try:
        # The codec implements IDNA 2003 and refuses labels that it cannot encode.
        host = text.encode("idna").decode().lower() if not text.isascii() else text.lower()
    except UnicodeError:
        raise EndpointError("host", f"“{text}” is not a host name.") from None
    labels = host.removesuffix(".").split(".")
    if len(host) > 253 or not all(_HOST_LABEL.fullmatch(label) for label in labels):
        raise EndpointError("host", f"“{text}” is not a host name.")
    if labels[-1].isdigit():
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise EndpointError("host", f"“{text}” is not an IPv4 address.") from None
    return host


def _ipv6(text: str) -> str:
    _address, percent, zone = text.partition("%")
    try:
        if percent and not _ZONE.fullmatch(zone):
            raise ValueError(zone)
        return str(ipaddress.IPv6Address(text))
    except ValueError:
        raise EndpointError("host", f"“{text}” is not an IPv6 address.") from None


def _resource(text: str) -> str:
    if "#" in text:
        raise EndpointError(
            "fragment",
            "A WebSocket address has no fragment (“#…”); leave it out, or write “%23” for “#”.",
        )
    text = _BAD_PERCENT.sub("%25", text)
    if not text.startswith("/"):
        text = "/" + text
    return quote(text, safe=_RESOURCE_SAFE)
