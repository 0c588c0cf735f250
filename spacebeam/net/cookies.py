"""Cookies as values, and the jar they are kept in between handshakes.

The jar lives on the main loop. A handshake runs on a thread of its own and takes a snapshot with
it; what the server changed is merged when it is over, so that handshakes that run at the same time
do not undo each other's cookies. Who gets which cookie is decided in `cookie_rules`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MAX_SIZE = 4096  # bytes of name and value together (RFC 6265, section 6.1)
MAX_OF_DOMAIN = 180
MAX_COOKIES = 3000


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie that a server set (RFC 6265).

    Raises ValueError for characters that would end it, and the header it is sent in.
    """

    name: str
    value: str
    domain: str  # for this host alone; with a leading dot for all below it too
    path: str = "/"
    expires: int | None = None  # Unix time in seconds; None: it is forgotten with the jar
    is_secure: bool = False  # for wss:// alone
    is_http_only: bool = False

    def __post_init__(self) -> None:
        for part in (self.name, self.value, self.domain, self.path):
            if ";" in part or any(character < " " or character == "\x7f" for character in part):
                raise ValueError("a cookie has no control characters and no “;” in it")
        if "=" in self.name:
            raise ValueError("a cookie's name has no “=” in it")

    @property
    def key(self) -> tuple[str, str, str]:
        """What a cookie is known by: one with the same takes its place."""
        return self.domain, self.path, self.name


class CookieJar:
    """Keeps cookies from one handshake to the next, in bounded number; the oldest go first.

    `keep` is called with the jar after each handshake that used it, on the main loop.
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
        """Every cookie in it, in the order they came."""
        return tuple(self._cookies.values())

    def add(self, cookie: Cookie) -> None:
        """Put a cookie in; one that is too long is left out, as browsers do."""
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
        """Take out the cookie of the same key, if there is one."""
        if self._cookies.pop(cookie.key, None) is not None:
            self._of_domain[cookie.domain] -= 1

    def clear(self) -> None:
        """Take out all."""
        self._cookies.clear()
        self._of_domain.clear()

    def merge(self, added: Iterable[Cookie], removed: Iterable[Cookie]) -> None:
        """Take over what a handshake changed."""
        for cookie in removed:
            self.remove(cookie)
        for cookie in added:
            self.add(cookie)
        if self._keep is not None:
            self._keep(self)


def header(explicit: Iterable[tuple[str, str]], kept: Iterable[Cookie], first: str = "") -> str:
    """The one Cookie header of a request; empty for none (RFC 6265, section 4.2).

    `first` is a Cookie header that the person wrote; it and the `explicit` pairs win over the kept
    ones of the same name.
    """
    parts = [part for part in (one.strip() for one in first.split(";")) if part]
    parts += [f"{name}={value}" for name, value in explicit]
    given = {part.partition("=")[0].strip() for part in parts}
    for cookie in kept:
        if cookie.name not in given:
            parts.append(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value)
    return "; ".join(parts)
