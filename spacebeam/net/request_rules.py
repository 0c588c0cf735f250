"""What a person may put into a handshake's request, and in a sentence why not.

Terminal and window ask here, so that both refuse the same things with the same words.
"""

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
    """Whether a header is always sent, with a value that is not for a person to choose."""
    return header.lower() in _OWN_HEADERS


def has_control(text: str) -> bool:
    """Whether there is a control character in it that no header may hold (a tab it may)."""
    return _CONTROL.search(text) is not None


def header_fault(name: str, value: str) -> str:
    """What is wrong with a header (RFC 9110, section 5.5); nothing for a good one."""
    if not _TOKEN.fullmatch(name):
        return f"“{name}” is not a header's name."
    if has_control(value):
        return f"The value of “{name}” has a control character in it."
    if belongs_to_handshake(name):
        return f"“{name}” belongs to the handshake; it is always sent."
    return ""


def subprotocol_fault(name: str) -> str:
    """What is wrong with a subprotocol's name (RFC 6455, section 4.1); nothing for a good one."""
    return "" if _TOKEN.fullmatch(name) else f"“{name}” is not a subprotocol's name."


def cookie_fault(name: str, value: str) -> str:
    """What is wrong with a cookie (RFC 6265, section 4.1.1); nothing for a good one.

    Servers and browsers take more in a value than the RFC has; only what would end it is refused.
    """
    if not _TOKEN.fullmatch(name):
        return f"“{name}” is not a cookie's name."
    if has_control(value) or ";" in value:
        return f"The value of “{name}” has a semicolon or a control character in it."
    return ""
