"""Which cookies a server gets and may set, by libsoup's rules (Soup.CookieJar; RFC 6265).

Soup.CookieJar belongs to one thread, so each handshake makes its own jar from plain values.
"""

from __future__ import annotations

from collections.abc import Iterable

from gi.repository import GLib

from spacebeam.net.cookies import MAX_SIZE, Cookie, CookieJar, header
from spacebeam.net.options import HandshakeOptions
from spacebeam.net.request_rules import has_control
from spacebeam.net.soup import Soup
from spacebeam.protocol.endpoint import Endpoint

_MAX_LINE = 2 * MAX_SIZE  # bytes of a Set-Cookie with its attributes
_MAX_TIME = 253_402_300_799  # Unix time in seconds; the end of GLib's last year, 9999
# libsoup stores no cookies for a host named like a top-level domain: `chat`, `app`, `dev`.
# Containers have such names, so the jar gets a longer name for every name without a dot.
_SINGLE_LABEL = ".single-label.invalid"


def cookies_for(jar: CookieJar, endpoint: Endpoint) -> tuple[Cookie, ...]:
    """Return the cookies that a handshake with `endpoint` sends, without expired ones."""
    return _sent(_soup_jar(jar.all()), endpoint)


class HandshakeCookies:
    """The cookies of one handshake with all its redirects, on the handshake's thread."""

    def __init__(self, stored: tuple[Cookie, ...]) -> None:
        self._stored = stored
        self._jar: Soup.CookieJar | None = None
        self._before: dict[tuple[str, str, str], Cookie] = {}

    def header(self, endpoint: Endpoint, options: HandshakeOptions) -> str:
        """Return the Cookie header of a request; empty for none."""
        first = "; ".join(value for name, value in options.headers if name.lower() == "cookie")
        return header(options.cookies, _sent(self._opened(), endpoint), first)

    def store(self, endpoint: Endpoint, lines: Iterable[str]) -> None:
        """Store the cookies of a response's Set-Cookie headers."""
        for line in lines:
            if len(line.encode()) <= _MAX_LINE and not has_control(line):
                self._opened().set_cookie(_uri(endpoint), line)

    def changes(self) -> tuple[list[Cookie], list[Cookie]]:
        """Return the added or changed cookies, and the removed ones."""
        if self._jar is None:
            return [], []
        after = _by_key(self._jar)
        added = [cookie for key, cookie in after.items() if self._before.get(key) != cookie]
        removed = [cookie for key, cookie in self._before.items() if key not in after]
        return added, removed

    def _opened(self) -> Soup.CookieJar:
        """Return the jar; make it on the handshake's thread, to which it belongs."""
        if self._jar is None:
            self._jar = _soup_jar(self._stored)
            self._before = _by_key(self._jar)
        return self._jar


def _soup_jar(cookies: Iterable[Cookie]) -> Soup.CookieJar:
    jar = Soup.CookieJar.new()
    for cookie in cookies:
        domain = _jar_host(cookie.domain)
        one = Soup.Cookie.new(cookie.name, cookie.value, domain, cookie.path, -1)
        one.set_secure(cookie.is_secure)
        one.set_http_only(cookie.is_http_only)
        if cookie.expires is not None:
            one.set_expires(_moment(cookie.expires))
        jar.add_cookie(one)
    return jar


def _moment(seconds: int) -> GLib.DateTime:
    moment = GLib.DateTime.new_from_unix_utc(max(0, min(seconds, _MAX_TIME)))
    assert moment is not None  # within GLib's years
    return moment


def _by_key(jar: Soup.CookieJar) -> dict[tuple[str, str, str], Cookie]:
    return {cookie.key: cookie for cookie in _values(jar.all_cookies())}


def _sent(jar: Soup.CookieJar, endpoint: Endpoint) -> tuple[Cookie, ...]:
    return tuple(_values(jar.get_cookie_list(_uri(endpoint), True)))


def _values(cookies: Iterable[Soup.Cookie]) -> Iterable[Cookie]:
    for one in cookies:
        expires = one.get_expires()
        try:
            yield Cookie(
                one.get_name() or "",
                one.get_value() or "",
                (one.get_domain() or "").removesuffix(_SINGLE_LABEL),
                one.get_path() or "/",
                None if expires is None else expires.to_unix(),
                one.get_secure(),
                one.get_http_only(),
            )
        except ValueError:
            continue  # its characters cannot be sent


def _uri(endpoint: Endpoint) -> GLib.Uri:
    """Return the same address with http for ws, https for wss, and without a query.

    GLib.Uri.parse would refuse percent signs that are not UTF-8; a URI that is built may have any.
    """
    scheme = "https" if endpoint.is_secure else "http"
    host, path = _jar_host(endpoint.host), endpoint.resource.partition("?")[0]
    return GLib.Uri.build(
        GLib.UriFlags.ENCODED, scheme, None, host, endpoint.port, path, None, None
    )


def _jar_host(host: str) -> str:
    is_single = "." not in host.removeprefix(".") and ":" not in host and host != "localhost"
    return host + _SINGLE_LABEL if is_single else host
