"""What differs from the defaults, in a short line for the first screen."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.profiles.profile import Authentication, Profile, ProxyUse

_AUTHENTICATION = {
    Authentication.PASSWORD: "password",
    Authentication.BEARER: "Bearer",
    Authentication.KEY_IN_HEADER: "API key",
    Authentication.KEY_IN_QUERY: "API key",
}
_PROXY = {ProxyUse.NONE: "no proxy", ProxyUse.OWN: "proxy"}
_LIMITS = ("connect_time", "close_time", "max_message", "answers_pings")


def summary(settings: Profile) -> str:
    """The line; nothing where all is as always. What is unsafe comes first."""
    return " · ".join(_parts(settings))


def _parts(settings: Profile) -> Iterator[str]:
    if not settings.verify:
        yield "certificate not checked"
    if not settings.keeps_recording:
        yield "not recorded"
    yield from _in_request(settings)
    if settings.authentication in _AUTHENTICATION:
        yield _AUTHENTICATION[settings.authentication]
    yield from _in_tls(settings)
    if settings.proxy in _PROXY:
        yield _PROXY[settings.proxy]
    if settings.keepalive:
        yield "keepalive"
    if settings.reconnect:
        yield "reconnects"
    default = Profile()
    if any(getattr(settings, name) != getattr(default, name) for name in _LIMITS):
        yield "limits"


def _in_request(settings: Profile) -> Iterator[str]:
    for items, word in (
        (settings.headers, "header"),
        (settings.query, "parameter"),
        (settings.subprotocols, "subprotocol"),
        (settings.cookies, "cookie"),
    ):
        if items:
            yield f"{len(items)} {word}" + ("s" if len(items) > 1 else "")
    if not settings.keep_cookies:
        yield "cookies not kept"
    if not settings.compression:
        yield "no compression"
    if not settings.follow_redirects:
        yield "no redirects"
    elif settings.max_redirects != Profile().max_redirects:
        yield f"{settings.max_redirects} redirect" + ("s" if settings.max_redirects > 1 else "")


def _in_tls(settings: Profile) -> Iterator[str]:
    if settings.trusted_sha256:
        yield "trusted certificate"
    if settings.ca_file:
        yield "own authority"
    if settings.certificate_file:
        yield "client certificate"
