"""Cookie files in Netscape's format, which curl, wget and libsoup read and write.

Each line is a cookie with seven fields, separated by tabs: domain, whether subdomains are included,
path, whether it is sent over TLS only, expiry in Unix time (0: a session cookie), name, value.
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
    """A file is not in this format; the message has the line and the reason."""


def to_text(cookies: Iterable[Cookie], now: float) -> str:
    """Return the file with these cookies, without those expired at the Unix time `now`."""
    left = (one for one in cookies if one.expires is None or one.expires > now)
    return _HEAD + "".join(_line(cookie) for cookie in left)


def from_text(text: str) -> tuple[Cookie, ...]:
    """Return the cookies in a file. Raises CookieFileError for the first invalid line."""
    cookies = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        line = line.removesuffix("\r")
        is_comment = line.startswith("#") and not line.startswith(_HTTP_ONLY)
        if line.strip() and not is_comment:
            try:
                cookies.append(_cookie(line))
            except ValueError as error:
                raise CookieFileError(f"Line {number} is not a cookie: {error}.") from None
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
    # libsoup adds an eighth field, the SameSite policy.
    fields = line.removeprefix(_HTTP_ONLY).split("\t")
    if len(fields) == 6:
        fields.append("")  # the value is empty
    if len(fields) not in (7, 8):
        raise ValueError("it has not 7 fields, separated by tabs")
    domain, is_for_all, path, is_secure, expires, name, value = fields[:7]
    if not _EXPIRY.fullmatch(expires):
        raise ValueError("its fifth field is not a time in seconds")
    if not path.startswith("/"):
        raise ValueError("its third field is not a path")
    bare = domain.removeprefix(".").lower()
    if not bare:
        raise ValueError("its first field is not a host")
    return Cookie(
        name,
        value,
        f".{bare}" if is_for_all.upper() == "TRUE" else bare,
        path,
        int(expires) or None,
        is_secure.upper() == "TRUE",
        line.startswith(_HTTP_ONLY),
    )
