"""OAuth 2 and AWS's signature in a copied connection: as options, or named as left out."""

from __future__ import annotations

import shlex
from dataclasses import replace
from enum import StrEnum
from urllib.parse import parse_qsl

from spacebeam.net.sigv4 import scope_of
from spacebeam.profiles.profile import (
    AwsForm,
    AwsSettings,
    OAuthGrant,
    OAuthSettings,
    Profile,
    Secret,
    SignInMethod,
    TokenPlace,
)
from spacebeam.protocol.endpoint import EndpointError, parse
from spacebeam.protocol.secrets import MASK, is_secret_name

_GRANTS = {OAuthGrant.CODE: "code", OAuthGrant.CLIENT: "client", OAuthGrant.DEVICE: "device"}


class CopyPart(StrEnum):
    """What a copy may have no place for, as a comment in it says it."""

    HEADERS = "the headers"
    PROTOCOL = "the protocol, which is not opened"
    TRUST = "the unchecked certificate"
    OAUTH = "the sign-in with OAuth 2"
    AWS = "the signature for AWS"
    AWS_IN_QUERY = "the place of AWS's signature, which curl sends in headers"
    PROXY = "the proxy"
    AUTHORITIES = "the certificate authorities"
    CERTIFICATE = "the client certificate"


def left_out_sign_ins(profile: Profile) -> list[CopyPart]:
    """Return the sign-ins that only curl and Spacebeam have options for."""
    names = {SignInMethod.OAUTH: CopyPart.OAUTH, SignInMethod.AWS: CopyPart.AWS}
    return [names[profile.sign_in.method]] if profile.sign_in.method in names else []


def left_out_by_curl(profile: Profile) -> list[CopyPart]:
    """Return the sign-ins that curl has no options for: it reads no files of AWS."""
    if profile.sign_in.method is not SignInMethod.AWS or not profile.aws.access_key:
        return left_out_sign_ins(profile)
    if profile.aws.form is AwsForm.QUERY:
        return [CopyPart.AWS_IN_QUERY]
    return []


def curl_sign_in(url: str, profile: Profile, *, with_secrets: bool) -> list[str]:
    """Return curl's options for AWS's signature."""
    aws = profile.aws
    if profile.sign_in.method is not SignInMethod.AWS or not aws.access_key:
        return []
    words = _aws_words(_with_scope(url, aws), with_secrets)
    if aws.session_token != "":
        token = _shown(aws.session_token, with_secrets)
        words.append(_option("--header", f"X-Amz-Security-Token: {token}"))
    return words


def spacebeam_sign_in(profile: Profile, *, with_secrets: bool) -> list[str]:
    """Return Spacebeam's options for AWS's signature or OAuth 2."""
    match profile.sign_in.method:
        case SignInMethod.AWS:
            return _spacebeam_aws(profile.aws, with_secrets)
        case SignInMethod.OAUTH:
            return _spacebeam_oauth(profile.oauth, with_secrets)
    return []


def lacks_aws_secret(profile: Profile, *, with_secrets: bool) -> bool:
    """Return whether the secret of an access key is left out, without a mask in its place."""
    is_signed = profile.sign_in.method is SignInMethod.AWS and bool(profile.aws.access_key)
    return is_signed and not (with_secrets and profile.aws.secret_key)


def _with_scope(url: str, aws: AwsSettings) -> AwsSettings:
    """Return the settings with what the host's name tells: curl knows fewer names."""
    try:
        known = scope_of(parse(url).host)
    except EndpointError:
        return aws
    return replace(aws, region=aws.region or known.region, service=aws.service or known.service)


def _aws_words(aws: AwsSettings, with_secrets: bool) -> list[str]:
    scope = ":".join(("aws", "amz", aws.region, aws.service)).rstrip(":")
    words = [_option("--aws-sigv4", scope)]
    if aws.access_key:
        has_secret = with_secrets and aws.secret_key
        words.append(
            _option(
                "--user", f"{aws.access_key}:{aws.secret_key}" if has_secret else aws.access_key
            )
        )
    return words


def _spacebeam_aws(aws: AwsSettings, with_secrets: bool) -> list[str]:
    words = _aws_words(aws, with_secrets)
    if aws.access_key and aws.session_token != "":
        words.append(_option("--aws-session-token", _shown(aws.session_token, with_secrets)))
    if aws.profile:
        words.append(_option("--aws-profile", aws.profile))
    if aws.form is AwsForm.HEADERS:
        words.append("--aws-headers")
    return words


def _spacebeam_oauth(oauth: OAuthSettings, with_secrets: bool) -> list[str]:
    secret = "" if oauth.client_secret == "" else _shown(oauth.client_secret, with_secrets)
    given = {
        "--oauth2-issuer": oauth.issuer,
        "--oauth2-authorization-url": oauth.authorization_url,
        "--oauth2-token-url": oauth.token_url,
        "--oauth2-device-url": oauth.device_url,
        "--oauth2-client-id": oauth.client_id,
        "--oauth2-client-secret": secret,
        "--oauth2-grant": _GRANTS[oauth.grant],
        "--oauth2-client-auth": oauth.authentication.value,
        "--oauth2-scope": oauth.scope,
        "--oauth2-audience": oauth.audience,
        "--oauth2-resource": oauth.resource,
        "--oauth2-redirect": oauth.redirect_url,
        "--oauth2-query": oauth.parameter if oauth.place is TokenPlace.QUERY else "",
    }
    words = [_option(name, value) for name, value in given.items() if value]
    extra = parse_qsl(oauth.extra, keep_blank_values=True)
    for name, value in extra:
        is_hidden = not with_secrets and is_secret_name(name)
        words.append(_option("--oauth2-param", f"{name}={MASK if is_hidden else value}"))
    return words


def _option(name: str, value: str) -> str:
    return f"{name} {shlex.quote(value)}"


def _shown(secret: Secret, with_secrets: bool) -> str:
    return secret if with_secrets and secret is not None else MASK
