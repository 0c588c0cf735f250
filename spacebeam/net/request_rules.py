"""Check what a person adds to a handshake: headers, subprotocols, cookies, a proxy's address."""

from __future__ import annotations

import re
from enum import Enum
from urllib.parse import urlsplit

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.6.2
_PROXY_SCHEMES = ("http", "https", "socks5", "socks5h", "socks4", "socks4a", "socks")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_OWN_HEADERS = frozenset(
    (
        "connection",
        "sec-websocket-extensions",
        "sec-websocket-key",
        "sec-websocket-version",
        "upgrade",
    )
)


class RequestFault(Enum):
    """Why a header, subprotocol or cookie is invalid."""

    INVALID_NAME = "invalid name"
    CONTROL_CHARACTER = "control character"
    SEMICOLON = "semicolon"
    BELONGS_TO_HANDSHAKE = "belongs to the handshake"


class ProxyError(ValueError):
    """A proxy's address is invalid; `scheme` is its wrong scheme, empty if the host is missing."""

    def __init__(self, scheme: str = "", source: str = "") -> None:
        super().__init__(scheme or "no host")
        self.scheme = scheme
        self.source = source  # as in `Proxy`


def belongs_to_handshake(header: str) -> bool:
    """Whether a header is part of every handshake, so that a person cannot set it."""
    return header.lower() in _OWN_HEADERS


def has_control(text: str) -> bool:
    """Whether a header value has a control character other than a tab."""
    return _CONTROL.search(text) is not None


def header_fault(name: str, value: str) -> RequestFault | None:
    """Return why a header is invalid (RFC 9110, section 5.5); None for a valid one."""
    if not _TOKEN.fullmatch(name):
        return RequestFault.INVALID_NAME
    if has_control(value):
        return RequestFault.CONTROL_CHARACTER
    return RequestFault.BELONGS_TO_HANDSHAKE if belongs_to_handshake(name) else None


def subprotocol_fault(name: str) -> RequestFault | None:
    """Return why a subprotocol is invalid (RFC 6455, section 4.1); None for a valid one."""
    return None if _TOKEN.fullmatch(name) else RequestFault.INVALID_NAME


def cookie_fault(name: str, value: str) -> RequestFault | None:
    """Return why a cookie is invalid (RFC 6265, section 4.1.1); None for a valid one.

    Servers and browsers accept more than the RFC; only characters that end a value are refused.
    """
    if not _TOKEN.fullmatch(name):
        return RequestFault.INVALID_NAME
    if has_control(value):
        return RequestFault.CONTROL_CHARACTER
    return RequestFault.SEMICOLON if ";" in value else None


def check_proxy(proxy: str) -> None:
    """Raise ProxyError for an invalid proxy address."""
    parts = urlsplit(proxy)
    if parts.scheme not in _PROXY_SCHEMES:
        raise ProxyError(parts.scheme or proxy)
    try:
        proxy.encode()  # an environment variable may have any bytes
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ProxyError


_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_of_this_computer(url: str) -> bool:
    """Whether a redirect's address can be listened on."""
    try:
        parts = urlsplit(url.strip())
        _ = parts.port  # raises ValueError
    except ValueError:
        return False
    is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
    return parts.scheme == "http" and parts.hostname in _LOOPBACK and is_plain
