"""Gives the cookies of Insomnia's jar to the connections whose server they are for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from spacebeam.exchange.collections.importers.values import flag, text
from spacebeam.exchange.losses import Loss, NamedLosses
from spacebeam.net.request_rules import cookie_fault
from spacebeam.profiles.collection import Folder, SavedConnection, Variable, by_name
from spacebeam.profiles.profile import MAX_PAIRS
from spacebeam.profiles.variables import Resolver, TooLongError
from spacebeam.protocol.endpoint import EndpointError, parse

_MAX_COOKIES = 1000


class _JarCookie(NamedTuple):
    name: str
    value: str
    domain: str
    path: str
    only_host: bool
    is_secure: bool


def with_cookies(folder: Folder, jar: Iterable[dict[str, Any]], losses: NamedLosses) -> Folder:
    """Return a folder with the jar's cookies in its connections; the others are lost."""
    cookies = [
        _JarCookie(
            text(one.get("key")),
            text(one.get("value")),
            text(one.get("domain")).lstrip(".").lower(),
            text(one.get("path")) or "/",
            flag(one.get("hostOnly")),
            flag(one.get("secure")),
        )
        for one in list(jar)[:_MAX_COOKIES]
    ]
    used: set[_JarCookie] = set()
    folder = _in_folder(folder, cookies, (), used)
    for _ in set(cookies) - used:
        losses.lose(Loss.COOKIES)
    return folder


def _in_folder(
    folder: Folder,
    cookies: list[_JarCookie],
    above: tuple[Variable, ...],
    used: set[_JarCookie],
) -> Folder:
    inside = above + folder.variables
    return replace(
        folder,
        folders=tuple(_in_folder(one, cookies, inside, used) for one in folder.folders),
        connections=tuple(_in_connection(one, cookies, inside, used) for one in folder.connections),
    )


def _in_connection(
    connection: SavedConnection,
    cookies: list[_JarCookie],
    above: tuple[Variable, ...],
    used: set[_JarCookie],
) -> SavedConnection:
    if not cookies or not connection.profile.request.save_cookies:
        return connection  # it does not send the jar's
    try:
        address = Resolver(by_name(above, connection.variables)).text(connection.address)
        endpoint = parse(address)
    except (TooLongError, EndpointError):
        return connection
    path = "/" + endpoint.resource.lstrip("/")
    found = [
        one
        for one in cookies
        if _is_for(one, endpoint.host.lower(), path, endpoint.is_secure)
        and cookie_fault(one.name, one.value) is None
    ]
    used.update(found)
    request = connection.profile.request
    pairs = (*request.cookies, *((one.name, one.value) for one in found))[:MAX_PAIRS]
    changed = replace(request, cookies=pairs)
    return replace(connection, profile=replace(connection.profile, request=changed))


def _is_for(cookie: _JarCookie, host: str, path: str, is_secure: bool) -> bool:
    """Whether a server gets a cookie (RFC 6265, section 5.4)."""
    in_domain = host == cookie.domain or (
        not cookie.only_host and host.endswith(f".{cookie.domain}")
    )
    under = cookie.path if cookie.path.endswith("/") else f"{cookie.path}/"
    in_path = path.partition("?")[0] == cookie.path or path.startswith(under)
    return in_domain and in_path and (is_secure or not cookie.is_secure)
