"""A one-line summary of a profile's changes from the defaults, for the first screen."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.profiles.profile import (
    Profile,
    ProxyChoice,
    RequestSettings,
    SignInMethod,
    SpokenProtocol,
    TlsSettings,
)

_SIGN_IN = {
    SignInMethod.PASSWORD: "password",
    SignInMethod.BEARER: "Bearer",
    SignInMethod.KEY_IN_HEADER: "API key",
    SignInMethod.KEY_IN_QUERY: "API key",
    SignInMethod.AWS: "AWS",
    SignInMethod.OAUTH: "OAuth 2",
}
_PROTOCOL = {SpokenProtocol.SOCKET_IO: "Socket.IO", SpokenProtocol.ENGINE_IO: "Engine.IO"}
_PROXY = {ProxyChoice.NONE: "no proxy", ProxyChoice.CUSTOM: "proxy"}


def summary(profile: Profile) -> str:
    """Return the line, empty for the defaults. Unsafe values come first."""
    return " · ".join(_parts(profile))


def _parts(profile: Profile) -> Iterator[str]:
    if not profile.tls.verify:
        yield "certificate not checked"
    if not profile.record:
        yield "not recorded"
    if profile.protocol.name in _PROTOCOL:
        yield _PROTOCOL[profile.protocol.name]
    yield from _in_request(profile.request)
    if profile.sign_in.method in _SIGN_IN:
        yield _SIGN_IN[profile.sign_in.method]
    yield from _in_tls(profile.tls)
    if profile.proxy.choice in _PROXY:
        yield _PROXY[profile.proxy.choice]
    if profile.pings.keepalive:
        yield "keepalive"
    if profile.reconnect.enabled:
        yield "reconnects"
    default = Profile()
    if profile.schemas != default.schemas:
        yield "schemas"
    if profile.limits != default.limits or profile.pings.answer != default.pings.answer:
        yield "limits"


def _in_request(request: RequestSettings) -> Iterator[str]:
    for items, word in (
        (request.headers, "header"),
        (request.query, "parameter"),
        (request.subprotocols, "subprotocol"),
        (request.cookies, "cookie"),
    ):
        if items:
            yield _count(len(items), word)
    if not request.save_cookies:
        yield "cookies not saved"
    if not request.compression:
        yield "no compression"
    if not request.follow_redirects:
        yield "no redirects"
    elif request.max_redirects != RequestSettings().max_redirects:
        yield _count(request.max_redirects, "redirect")


def _in_tls(tls: TlsSettings) -> Iterator[str]:
    if tls.trusted_sha256:
        yield "trusted certificate"
    if tls.ca_file:
        yield "custom authorities"
    if tls.certificate_file:
        yield "client certificate"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" + ("s" if number > 1 else "")
