"""Parse the address that a person types to an endpoint.

People paste `localhost:8000`, the `https://` address of a page, an IPv6 address without brackets,
a password with a slash. Path and query are sent as they were written, because servers check
signatures of them. An invalid address is refused with the part that is wrong.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from urllib.parse import quote, unquote

from spacebeam.protocol.host import HostError, in_unicode, parse_host

DEFAULT_PORTS = {"ws": 80, "wss": 443}
_MAX_SOCKET_PATH = 107  # bytes; unix(7)

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}
_FEW_SLASHES = re.compile(r"(wss?|https?):/?(?![0-9]*(?:[/?#]|$))", re.IGNORECASE)
_UNIX = re.compile(r"(wss?)\+unix:(?://(?=/))?", re.IGNORECASE)
# Path and query are encoded as in a browser (URL standard, section 1.3), which leaves `%` as it is.
# Unlike there, `'` stays in a query, where a URI may have it, and `\` in a path is no slash.
_PATH_SAFE = "!$%&'()*+,-./:;=@[]_|~"
_QUERY_SAFE = _PATH_SAFE + "?\\^`{}"
_MAX_AT_SIGNS = 16  # in a password; an address may be a stranger's, and each takes a search
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")  # left out as in a browser; a pasted line was cut
_QUOTES = ("<>", '""', "''", "``", "“”", "„“")  # around an address in mail or code
_END_OF_AUTHORITY = re.compile(r"[/?#]|$")


class EndpointError(ValueError):
    """An invalid address; `part` names the invalid part.

    The explanation is `form` with the values in place of their names, for a face that translates.
    """

    def __init__(self, part: str, form: str, **values: object) -> None:
        self.part = part
        self.form = form
        self.values = values
        self.explanation = form.format(**values)
        super().__init__(self.explanation)


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
        """Host and port as in an address, without the scheme's default port."""
        is_default = self.port == DEFAULT_PORTS[self.scheme]
        return self._bracketed_host if is_default else f"{self._bracketed_host}:{self.port}"

    @property
    def _bracketed_host(self) -> str:
        # RFC 6874 writes `%25` before an IPv6 address's zone.
        return f"[{self.host.replace('%', '%25')}]" if ":" in self.host else self.host

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
        shown = f"[{self.host}]" if ":" in self.host else in_unicode(self.host)
        return shown + self.authority.removeprefix(self._bracketed_host)


