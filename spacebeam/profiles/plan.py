"""From what a person has decided to what the wire takes: one pure step, in one place."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import quote

from spacebeam.net.backoff import Backoff
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import (
    DIRECT,
    ConnectionLimits,
    HandshakeOptions,
    TlsOptions,
    bearer,
    with_api_key,
    with_query,
)
from spacebeam.profiles.profile import (
    Authentication,
    Pair,
    Profile,
    ProxyUse,
    Secret,
)
from spacebeam.protocol.endpoint import Endpoint
from spacebeam.protocol.lifecycle import Keepalive

_MIB = 1024 * 1024
_KEYS = (Authentication.KEY_IN_HEADER, Authentication.KEY_IN_QUERY)


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """Everything that a connection is made with."""

    endpoint: Endpoint  # with the query parameters that were added
    options: HandshakeOptions = field(default_factory=HandshakeOptions)
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    keepalive: Keepalive | None = None
    backoff: Backoff | None = None  # how to come back when the connection is lost
    answers_pings: bool = True
    is_private: bool = False  # nothing of it is written to the disk
    typed: Endpoint | None = None  # without what was added to the query; None: `endpoint`

    @property
    def typed_endpoint(self) -> Endpoint:
        """The endpoint as the person gave it: what is shown, recorded and connected to again."""
        return self.typed or self.endpoint


def plan_for(endpoint: Endpoint, settings: Profile, jar: CookieJar | None = None) -> ConnectionPlan:
    """How to connect to `endpoint`. The settings have no mistakes (see `mistakes.find`)."""
    by_password = settings.authentication is Authentication.PASSWORD
    options = HandshakeOptions(
        headers=_headers(settings),
        subprotocols=settings.subprotocols,
        time_limit=settings.connect_time,
        compression=settings.compression,
        user=settings.user if by_password else None,
        password=settings.password if by_password else None,
        cookies=_whole(settings.cookies),
        max_redirects=settings.max_redirects if settings.follow_redirects else 0,
        proxy=_proxy(settings),
        tls=_tls(settings),
        cookie_jar=jar if settings.keep_cookies else None,
    )
    if settings.authentication in _KEYS:
        in_query = settings.authentication is Authentication.KEY_IN_QUERY
        key = _known(settings.key_value)
        options = with_api_key(options, settings.key_name, key, in_query=in_query)
    planned = with_query(endpoint, _whole(settings.query))
    return ConnectionPlan(
        planned,
        options,
        ConnectionLimits(max_message=settings.max_message * _MIB, close_time=settings.close_time),
        Keepalive(settings.keepalive_interval, settings.keepalive_limit)
        if settings.keepalive
        else None,
        Backoff(
            attempts=settings.reconnect_attempts,
            first=settings.reconnect_first,
            longest=settings.reconnect_longest,
        )
        if settings.reconnect
        else None,
        settings.answers_pings,
        not settings.keeps_recording,
        None if planned == endpoint else endpoint,
    )


def _headers(settings: Profile) -> tuple[tuple[str, str], ...]:
    headers = _whole(settings.headers)
    if settings.authentication is Authentication.BEARER:
        return (*headers, bearer(_known(settings.token)))
    return headers


def _proxy(settings: Profile) -> str | None:
    if settings.proxy is ProxyUse.SYSTEM:
        return None
    if settings.proxy is ProxyUse.NONE:
        return DIRECT
    scheme, _, rest = settings.proxy_address.strip().partition("://")
    if not settings.proxy_user:
        return f"{scheme}://{rest}"
    user, password = quote(settings.proxy_user, safe=""), _known(settings.proxy_password)
    return f"{scheme}://{user}:{quote(password, safe='')}@{rest}"


def _tls(settings: Profile) -> TlsOptions:
    has_own = bool(settings.certificate_file)
    return TlsOptions(
        verify=settings.verify,
        ca_file=settings.ca_file or None,
        trusted_sha256=settings.trusted_sha256 or None,
        certificate_file=settings.certificate_file or None,
        key_file=settings.key_file or None if has_own else None,
        password=settings.certificate_password or None if has_own else None,
    )


def _whole(pairs: tuple[Pair, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _known(value)) for name, value in pairs)


def _known(secret: Secret) -> str:
    """A secret that is there; that one is missing is a mistake, found before."""
    assert secret is not None
    return secret
