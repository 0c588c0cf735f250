"""Converts a profile to a plan: all values that net needs for a connection."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import reduce
from urllib.parse import quote

from spacebeam.net.backoff import Backoff
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import (
    DIRECT,
    AwsOptions,
    ConnectionLimits,
    HandshakeOptions,
    TlsOptions,
    bearer,
    with_api_key,
    with_query,
)
from spacebeam.net.proxy import with_scheme
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    OAuthSettings,
    Pair,
    PingSettings,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    Secret,
    SignIn,
    SignInMethod,
    TlsSettings,
)
from spacebeam.profiles.spoken import (
    Spoken,
    signs_in,
    spoken_by,
    spoken_endpoint,
    spoken_subprotocols,
)
from spacebeam.protocol.endpoint import Endpoint, EndpointError
from spacebeam.protocol.lifecycle import Keepalive
from spacebeam.protocol.secrets import MASK, has_mask, without_secrets


@dataclass(frozen=True, slots=True)
class ConnectionPlan:
    """All values that a connection needs."""

    endpoint: Endpoint  # with the added query parameters
    options: HandshakeOptions = field(default_factory=HandshakeOptions)
    limits: ConnectionLimits = field(default_factory=ConnectionLimits)
    keepalive: Keepalive | None = None
    backoff: Backoff | None = None  # None: do not reconnect
    answers_pings: bool = True
    is_private: bool = False  # nothing is written to the disk
    oauth: OAuthSettings | None = None  # a token is obtained before each handshake
    typed: Endpoint | None = None  # as it was typed, before anything was added; None: `endpoint`
    spoken: Spoken | None = None  # the protocol that the client speaks by itself

    @property
    def typed_endpoint(self) -> Endpoint:
        """The endpoint that the person typed; it is shown, recorded and used to connect again."""
        return self.typed or self.endpoint

    @property
    def shown_address(self) -> str:
        """The address without secrets."""
        return without_secrets(self.endpoint.url, self.options.secret_names)


def plan_for(endpoint: Endpoint, profile: Profile, jar: CookieJar | None = None) -> ConnectionPlan:
    """Return how to connect to `endpoint` with a valid profile (see `validation.validate`).

    `jar` stores the cookies that servers set, unless the profile saves none. Raise EndpointError
    for an address whose secrets are masked: the masks must not be sent.
    """
    if has_mask(endpoint.url_with_user):
        raise EndpointError(
            "address", "Enter the secret in place of {mask} in the address.", mask=MASK
        )
    request = profile.request
    spoken = spoken_endpoint(endpoint, profile.protocol.name)
    planned = with_query(spoken, _pairs(request.query))
    options = HandshakeOptions(
        headers=_pairs(request.headers),
        subprotocols=spoken_subprotocols(request.subprotocols, profile.protocol.name),
        time_limit=profile.limits.connect_timeout,
        compression=request.compression,
        cookies=_pairs(request.cookies),
        cookie_jar=jar if request.save_cookies else None,
        is_private=not profile.record,
        max_redirects=request.max_redirects if request.follow_redirects else 0,
        proxy=_proxy(profile.proxy),
        tls=_tls(profile.tls),
    )
    if profile.sign_in.method is SignInMethod.AWS:
        options = replace(options, aws=_aws(profile.aws))
    sign_ins = (
        profile.other_sign_ins
        if signs_in(profile)
        else (
            profile.sign_in,
            *profile.other_sign_ins,
        )
    )
    is_oauth = profile.sign_in.method is SignInMethod.OAUTH
    return ConnectionPlan(
        planned,
        reduce(_signed_in, sign_ins, options),
        ConnectionLimits(
            profile.limits.max_message,
            profile.limits.close_timeout,
            checks_text=profile.limits.check_text,
        ),
        _keepalive(profile.pings),
        _backoff(profile.reconnect),
        profile.pings.answer,
        not profile.record,
        profile.oauth if is_oauth else None,
        None if planned == endpoint else endpoint,
        spoken_by(profile, endpoint),
    )


def _signed_in(options: HandshakeOptions, sign_in: SignIn) -> HandshakeOptions:
    """Return the options with the credentials of the chosen method."""
    method = sign_in.method
    if method is SignInMethod.PASSWORD:
        return replace(options, user=sign_in.user, password=_known(sign_in.password))
    if method is SignInMethod.BEARER:
        return replace(options, headers=(*options.headers, bearer(_known(sign_in.token))))
    if method in (SignInMethod.NONE, SignInMethod.AWS, SignInMethod.OAUTH):
        return options
    in_query = method is SignInMethod.KEY_IN_QUERY
    return with_api_key(options, sign_in.key_name, _known(sign_in.key_value), in_query=in_query)


def _aws(aws: AwsSettings) -> AwsOptions:
    return AwsOptions(
        access_key=aws.access_key,
        secret_key=_known(aws.secret_key) if aws.access_key else "",
        session_token=_known(aws.session_token) if aws.access_key else "",
        region=aws.region.strip(),
        service=aws.service.strip(),
        profile=aws.profile,
        in_query=aws.form is AwsForm.QUERY,
    )


def _proxy(proxy: ProxySettings) -> str | None:
    if proxy.choice is ProxyChoice.SYSTEM:
        return None
    if proxy.choice is ProxyChoice.NONE:
        return DIRECT
    address = with_scheme(proxy.address)
    if not proxy.user:
        return address
    scheme, _, rest = address.partition("://")
    user, password = quote(proxy.user, safe=""), quote(_known(proxy.password), safe="")
    return f"{scheme}://{user}:{password}@{rest}"


def _tls(tls: TlsSettings) -> TlsOptions:
    has_certificate = bool(tls.certificate_file)
    return TlsOptions(
        verify=tls.verify,
        ca_file=tls.ca_file or None,
        trusted_sha256=tls.trusted_sha256 or None,
        certificate_file=tls.certificate_file or None,
        key_file=tls.key_file or None if has_certificate else None,
        password=tls.certificate_password or None if has_certificate else None,
    )


def _keepalive(pings: PingSettings) -> Keepalive | None:
    return Keepalive(pings.interval, pings.timeout) if pings.keepalive else None


def _backoff(reconnect: Reconnect) -> Backoff | None:
    if not reconnect.enabled:
        return None
    return Backoff(
        attempts=reconnect.attempts, first=reconnect.first_delay, longest=reconnect.max_delay
    )


def _pairs(pairs: tuple[Pair, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _known(value)) for name, value in pairs)


def _known(secret: Secret) -> str:
    """Return a secret that must be known: validation reports a missing one."""
    assert secret is not None
    return secret