def parse(text: str) -> Endpoint:
    """Return the endpoint for an address.

    Without a scheme, loopback and private addresses get `ws`, all others `wss`; `http` and `https`
    become `ws` and `wss`. Raise EndpointError.
    """
    # Halves of surrogate pairs are no text; browsers replace them too.
    text = cleaned(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    if not text:
        raise EndpointError("address", "Enter an address, as in localhost:8000.")
    if match := _UNIX.match(text):
        return _unix(match.group(1).lower(), text[match.end() :])
    scheme, rest = _split_scheme(text)
    authority, resource = _split_authority(rest)
    userinfo, at, host_and_port = authority.rpartition("@")
    user, password = _userinfo(userinfo) if at else (None, None)
    try:
        raw_host, raw_port = _split_port(host_and_port)
        host = _host(raw_host)
        port = None if raw_port is None else _port(raw_port)
    except EndpointError as error:
        if "@" in resource:  # perhaps the invalid part belongs to a password
            raise _hidden(error.part) from None
        raise
    if scheme is None:
        scheme = "ws" if is_private(host) else "wss"
    return Endpoint(
        scheme, host, port or DEFAULT_PORTS[scheme], _resource(resource), user, password
    )


def cleaned(text: str) -> str:
    """Return an address without the line breaks and quotes that it was pasted with."""
    return _without_quotes(text.strip().translate(_LINE_BREAKS))


def split_userinfo(text: str) -> tuple[str, str, str]:
    """Split a cleaned address around its user and password, even if it is invalid.

    The first two parts are "" if it has none.
    """
    if _UNIX.match(text):
        return "", "", text
    try:
        _scheme, rest = _split_scheme(text)
    except EndpointError:
        rest = text.partition("://")[2]
    userinfo, at, _host = _split_authority(rest)[0].rpartition("@")
    start = len(text) - len(rest)
    return (text[:start], userinfo, text[start + len(userinfo) :]) if at else ("", "", text)


def unescaped(text: str) -> str:
    """Decode percent signs of UTF-8, else of Latin-1; any other `%` stands for itself."""
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return unquote(text, "latin-1")


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
        raise EndpointError(
            "path", "A UNIX socket's path has {limit} bytes at most.", limit=_MAX_SOCKET_PATH
        )
    resource = _resource(resource) if colon else "/"
    return Endpoint(scheme, "localhost", DEFAULT_PORTS[scheme], resource, socket_path=path)


def _without_quotes(text: str) -> str:
    """Return an address without the quotes that it was copied with (RFC 3986, appendix C)."""
    is_quoted = len(text) > 1 and text[0] + text[-1] in _QUOTES
    return text[1:-1].strip() if is_quoted else text


def _split_scheme(text: str) -> tuple[str | None, str]:
    match = _SCHEME.match(text) or _FEW_SLASHES.match(text)
    if match is None:
        if text.startswith("//"):
            return None, text[2:]
        if text.startswith("://"):
            raise EndpointError("scheme", "The address has no scheme before “://”; use ws or wss.")
        return None, text
    name = match.group(1).lower()
    if name not in _SCHEMES:
        raise EndpointError(
            "scheme",
            "“{name}” is not a scheme of WebSocket addresses; use ws:// or wss://.",
            name=name,
        )
    return _SCHEMES[name], text[match.end() :]


def _split_authority(text: str) -> tuple[str, str]:
    """Split at the first `/`, `?` or `#`, as RFC 3986, browsers and curl do.

    Where that makes an address invalid that has a later `@`, the character was part of a password,
    and the authority ends after the `@`.
    """
    end = _end_of_authority(text, 0)
    for _ in range(_MAX_AT_SIGNS):
        if "@" not in text[end:] or not _ends_in_password(text[:end], text[end:]):
            break
        end = _end_of_authority(text, text.index("@", end))
    return text[:end], text[end:]


def _end_of_authority(text: str, start: int) -> int:
    match = _END_OF_AUTHORITY.search(text, start)
    return len(text) if match is None else match.start()


def _ends_in_password(authority: str, rest: str) -> bool:
    """Whether an authority ends within a password: what should be its port cannot be one."""
    userinfo, _at, host_and_port = authority.rpartition("@")
    if ":" in userinfo and "@" in rest.partition("#")[2]:
        return True  # no WebSocket address has a fragment
    port = host_and_port.partition(":")[2]
    if host_and_port.startswith("[") or not port or port[0].isdigit():
        return False
    try:
        parse_host(host_and_port)  # an IPv6 address without brackets
    except HostError:
        return True
    return False


def _hidden(part: str) -> EndpointError:
    """Return the error of an invalid part that is not to be shown."""
    return EndpointError(
        part,
        "The {where} is not valid. If the password contains “/”, “?” or “#”, "
        "write “%2F”, “%3F” or “%23”.",
        where=part,
    )


def _userinfo(userinfo: str) -> tuple[str, str | None]:
    user, colon, password = userinfo.partition(":")
    return unescaped(user), unescaped(password) if colon else None


def _split_port(text: str) -> tuple[str, str | None]:
    if text.startswith("["):
        host, bracket, rest = text[1:].partition("]")
        if not bracket:
            raise EndpointError("host", "The IPv6 address has no closing bracket “]”.")
        if rest and not rest.startswith(":"):
            raise EndpointError(
                "host", "“{rest}” cannot follow the bracket; a port needs “:”.", rest=rest
            )
        if ":" not in host:
            raise EndpointError("host", "“{host}” in brackets is not an IPv6 address.", host=host)
        return host, rest[1:] if rest else None
    if text.count(":") > 1:  # an IPv6 address without brackets has no port
        return text, None
    host, colon, port = text.partition(":")
    return host, port if colon else None


def _port(text: str) -> int:
    if not text:
        raise EndpointError("port", "The address has no port after “:”.")
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and 1 <= int(text) <= 65535):
        raise EndpointError(
            "port", "“{text}” is not a port; a port is a number from 1 to 65535.", text=text
        )
    return int(text)


def _host(text: str) -> str:
    if not text:
        raise EndpointError("host", "The address has no host name.")
    try:
        return parse_host(text)
    except HostError as error:
        raise EndpointError("host", error.form, **error.values) from None


def _resource(text: str) -> str:
    if "#" in text:
        raise EndpointError(
            "fragment",
            "A WebSocket address has no fragment (“#…”); leave it out, or write “%23” for “#”.",
        )
    return encoded_resource(text)


def encoded_resource(text: str) -> str:
    """Return a path and query, as they were written, in characters that a request may have."""
    if not text.startswith("/"):
        text = "/" + text
    path, mark, query = text.partition("?")
    return quote(path, safe=_PATH_SAFE) + mark + quote(query, safe=_QUERY_SAFE)
