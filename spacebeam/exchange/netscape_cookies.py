"""Cookie files in the form of Netscape's, which curl, wget and libsoup read and write.

A line a cookie, seven fields with tabs between: domain, whether what is below it is meant too,
path, whether it is for TLS alone, expiry in Unix time (0: with the session), name, value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacebeam.net.cookies import Cookie

_HEAD = """\
# Netscape HTTP Cookie File
# Written by Spacebeam; curl reads it too.

"""
_HTTP_ONLY = "#HttpOnly_"
_TRUTHS = {True: "TRUE", False: "FALSE"}
_EXPIRY = re.compile(r"-?[0-9]{1,20}")


class CookieFileError(ValueError):
    """A file that holds no cookies in this form, and where that shows."""


def to_text(cookies: Iterable[Cookie], now: float) -> str:
    """The cookies as a file; one that has expired by `now`, a Unix time in seconds, is left out."""
    left = (one for one in cookies if one.expires is None or one.expires > now)
    return _HEAD + "".join(_line(cookie) for cookie in left)


def from_text(text: str) -> tuple[Cookie, ...]:
    """The cookies in a file. Raises CookieFileError with the first line that is none."""
    cookies = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        is_comment = line.startswith("#") and not line.startswith(_HTTP_ONLY)
        if line.strip() and not is_comment:
            try:
                cookies.append(_cookie(line))
            except ValueError as error:
                raise CookieFileError(f"Line {number} is no cookie: {error}.") from None
    return tuple(cookies)


def _line(cookie: Cookie) -> str:
    fields = (
        (_HTTP_ONLY if cookie.is_http_only else "") + cookie.domain,
        _TRUTHS[cookie.domain.startswith(".")],
        cookie.path,
        _TRUTHS[cookie.is_secure],
        str(cookie.expires or 0),
        cookie.name,
        cookie.value,
    )
    return "\t".join(fields) + "\n"


def _cookie(line: str) -> Cookie:
    # libsoup adds an eighth field, which says what other sites may do.
    fields = line.removeprefix(_HTTP_ONLY).split("\t")
    if len(fields) == 6:
        fields.append("")  # without a value
    if len(fields) not in (7, 8):
        raise ValueError(f"it has {len(fields)} fields instead of 7, with tabs between")
    domain, is_for_all, path, is_secure, expires, name, value = fields[:7]
    if not _EXPIRY.fullmatch(expires):
        raise ValueError("its fifth field is no time in seconds")
    if not path.startswith("/"):
        raise ValueError("its third field is no path")
    bare = domain.removeprefix(".")
    if not bare:
        raise ValueError("its first field is no host")
    return Cookie(
        name,
        value,
        f".{bare}" if is_for_all.upper() == "TRUE" else bare,
        path,
        int(expires) or None,
        is_secure.upper() == "TRUE",
        line.startswith(_HTTP_ONLY),
    )
