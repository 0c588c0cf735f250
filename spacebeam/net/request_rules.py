"""Check headers, subprotocols and cookies that a person adds to the handshake's request."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")  # RFC 9110, section 5.6.2
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
