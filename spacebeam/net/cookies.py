"""Cookies, and the jar that stores them between handshakes.

The jar belongs to the main loop. A handshake runs on its own thread with a copy of the cookies; its
changes are merged when it is over, so that concurrent handshakes do not undo each other's cookies.
`cookie_rules` selects the cookies for a server.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_SIZE = 4096  # bytes of name and value together (RFC 6265, section 6.1)
MAX_OF_DOMAIN = 180  # cookies
MAX_COOKIES = 3000


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that a server set (RFC 6265).

    Raise ValueError for characters that would end the cookie or its header.
    """

    name: str
    value: str
    domain: str  # for this host only; with a leading dot for subdomains too
    path: str = "/"
    expires: int | None = None  # Unix time in seconds; None: a session cookie
    is_secure: bool = False  # for wss:// only
    is_http_only: bool = False

    def __post_init__(self) -> None:
        for part in (self.name, self.value, self.domain, self.path):
            if ";" in part or any(character < " " or character == "\x7f" for character in part):
                raise ValueError("a cookie has no control characters and no “;” in it")
        if "=" in self.name:
            raise ValueError("a cookie's name has no “=” in it")

    @property
    def key(self) -> tuple[str, str, str]:
        """The cookie's identity: a cookie with the same key replaces it."""
        return self.domain, self.path, self.name


class CookieJar:
    """Stores a bounded number of cookies; the oldest are removed first.

    `keep` is called with the jar on the main loop, after each handshake that used it.
    """

    def __init__(
        self, cookies: Iterable[Cookie] = (), keep: Callable[[CookieJar], None] | None = None
    ) -> None:
        self._cookies: dict[tuple[str, str, str], Cookie] = {}
        self._of_domain: Counter[str] = Counter()
        self._keep = keep
        for cookie in cookies:
            self.add(cookie)

    def all(self) -> tuple[Cookie, ...]:
        """Return every cookie, oldest first."""
        return tuple(self._cookies.values())

    def add(self, cookie: Cookie) -> None:
        """Add a cookie; ignore one that is too long, as browsers do."""
        if len(cookie.name.encode()) + len(cookie.value.encode()) > MAX_SIZE:
            return
        self.remove(cookie)
        if self._of_domain[cookie.domain] >= MAX_OF_DOMAIN:
            self.remove(next(one for one in self.all() if one.domain == cookie.domain))
        if len(self._cookies) >= MAX_COOKIES:
            self.remove(next(iter(self._cookies.values())))
        self._cookies[cookie.key] = cookie
        self._of_domain[cookie.domain] += 1

    def remove(self, cookie: Cookie) -> None:
        """Remove the cookie with the same key, if there is one."""
        if self._cookies.pop(cookie.key, None) is not None:
            self._of_domain[cookie.domain] -= 1

    def clear(self) -> None:
        """Remove all cookies."""
        self._cookies.clear()
        self._of_domain.clear()

    def merge(self, added: Iterable[Cookie], removed: Iterable[Cookie]) -> None:
        """Apply the changes of a handshake."""
        for cookie in removed:
            self.remove(cookie)
        for cookie in added:
            self.add(cookie)
        if self._keep is not None:
            self._keep(self)


def header(explicit: Iterable[tuple[str, str]], stored: Iterable[Cookie], first: str = "") -> str:
    """Return the Cookie header of a request; empty for none (RFC 6265, section 4.2).

    `first` is a Cookie header that the person wrote; it and the `explicit` pairs replace stored
    cookies of the same name.
    """
    parts = [part for part in (one.strip() for one in first.split(";")) if part]
    parts += [f"{name}={value}" for name, value in explicit]
    given = {part.partition("=")[0].strip() for part in parts}
    for cookie in stored:
        if cookie.name not in given:
            parts.append(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value)
    return "; ".join(parts)
