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
from spacebeam.wording.i18n import _, ngettext

_PROTOCOL = {
    SpokenProtocol.SOCKET_IO: "Socket.IO",
    SpokenProtocol.ENGINE_IO: "Engine.IO",
    SpokenProtocol.GRAPHQL: "GraphQL",
    SpokenProtocol.GRAPHQL_WS: "GraphQL (graphql-ws)",
    SpokenProtocol.PHOENIX: "Phoenix",
    SpokenProtocol.STOMP: "STOMP",
    SpokenProtocol.MQTT: "MQTT",
    SpokenProtocol.MQTT_5: "MQTT 5",
    SpokenProtocol.SIGNALR: "SignalR",
    SpokenProtocol.SIGNALR_MESSAGE_PACK: "SignalR (MessagePack)",
}


def summary(profile: Profile) -> str:
    """Return the line, empty for the defaults. Unsafe values come first."""
    return " · ".join(_parts(profile))


def _parts(profile: Profile) -> Iterator[str]:
    if not profile.tls.verify:
        yield _("certificate not checked")
    if not profile.record:
        yield _("not recorded")
    if profile.protocol.name in _PROTOCOL:
        yield _PROTOCOL[profile.protocol.name]
    yield from _in_request(profile.request)
    sign_ins = (profile.sign_in, *profile.other_sign_ins)
    yield from (words for one in sign_ins if (words := _sign_in_words(one.method)))
    yield from _in_tls(profile.tls)
    if profile.proxy.choice is not ProxyChoice.SYSTEM:
        yield _("no proxy") if profile.proxy.choice is ProxyChoice.NONE else _("proxy")
    if profile.pings.keepalive:
        yield _("keepalive")
    if profile.reconnect.enabled:
        yield _("reconnects")
    default = Profile()
    if profile.schemas != default.schemas:
        yield _("schemas")
    if profile.limits != default.limits or profile.pings.answer != default.pings.answer:
        yield _("limits")


def _sign_in_words(method: SignInMethod) -> str:
    match method:
        case SignInMethod.PASSWORD:
            return _("password")
        case SignInMethod.BEARER:
            return "Bearer"
        case SignInMethod.KEY_IN_HEADER | SignInMethod.KEY_IN_QUERY:
            return _("API key")
        case SignInMethod.AWS:
            return "AWS"
        case SignInMethod.OAUTH:
            return "OAuth 2"
    return ""


def _in_request(request: RequestSettings) -> Iterator[str]:
    headers, parameters = len(request.headers), len(request.query)
    subprotocols, cookies = len(request.subprotocols), len(request.cookies)
    for count, words in (
        (headers, ngettext("{count} header", "{count} headers", headers)),
        (parameters, ngettext("{count} parameter", "{count} parameters", parameters)),
        (subprotocols, ngettext("{count} subprotocol", "{count} subprotocols", subprotocols)),
        (cookies, ngettext("{count} cookie", "{count} cookies", cookies)),
    ):
        if count:
            yield words.format(count=count)
    if not request.save_cookies:
        yield _("cookies not saved")
    if not request.compression:
        yield _("no compression")
    if not request.follow_redirects:
        yield _("no redirects")
    elif request.max_redirects != RequestSettings().max_redirects:
        count = request.max_redirects
        yield ngettext("{count} redirect", "{count} redirects", count).format(count=count)


def _in_tls(tls: TlsSettings) -> Iterator[str]:
    if tls.trusted_sha256:
        yield _("trusted certificate")
    if tls.ca_file:
        yield _("custom authorities")
    if tls.certificate_file:
        yield _("client certificate")
