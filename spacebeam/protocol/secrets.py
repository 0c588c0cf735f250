"""Recognise secrets in headers and query parameters by name, and remove them from addresses.

Recordings, settings and logs are passed on to others and must not contain credentials.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote

LEFT_OUT = "not-kept"  # replaces a parameter's value; needs no encoding in an address

_NAME = re.compile(
    r"auth|token|secret|passw|pwd|session|cookie|signature|credential|jwt|key$|sid$|\bsig$"
)
_SCHEME = re.compile(r"(?:basic|bearer|digest|token)\s", re.IGNORECASE)
# In an address or in text around it. An apostrophe or a second `?` may be part of a value.
_PARAMETER = re.compile(r'[?&#]([^=&?#\s"<>]+)=')
_VALUE = re.compile(r'[^&#\s"<>]*')
_USERINFO = re.compile(r'//[^/?#\s"<>]*@')


def is_secret_name(name: str) -> bool:
    """Whether a header or parameter of this name is a credential."""
    return _NAME.search(name.lower()) is not None


def scheme_of(value: str) -> str:
    """Return the scheme of an Authorization value (`Bearer`); empty for other values."""
    match = _SCHEME.match(value)
    return "" if match is None else match.group().strip()


def without_secrets(text: str, names: Collection[str] = ()) -> str:
    """Return an address, or a text with addresses, without their credentials.

    Removed are user and password, and the values of parameters that `is_secret_name` recognises or
    that are in `names`, in lower case.
    """
    text = _USERINFO.sub("//", text)
    pieces, done = [], 0
    for match in _PARAMETER.finditer(text):
        if match.start() >= done and _is_secret(unquote(match.group(1)).lower(), names):
            pieces += [text[done : match.end()], LEFT_OUT]
            value = _VALUE.match(text, match.end())
            done = match.end() if value is None else value.end()
    return "".join((*pieces, text[done:]))


def _is_secret(name: str, names: Collection[str]) -> bool:
    # In HTML it may be written `&amp;name=`.
    return is_secret_name(name) or name.rpartition(";")[2] in names
