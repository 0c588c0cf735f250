"""Check what a person adds to a handshake: headers, subprotocols, cookies, a proxy's address."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.6.2
_PROXY_SCHEMES = ("http", "socks5", "socks4", "socks4a", "socks")
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


class ProxyError(ValueError):
    """A proxy's address cannot be used; the message says why."""


def belongs_to_handshake(header: str) -> bool:
    """Whether a header is part of every handshake, so that a person cannot set it."""
    return header.lower() in _OWN_HEADERS


def has_control(text: str) -> bool:
    """Whether a header value has a control character other than a tab."""
    return _CONTROL.search(text) is not None


def header_fault(name: str, value: str) -> str:
    """Return why a header is invalid (RFC 9110, section 5.5); empty for a valid one."""
    if not _TOKEN.fullmatch(name):
        return f"“{name}” is not a header's name."
    if has_control(value):
        return f"The value of “{name}” has a control character in it."
    if belongs_to_handshake(name):
        return f"“{name}” belongs to the handshake; it is always sent."
    return ""


def subprotocol_fault(name: str) -> str:
    """Return why a subprotocol is invalid (RFC 6455, section 4.1); empty for a valid one."""
    return "" if _TOKEN.fullmatch(name) else f"“{name}” is not a subprotocol's name."


def cookie_fault(name: str, value: str) -> str:
    """Return why a cookie is invalid (RFC 6265, section 4.1.1); empty for a valid one.

    Servers and browsers accept more than the RFC; only characters that end a value are refused.
    """
    if not _TOKEN.fullmatch(name):
        return f"“{name}” is not a cookie's name."
    if has_control(value) or ";" in value:
        return f"The value of “{name}” has a semicolon or a control character in it."
    return ""


def check_proxy(proxy: str) -> None:
    """Raise ProxyError for an invalid proxy address."""
    parts = urlsplit(proxy)
    if parts.scheme not in _PROXY_SCHEMES:
        raise ProxyError(f"“{parts.scheme}” is not a proxy scheme; use http:// or socks5://.")
    try:
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:
        has_host = False
    if not has_host:
        raise ProxyError("The proxy's address needs a host, as in http://proxy.example:3128.")
