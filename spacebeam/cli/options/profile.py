"""Converts the options of a command line to a profile, validates it, and returns the plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from click import BadParameter, UsageError

from spacebeam.cli.cookie_file import write
from spacebeam.cli.options.missing_secret import missing_secret
from spacebeam.cli.options.oauth import changed_sign_in, oauth_of, uses_oauth
from spacebeam.cli.options.protocol import protocol_of
from spacebeam.cli.options.schemas import schema_files
from spacebeam.cli.options.target import print_left_out
from spacebeam.cli.options.values import CookieSource
from spacebeam.cli.password import ask_password
from spacebeam.net.backoff import Backoff
from spacebeam.net.cookies import CookieJar
from spacebeam.net.options import DIRECT, split_certificate
from spacebeam.net.proxy import with_scheme
from spacebeam.profiles.overlay import overlaid
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    Limits,
    PingSettings,
    Profile,
    ProxyChoice,
    ProxySettings,
    Reconnect,
    RequestSettings,
    SignIn,
    SignInMethod,
    TlsSettings,
    value_at,
    with_values,
)
from spacebeam.profiles.saved_profile import without_credentials
from spacebeam.profiles.validation import Problem, ValidationError, validate
from spacebeam.profiles.variables import has_variables
from spacebeam.protocol.endpoint import Endpoint, EndpointError
from spacebeam.wording.validation import validation_words

# The options for each field of a profile.
OPTIONS = {
    "request.headers": ("-H", "--header"),
    "request.query": ("-q", "--query"),
    "request.cookies": ("-b", "--cookie"),
    "request.subprotocols": ("--subprotocol",),
    "sign_in.user": ("-u", "--user"),
    "sign_in.password": ("-u", "--user"),
    "sign_in.token": ("--bearer",),
    "sign_in.key_name": ("--api-key",),
    "sign_in.key_value": ("--api-key",),
    "oauth.issuer": ("--oauth2-issuer",),
    "oauth.authorization_url": ("--oauth2-authorization-url",),
    "oauth.token_url": ("--oauth2-token-url",),
    "oauth.device_url": ("--oauth2-device-url",),
    "oauth.client_id": ("--oauth2-client-id",),
    "oauth.client_secret": ("--oauth2-client-secret",),
    "oauth.scope": ("--oauth2-scope",),
    "oauth.audience": ("--oauth2-audience",),
    "oauth.resource": ("--oauth2-resource",),
    "oauth.extra": ("--oauth2-param",),
    "oauth.redirect_url": ("--oauth2-redirect",),
    "oauth.parameter": ("--oauth2-query",),
    "aws.access_key": ("-u", "--user"),
    "aws.secret_key": ("-u", "--user"),
    "aws.session_token": ("--aws-session-token",),
    "aws.profile": ("--aws-profile",),
    "aws.region": ("--aws-sigv4",),
    "aws.service": ("--aws-sigv4",),
    "protocol.auth": ("--auth",),
    "protocol.topic": ("--topic",),
    "tls.ca_file": ("--cacert",),
    "tls.trusted_sha256": ("--fingerprint",),
    "tls.certificate_file": ("--cert",),
    "tls.certificate_password": ("--cert",),
    "tls.key_file": ("--key",),
    "proxy.address": ("-x", "--proxy"),
    "proxy.user": ("-x", "--proxy"),
    "proxy.password": ("-x", "--proxy"),
}
# The secrets that are asked for if they are missing, and the fields that say whose they are.
_ASKED = {
    "sign_in.password": "sign_in.user",
    "aws.secret_key": "aws.access_key",
    "oauth.client_secret": "oauth.client_id",
}
# Valid ones, for checking all others.
_UNTIL_ASKED = {"sign_in.password": "", "aws.secret_key": "…", "oauth.client_secret": "…"}
# Sentences for problems that the window describes by its fields.
_SENTENCES = {
    Problem.DUPLICATE: "A --subprotocol is given twice. Offer each subprotocol once.",
    Problem.SUBPROTOCOL_HEADER: "Use --subprotocol in place of the header.",
    Problem.TOKEN_SENT: "--bearer sends this header.",
    Problem.KEY_SENT: "--api-key sends this header.",
    Problem.OAUTH_SENT: "OAuth sends this header.",
    Problem.ENDPOINT_MISSING: "Give it, or --oauth2-issuer.",
    Problem.SIGNATURE_SENT: "--aws-headers sends this header.",
    Problem.KEY_WITHOUT_CERTIFICATE: "--key needs its certificate.",
}
# Lengths are limited only in forms and in the settings file. Cookies of a header and of --cookie
# are joined, and a header Authorization replaces user and password, as in curl.
_ALLOWED = (Problem.TOO_LONG, Problem.TOO_MANY, Problem.COOKIES_SENT, Problem.PASSWORD_SENT)


def connection_plan(given: Mapping[str, Any]) -> ConnectionPlan:
    """Return the plan to connect. Raise UsageError for invalid or contradictory options."""
    _check_cookie_files(given)
    profile = checked_profile(given)
    print_left_out(given)
    for path, user in _ASKED.items():
        if value_at(profile, path) is None:
            typed = ask_password(path, value_at(profile, user), OPTIONS[path])
            profile = with_values(profile, {path: typed})
            _check(profile, given)
    profile = replace(profile, other_sign_ins=tuple(map(_asked, profile.other_sign_ins)))
    try:
        plan = plan_for(endpoint_of(given), profile, _cookie_jar(given))
    except EndpointError as error:
        raise BadParameter(error.explanation, param_hint="URL") from None
    return replace(plan, typed=None)  # the parameters of --query are shown and recorded


def _asked(sign_in: SignIn) -> SignIn:
    """Return a further sign-in with its password, which is asked for if it is missing."""
    path = "sign_in.password"
    if sign_in.method is not SignInMethod.PASSWORD or sign_in.password is not None:
        return sign_in
    return replace(sign_in, password=ask_password(path, sign_in.user, OPTIONS[path]))


def endpoint_of(given: Mapping[str, Any]) -> Endpoint:
    """Return the endpoint of the address, at the Unix socket if one is given."""
    endpoint: Endpoint = given["target"].endpoint  # a name is looked up by now: `with_saved`
    path = given["unix_socket"]
    return endpoint if path is None else replace(endpoint, socket_path=path)


def checked_profile(given: Mapping[str, Any], *, may_have_variables: bool = False) -> Profile:
    """Return the profile of the options over that of a pasted command. Raise UsageError.

    A password that is to be asked for is None. With `may_have_variables`, they stand for anything.
    """
    profile = overlaid(given["target"].profile, profile_of(given))
    asked = {path: _UNTIL_ASKED[path] for path in _ASKED if value_at(profile, path) is None}
    others = (
        replace(one, password="") if one.method is SignInMethod.PASSWORD else one
        for one in profile.other_sign_ins
    )
    complete = with_values(replace(profile, other_sign_ins=tuple(others)), asked)
    _check(complete, given, may_have_variables=may_have_variables)
    return profile


def _check(profile: Profile, given: Mapping[str, Any], *, may_have_variables: bool = False) -> None:
    # An unreadable file is not bad usage: the handshake fails with the reason.
    for error in validate(profile, is_file=lambda _path: True):
        is_open = may_have_variables and has_variables(str(value_at(profile, error.path)))
        if error.problem not in _ALLOWED and not is_open:
            missing = missing_secret(error, profile, given, OPTIONS[error.path])
            raise missing or _bad_parameter(error)


def profile_of(given: Mapping[str, Any]) -> Profile:
    """Return the options' values as a profile, which may be invalid.

    `given` must have the request and network options and the timeouts; other options may be
    missing.
    """
    first, *others = [*_sign_ins(given)] or [SignIn()]
    if (saved := changed_sign_in(given)) is not None:
        others = [*saved.other_sign_ins, *others]
    return Profile(
        request=_request(given),
        sign_in=first,
        tls=_tls(given),
        proxy=_proxy(given["proxy"]),
        limits=_limits(given),
        pings=_pings(given),
        reconnect=_reconnect(given.get("reconnect")),
        aws=_aws(given),
        oauth=oauth_of(given),
        schemas=schema_files(given),
        protocol=protocol_of(given),
        other_sign_ins=tuple(others),
    )


def _request(given: Mapping[str, Any]) -> RequestSettings:
    default = RequestSettings()
    max_redirects: int | None = given["max_redirs"]
    cookies = (one for one in given["cookie"] if not isinstance(one, CookieSource))
    return RequestSettings(
        headers=given["header"],
        query=given["query"],
        cookies=tuple(pair for pairs in cookies for pair in pairs),
        subprotocols=given["subprotocol"],
        compression=not given["no_compress"],
        follow_redirects=not given["no_redirect"],
        max_redirects=default.max_redirects if max_redirects is None else max_redirects,
    )


def _sign_ins(given: Mapping[str, Any]) -> Iterator[SignIn]:
    if uses_oauth(given):
        yield SignIn(SignInMethod.OAUTH)
    if given["aws_sigv4"] is not None:
        yield SignIn(SignInMethod.AWS)
    elif given["user"] is not None:
        user, colon, password = given["user"].partition(":")
        yield SignIn(SignInMethod.PASSWORD, user=user, password=password if colon else None)
    if given["bearer"] is not None:
        yield SignIn(SignInMethod.BEARER, token=given["bearer"])
    for key in given["api_key"]:
        method = SignInMethod.KEY_IN_QUERY if key.in_query else SignInMethod.KEY_IN_HEADER
        yield SignIn(method, key_name=key.name, key_value=key.value)


def _aws(given: Mapping[str, Any]) -> AwsSettings:
    if given["aws_sigv4"] is None:
        for name in ("aws_session_token", "aws_profile", "aws_headers"):
            if given[name]:
                option = f"--{name.replace('_', '-')}"
                raise UsageError(f"Invalid value for '{option}': it needs --aws-sigv4.")
        return AwsSettings()
    access_key, colon, secret_key = (given["user"] or "").partition(":")
    region, service = given["aws_sigv4"]
    return AwsSettings(
        access_key=access_key,
        secret_key=secret_key if colon or not access_key else None,
        session_token=given["aws_session_token"] or "",
        region=region,
        service=service,
        profile=given["aws_profile"] or "",
        form=AwsForm.HEADERS if given["aws_headers"] else AwsForm.QUERY,
    )


def _tls(given: Mapping[str, Any]) -> TlsSettings:
    certificate, password = split_certificate(given["cert"] or "")
    return TlsSettings(
        verify=not given["insecure"],
        ca_file=given["cacert"] or "",
        trusted_sha256=given["fingerprint"] or "",
        certificate_file=certificate,
        key_file=given["key"] or "",
        certificate_password=password or "",
    )


def _proxy(given: str | None) -> ProxySettings:
    if given is None:
        return ProxySettings()
    if given in (DIRECT, ""):  # empty as in curl
        return ProxySettings(ProxyChoice.NONE)
    given = with_scheme(given)
    credentials, _, _ = given.partition("://")[2].rpartition("@")
    user, _, password = credentials.partition(":")
    return ProxySettings(
        ProxyChoice.CUSTOM, without_credentials(given), unquote(user), unquote(password)
    )


def _limits(given: Mapping[str, Any]) -> Limits:
    return Limits(
        connect_timeout=min(given["connect_timeout"], given.get("timeout") or math.inf),
        close_timeout=given["close_timeout"],
        max_message=given.get("max_message", Limits().max_message),
        check_text=not given.get("lenient", False),
    )


def _pings(given: Mapping[str, Any]) -> PingSettings:
    interval, timeout = given.get("ping"), given.get("ping_timeout")
    answer = not given.get("no_pong", False)
    if interval is not None:
        return PingSettings(answer, True, interval, timeout or interval)
    if timeout is not None:
        raise UsageError("Invalid value for '--ping-timeout': it needs --ping.")
    return PingSettings(answer)


def _reconnect(attempts: int | None) -> Reconnect:
    if attempts is None:
        return Reconnect()
    waits = Backoff()
    return Reconnect(True, attempts, waits.first, waits.longest)


def _bad_parameter(error: ValidationError) -> BadParameter:
    sentence = _SENTENCES.get(error.problem) or validation_words(error)
    return BadParameter(sentence, param_hint=list(OPTIONS[error.path]))


def _check_cookie_files(given: Mapping[str, Any]) -> None:
    for source in given["cookie"]:
        # The file of --cookie-jar does not exist before the first run.
        is_missing = isinstance(source, CookieSource) and source.cookies is None
        if is_missing and source.path != given["cookie_jar"]:
            raise BadParameter(
                f"There is no file “{source.path}”. "
                "Write NAME=VALUE for a cookie, or the name of a cookie file.",
                param_hint=list(OPTIONS["request.cookies"]),
            )


def _cookie_jar(given: Mapping[str, Any]) -> CookieJar:
    sources = [one for one in given["cookie"] if isinstance(one, CookieSource)]
    cookies = [cookie for source in sources for cookie in source.cookies or ()]
    path = given["cookie_jar"]
    return CookieJar(cookies, None if path is None else lambda jar: write(jar, path))
