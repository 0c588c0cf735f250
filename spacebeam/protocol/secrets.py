"""What lets somebody in, by its name: headers and query parameters, and how to leave it out.

Recordings and settings are kept and handed on; what signed a person in is not for those who get
them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import unquote

LEFT_OUT = "not-kept"  # in place of a parameter's value; may stand in an address as it is

_NAME = re.compile(
    r"auth|token|secret|passw|pwd|session|cookie|signature|credential|jwt|key$|sid$|\bsig$"
)
_SCHEME = re.compile(r"(?:basic|bearer|digest|token)\s", re.IGNORECASE)
# In an address or in any text around one. An apostrophe or another `?` may be part of a value.
_PARAMETER = re.compile(r'[?&#]([^=&?#\s"<>]+)=')
_VALUE = re.compile(r'[^&#\s"<>]*')
_USERINFO = re.compile(r'//[^/?#\s"<>]*@')


def is_secret_name(name: str) -> bool:
    """Whether a header or parameter of this name lets somebody in."""
    return _NAME.search(name.lower()) is not None


def scheme_of(value: str) -> str:
    """How a header's value signs in (`Bearer`); empty where it is no such value."""
    match = _SCHEME.match(value)
    return "" if match is None else match.group().strip()


def without_secrets(text: str, names: Collection[str] = ()) -> str:
    """Addresses, alone or in a text, without what stands in them to let somebody in.

    That is user and password, and the values of parameters whose name says so or is one of
    `names`, which are in lower case.
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
    # In a page's source it may be written `&amp;name=`.
    return is_secret_name(name) or name.rpartition(";")[2] in names
